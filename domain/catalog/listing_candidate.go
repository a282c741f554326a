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
}

// BrandWords gives the words of the brand, which may be one that the product has by name only.
func (c Candidate) BrandWords() Words {
	if c.Brand != nil {
		return c.Brand.Words()
	}
	return Brand{Text: Text{Name: c.Product.Brand}}.Words()
}

// Filter is a query made ready to be asked of many candidates. Immutable.
type Filter struct {
	query      ListingQuery
	words      []string
	categories map[ref.CategoryID]bool
}

// NewFilter makes the query ready, with the shop's tree of categories.
func NewFilter(q ListingQuery, tree Tree) Filter {
	f := Filter{query: q, words: WordsOf(q.Text), categories: map[ref.CategoryID]bool{}}
	for _, slug := range q.Categories {
		if root, ok := tree.BySlug(slug); ok {
			for _, c := range tree.Subtree(root.ID) {
				f.categories[c.ID] = true
			}
		}
	}
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
	if len(f.words) == 0 {
		return 0, true
	}
	return Rank(f.words, c.Product.Words(), c.BrandWords())
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

// List gives the page of the candidates that pass.
func (f Filter) List(candidates []Candidate, scope ref.Scope) ListingPage {
	sort, after := f.query.Sort, f.query.After
	var all []Listed
	for _, c := range candidates {
		rank, ok := f.Passes(c)
		if !ok {
			continue
		}
		if l := c.listed(scope.Locale, rank); after == nil || sort.Compare(l.Place, *after) > 0 {
			all = append(all, l)
		}
	}
	slices.SortFunc(all, func(a, b Listed) int { return sort.Compare(a.Place, b.Place) })
	return cut(all, f.query.Limit)
}

// cut makes the page of a list that begins after the one before.
func cut(all []Listed, limit int) ListingPage {
	if len(all) <= limit {
		return ListingPage{Items: all}
	}
	next := all[limit-1].Place
	return ListingPage{Items: all[:limit], Next: &next}
}

// Tally counts the candidates for facets.
func (f Filter) Tally(candidates []Candidate) Tally {
	t := Tally{Brands: map[ref.BrandID]int64{}, InStock: map[bool]int64{}, Featured: map[bool]int64{}}
	for _, c := range candidates {
		if _, ok := f.rank(c); !ok {
			continue
		}
		if f.admits(c, FacetBrand) && c.Brand != nil {
			t.Brands[c.Brand.ID]++
		}
		if f.admits(c, FacetCategory) {
			t.Categories = append(t.Categories, CategoryTally{Categories: c.Product.Categories, Count: 1})
		}
		if f.admits(c, FacetInStock) {
			t.InStock[c.InStock]++
		}
		if f.admits(c, FacetFeatured) {
			t.Featured[c.Product.Featured]++
		}
	}
	return t
}
