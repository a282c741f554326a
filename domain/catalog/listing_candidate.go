package catalog

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Candidate is a product that a list of a scope may have, with all that its filters ask for. A store that searches by
// itself, as a database does, needs none.
type Candidate struct {
	Product Product // As stored.
	Brand   *Brand  // As stored; nil for none, or for one that the product has by name only.
	Price   VariantPrice
	InStock bool
	Words   *Words // Product.Words, of a store that keeps them; nil for none.
}

// BrandWords gives the words of the brand, which may be one that the product has by name only.
func (c Candidate) BrandWords() Words {
	if c.Brand != nil {
		return c.Brand.Words()
	}
	return Brand{Text: Text{Name: c.Product.Brand}}.Words()
}

// productWords gives the words of the product.
func (c Candidate) productWords() Words {
	if c.Words != nil {
		return *c.Words
	}
	return c.Product.Words()
}

// Filter is a query made ready to be asked of many candidates. Immutable.
type Filter struct {
	query      ListingQuery
	search     Search
	categories map[ref.CategoryID]bool
}

// NewFilter makes the query ready, with the shop's tree of categories.
func NewFilter(q ListingQuery, tree Tree) Filter {
	f := Filter{query: q, search: NewSearch(q.Text, false), categories: map[ref.CategoryID]bool{}}
	for _, slug := range q.Categories {
		if root, ok := tree.BySlug(slug); ok {
			for _, c := range tree.Subtree(root.ID) {
				f.categories[c.ID] = true
			}
		}
	}
	return f
}

// Among gives the filter as it is among all candidates of a scope: when none of them has all words of the text, words
// count that are nearly so.
func (f Filter) Among(candidates []Candidate) Filter {
	for _, c := range candidates {
		if _, ok := f.rank(c); ok {
			return f
		}
	}
	f.search = NewSearch(f.query.Text, true)
	return f
}

// Passes tells whether the candidate passes all filters, and how well it matches the text.
func (f Filter) Passes(c Candidate) (rank int, ok bool) {
	if !f.admits(c, "") {
		return 0, false
	}
	return f.rank(c)
}

// rank tells whether the candidate has the words of the text, and how well they match.
func (f Filter) rank(c Candidate) (int, bool) {
	if len(f.search.words) == 0 {
		return 0, true
	}
	return f.search.Rank(c.productWords(), c.BrandWords())
}

// admits tells whether the candidate passes all filters but the text and that of the facet, "" for none.
func (f Filter) admits(c Candidate, but string) bool {
	q, price := f.query, c.Price.Price.Micro()
	switch {
	case q.PriceMin != nil && price < q.PriceMin.Micro(), q.PriceMax != nil && price > q.PriceMax.Micro():
		return false
	case but != FacetInStock && q.InStock != nil && *q.InStock != c.InStock:
		return false
	case but != FacetFeatured && q.Featured != nil && *q.Featured != c.Product.Featured:
		return false
	case but != FacetBrand && len(q.Brands) > 0 && (c.Brand == nil || !slices.Contains(q.Brands, c.Brand.Slug)):
		return false
	case but == FacetCategory || len(q.Categories) == 0:
		return true
	}
	return slices.ContainsFunc(c.Product.Categories, func(id ref.CategoryID) bool { return f.categories[id] })
}

// List gives the page of the candidates that pass; they are all of the scope.
func (f Filter) List(candidates []Candidate, scope ref.Scope) ListingPage {
	f = f.Among(candidates)
	sort, after := f.query.Sort, f.query.After
	var all []Listed
	for _, c := range candidates {
		if rank, ok := f.Passes(c); ok {
			all = append(all, c.listed(scope.Locale, rank))
		}
	}
	more := false
	if f.query.Ranks() {
		all, more = newest(all, f.query.BreadthOrMax(), func(l Listed) ListingPlace { return l.Place })
	}
	all = slices.DeleteFunc(all, func(l Listed) bool { return after != nil && sort.Compare(l.Place, *after) <= 0 })
	slices.SortFunc(all, func(a, b Listed) int { return sort.Compare(a.Place, b.Place) })
	page := cut(all, f.query.Limit)
	page.Approximate = more
	return page
}

// newest gives the newest of all, at most so many, and tells whether there are more.
func newest[T any](all []T, most int, place func(T) ListingPlace) (few []T, more bool) {
	if len(all) <= most {
		return all, false
	}
	slices.SortFunc(all, func(a, b T) int { return SortNewest.Compare(place(a), place(b)) })
	return all[:most], true
}

// cut makes the page of a list that begins after the one before.
func cut(all []Listed, limit int) ListingPage {
	if len(all) <= limit {
		return ListingPage{Items: all}
	}
	next := all[limit-1].Place
	return ListingPage{Items: all[:limit], Next: &next}
}

// Tally counts the candidates for facets; they are all of the scope.
func (f Filter) Tally(candidates []Candidate) Tally {
	f = f.Among(candidates)
	t := Tally{Brands: map[ref.BrandID]int64{}, InStock: map[bool]int64{}, Featured: map[bool]int64{}}
	found := slices.DeleteFunc(slices.Clone(candidates), func(c Candidate) bool {
		_, ok := f.rank(c)
		return !ok
	})
	for facet, count := range map[string]func(Candidate){
		FacetBrand: func(c Candidate) {
			if c.Brand != nil {
				t.Brands[c.Brand.ID]++
			}
		},
		FacetCategory: func(c Candidate) {
			t.Categories = append(t.Categories, CategoryTally{Categories: c.Product.Categories, Count: 1})
		},
		FacetInStock:  func(c Candidate) { t.InStock[c.InStock]++ },
		FacetFeatured: func(c Candidate) { t.Featured[c.Product.Featured]++ },
	} {
		counted, more := newest(
			slices.DeleteFunc(slices.Clone(found), func(c Candidate) bool { return !f.admits(c, facet) }), f.query.BreadthOrMax(),
			func(c Candidate) ListingPlace { return ListingPlace{CreatedAt: c.Product.CreatedAt, ID: c.Product.ID} })
		t.Approximate = t.Approximate || more
		for _, c := range counted {
			count(c)
		}
	}
	return t
}
