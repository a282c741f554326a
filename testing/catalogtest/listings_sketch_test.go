package catalogtest_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
)

// shelves are the smallest store of lists that keeps the contract, with places where it can be broken.
type shelves struct {
	inventory.Stock // The reads that the suite does not make.

	flaw       listingFlaw
	mu         sync.Mutex
	products   map[ref.ProductID]catalog.Product
	brands     map[ref.BrandID]catalog.Brand
	saved      map[ref.ProductID]catalog.Brand // Brands as they were when their products were saved.
	categories map[ref.CategoryID]catalog.Category
	plans      map[pricing.Key]pricing.Plan
	stock      map[ref.SKU]int64
	counted    map[ref.SKU]int64 // Without claims.
	old        map[ref.SKU]int64 // As it was when a product was saved.
	claims     map[ref.ClaimID]ordering.StockEffect
	policies   map[ref.SKU]inventory.Policy
}

func newShelves(f listingFlaw) *shelves {
	return &shelves{
		flaw: f, products: map[ref.ProductID]catalog.Product{}, brands: map[ref.BrandID]catalog.Brand{}, saved: map[ref.ProductID]catalog.Brand{},
		categories: map[ref.CategoryID]catalog.Category{}, plans: map[pricing.Key]pricing.Plan{}, stock: map[ref.SKU]int64{},
		counted: map[ref.SKU]int64{}, policies: map[ref.SKU]inventory.Policy{}, old: map[ref.SKU]int64{}, claims: map[ref.ClaimID]ordering.StockEffect{},
	}
}

func (s *shelves) harness() catalogtest.ListingsHarness {
	return catalogtest.ListingsHarness{Listings: s, Catalog: s, Pricing: shelfPrices{s}, Stock: shelfStock{shelves: s}, Ordering: shelfOrders{s}}
}

// The committers keep what they are given; none judges.
type (
	shelfPrices struct{ *shelves }
	shelfOrders struct{ *shelves }
	shelfStock  struct {
		inventory.Stock
		shelves *shelves
	}
)

func (s *shelves) Commit(_ context.Context, c catalog.Commit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range c.Brands {
		s.brands[w.State.ID] = w.State
	}
	for _, w := range c.Categories {
		s.categories[w.State.ID] = w.State
	}
	for _, w := range c.Products {
		w.State.Variants = slices.Clone(w.State.Variants)
		s.products[w.State.ID], s.saved[w.State.ID] = w.State, s.brands[w.State.BrandID]
		for _, v := range w.State.Variants {
			s.old[v.SKU] = s.stock[v.SKU]
		}
	}
	return nil
}

func (p shelfPrices) Commit(_ context.Context, c pricing.Commit) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range c.Plans {
		if old := p.plans[w.State.Key]; p.flaw != firstPrices || len(old.Prices) == 0 || len(w.State.Prices) == 0 {
			p.plans[w.State.Key] = w.State
		}
	}
	return nil
}

func (k shelfStock) Commit(_ context.Context, c inventory.Commit) error {
	k.shelves.mu.Lock()
	defer k.shelves.mu.Unlock()
	for _, w := range c.Policies {
		k.shelves.policies[w.State.SKU] = w.State
	}
	for _, a := range c.Adjustments {
		k.shelves.stock[a.SKU] += a.Delta
		k.shelves.counted[a.SKU] += a.Delta
	}
	return nil
}

func (o shelfOrders) Commit(_ context.Context, c ordering.Commit) (ordering.Outcome, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, e := range c.Stock {
		switch e.Kind {
		case ordering.StockClaim:
			o.claims[e.Claim] = e
			o.stock[e.SKU] -= e.Quantity
		case ordering.StockRelease, ordering.StockRestock:
			o.stock[e.SKU] += o.claims[e.Claim].Quantity
		default:
		}
	}
	return ordering.Outcome{}, nil
}

// candidates are the products on sale.
func (s *shelves) candidates(scope ref.Scope) []catalog.Candidate {
	var out []catalog.Candidate
	for _, p := range s.products {
		if s.flaw == listsDrafts && p.Status == catalog.Draft {
			p.Status = catalog.Active
		}
		channel := scope.Channel
		if s.flaw == listsAnyChannel && len(p.Listings) > 0 {
			channel = p.Listings[0].Channel
		}
		if w, ok := p.Shown(channel); !ok || !w.Open(scope.At) && s.flaw != listsAnyTime {
			continue
		}
		price, skus, ok := s.cheapest(p, scope)
		if !ok && s.flaw != listsUnpriced {
			continue
		}
		c := catalog.Candidate{Product: p, Price: price, InStock: slices.ContainsFunc(skus, func(sku ref.SKU) bool { return s.inStock(sku, scope.At) })}
		if b, named := s.brands[p.BrandID]; named {
			c.Brand = &b
		}
		out = append(out, c)
	}
	return out
}

func (s *shelves) inStock(sku ref.SKU, at time.Time) bool {
	p := s.policies[sku] // What is owed is stock below 0.
	switch s.flaw {
	case stockAtProduct:
		return s.old[sku] > 0
	case stockWithoutClaim:
		return s.counted[sku] > 0
	case stockWithoutPromise:
		return s.stock[sku] > 0
	default:
		return s.stock[sku] > 0 || -s.stock[sku] < p.Limit && (p.Kind == inventory.Backorder || at.Before(p.Until))
	}
}

// cheapest is catalog.Product.Cheapest, where it can be broken.
func (s *shelves) cheapest(p catalog.Product, scope ref.Scope) (catalog.VariantPrice, []ref.SKU, bool) {
	price := func(id ref.VariantID) (catalog.VariantPrice, bool) {
		plan, at := s.plans[pricing.Key{Variant: id, Channel: scope.Channel, Currency: scope.Currency}], scope.At
		r, ok := plan.At(at)
		if standing, always := plan.At(plan.Since); s.flaw == standingPrices && ok && always {
			r = standing
		}
		out := catalog.VariantPrice{Price: r.Amount, CompareAt: r.CompareAt, Lowest30: r.Lowest30}
		switch s.flaw {
		case forgetsLowest:
			out.Lowest30 = nil
		case forgetsCompareAt:
			out.CompareAt = nil
		case sharesPrices:
		default:
			out.CompareAt, out.Lowest30 = own(out.CompareAt), own(out.Lowest30)
		}
		return out, ok
	}
	low, skus, ok := p.Cheapest(scope.Channel, price)
	for _, v := range p.Variants {
		found, priced := price(v.ID)
		if !ok || !priced {
			continue
		}
		dearer := s.flaw == dearestVariant && v.SoldIn(scope.Channel) && found.Price.Micro() > low.Price.Micro()
		gone := s.flaw == retiredVariant && v.Retired && found.Price.Micro() < low.Price.Micro()
		if dearer || gone {
			low = found
		}
	}
	if s.flaw == stockOfUnpriced {
		skus = nil
		for _, v := range p.Variants {
			if v.SoldIn(scope.Channel) {
				skus = append(skus, v.SKU)
			}
		}
	}
	return low, skus, ok
}

func own(u *money.UnitPrice) *money.UnitPrice {
	if u == nil {
		return nil
	}
	out := *u
	return &out
}

func (s *shelves) tree(scope ref.Scope) catalog.Tree {
	var all []catalog.Category
	for _, c := range s.categories {
		all = append(all, c.In(scope))
	}
	return catalog.NewTree(all)
}

// asked is the query, where it can be broken, with the tree in which it is asked.
func (s *shelves) asked(q catalog.ListingQuery, tree catalog.Tree) (catalog.ListingQuery, catalog.Tree) {
	switch s.flaw {
	case anyBrand:
		q.Brands = q.Brands[:min(len(q.Brands), 1)]
	case oneLevel:
		var flat []catalog.Category
		for _, c := range s.categories {
			c.Parent = ref.CategoryID{}
			flat = append(flat, c)
		}
		tree = catalog.NewTree(flat)
	case exclusivePrice:
		if q.PriceMax != nil && q.PriceMin != nil {
			below := money.NewUnitPrice(q.PriceMax.Micro()-1, q.PriceMax.Currency())
			q.PriceMax = &below
		}
	case ignoresStock:
		q.InStock = nil
	default:
	}
	return q, tree
}

func (s *shelves) List(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (catalog.ListingPage, error) {
	if ctx.Err() != nil && s.flaw != servesGone {
		return catalog.ListingPage{}, fault.Down.New("the caller has left")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	limit, after := q.Limit, q.After
	q, tree := s.asked(q, s.tree(scope))
	q.Limit, q.After = 1<<30, nil
	candidates := s.bounded(&q, tree, s.mistyped(q, tree, s.searched(&q, s.candidates(scope))))
	page := catalog.NewFilter(q, tree).List(candidates, scope)
	page.Approximate = s.flaw != neverSays && (page.Approximate || s.flaw == alwaysSays && q.Ranks() && len(page.Items) == q.BreadthOrMax())
	for i := range page.Items {
		s.spoil(&page.Items[i], scope)
	}
	compare := s.compare(q.Sort)
	slices.SortFunc(page.Items, func(a, b catalog.Listed) int { return compare(a.Place, b.Place) })
	if after != nil {
		page.Items = slices.DeleteFunc(page.Items, func(l catalog.Listed) bool {
			switch s.flaw {
			case skipsTies:
				return q.Sort.Compare(tied(l.Place, *after), *after) <= 0
			case repeatsLast:
				return compare(l.Place, *after) < 0
			default:
				return compare(l.Place, *after) <= 0
			}
		})
	}
	if len(page.Items) > limit || s.flaw == falseNext && len(page.Items) == limit && limit < catalog.PageMax {
		page.Items = page.Items[:limit]
		next := page.Items[limit-1].Place
		page.Next = &next
	}
	return page, nil
}

// tied is the place with the id of the other one.
func tied(p, o catalog.ListingPlace) catalog.ListingPlace {
	p.ID = o.ID
	return p
}

// spoil breaks what a list shows of a product.
func (s *shelves) spoil(l *catalog.Listed, scope ref.Scope) {
	p := s.products[l.ID]
	switch s.flaw {
	case ownLanguage:
		l.Title = p.Title
	case ownBrandNames:
		l.Brand = p.Brand
		if b, named := s.brands[p.BrandID]; named {
			l.Brand = b.Name
		}
	case savedBrands:
		if b := s.saved[l.ID]; !p.BrandID.IsZero() {
			l.Brand = b.In(scope).Name
		}
	case anyPicture:
		if len(p.Media) > 0 {
			l.Image = p.Media[0]
		}
	case forgetsFeatured:
		l.Featured = false
	case flatRanks:
		l.Place.Rank = 0
	default:
	}
}

// compare is the order of a list, where it can be broken.
func (s *shelves) compare(sort catalog.ListingSort) func(a, b catalog.ListingPlace) int {
	switch {
	case s.flaw == unstableTies && sort == catalog.SortPriceDown:
		return func(a, b catalog.ListingPlace) int { return cmp.Or(cmp.Compare(b.Price, a.Price), a.ID.Compare(b.ID)) }
	case s.flaw == foldsNames && sort == catalog.SortName:
		plain := strings.NewReplacer("é", "e")
		return func(a, b catalog.ListingPlace) int {
			return cmp.Or(cmp.Compare(plain.Replace(a.Name), plain.Replace(b.Name)), a.ID.Compare(b.ID))
		}
	default:
		return sort.Compare
	}
}

func (s *shelves) Facets(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (catalog.Facets, error) {
	if ctx.Err() != nil && s.flaw != servesGone {
		return catalog.Facets{}, fault.Down.New("the caller has left")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	tree := s.tree(scope)
	candidates := s.candidates(scope)
	var brands []catalog.Brand
	for _, b := range s.brands {
		brands = append(brands, b.In(scope))
	}
	if s.flaw == plainFacets && !s.found(q, tree, candidates) {
		candidates = nil
	}
	if s.flaw == countEverything {
		q.Breadth = 0
	}
	filter := catalog.NewFilter(q, tree).Among(candidates)
	if s.flaw == narrowFacets {
		candidates = slices.DeleteFunc(candidates, func(c catalog.Candidate) bool {
			_, ok := filter.Passes(c)
			return !ok
		})
	}
	tally := filter.Tally(candidates)
	if s.flaw == doubleFacets {
		var split []catalog.CategoryTally
		for _, t := range tally.Categories {
			for _, id := range t.Categories {
				split = append(split, catalog.CategoryTally{Categories: []ref.CategoryID{id}, Count: t.Count})
			}
		}
		tally.Categories = split
	}
	tally.Approximate = tally.Approximate && s.flaw != silentFacets
	facets := tally.Facets(q, brands, tree)
	for i, f := range facets.Items {
		facets.Items[i].Values = slices.DeleteFunc(f.Values, func(v catalog.FacetValue) bool { return s.flaw == hidesSelected && v.Count == 0 })
		for j, v := range f.Values {
			if c, ok := tree.BySlug(v.Value); ok && f.Name == catalog.FacetCategory && s.flaw == flatFacets {
				facets.Items[i].Values[j].Count = 0
				for _, t := range tally.Categories {
					if slices.Contains(t.Categories, c.ID) {
						facets.Items[i].Values[j].Count += t.Count
					}
				}
			}
		}
	}
	return facets, nil
}
