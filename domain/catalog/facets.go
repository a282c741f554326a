package catalog

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// The names of facets, which are those of the filters too.
const (
	FacetCategory = "category"
	FacetBrand    = "brand"
	FacetInStock  = "in_stock"
	FacetFeatured = "featured"
)

// Facets are the ways to narrow a list down.
type Facets struct {
	Items       []Facet
	Approximate bool // Of a facet there are more products than were counted.
}

// Facet is one way to narrow a list down.
type Facet struct {
	Name   string
	Values []FacetValue
}

// FacetValue is one choice of a facet: how many products the list has when it is chosen in the place of whatever is
// chosen in this facet, and all other filters stay.
type FacetValue struct {
	Value    string // What the filter is set to: a slug, "true" or "false".
	Name     string // For people, in the scope's locale; "" where Value says it.
	Count    int64
	Selected bool
}

// Tally counts products for facets. A product is counted in a facet when it passes all filters but the facet's own, and
// is among the newest of these, as many as the query's breadth; a store that counts by itself fills it in.
type Tally struct {
	Brands      map[ref.BrandID]int64 // Of each brand.
	Categories  []CategoryTally       // Of each set of categories.
	InStock     map[bool]int64
	Featured    map[bool]int64
	Approximate bool // There are more in a facet.
}

// CategoryTally counts the products that are in just these categories.
type CategoryTally struct {
	Categories []ref.CategoryID
	Count      int64
}

// Facets makes facets of counts, with the brands that they name and those that the query does, and the tree. Values
// without a product are left out, but for selected ones. Brands come by count, the largest first, then by slug;
// categories in the order of the tree, a product of several below one counted once.
func (t Tally) Facets(q ListingQuery, brands []Brand, tree Tree) Facets {
	return Facets{Approximate: t.Approximate, Items: []Facet{
		{Name: FacetCategory, Values: t.categories(q, tree)},
		{Name: FacetBrand, Values: t.brands(q, brands)},
		{Name: FacetInStock, Values: binary(t.InStock, q.InStock)},
		{Name: FacetFeatured, Values: binary(t.Featured, q.Featured)},
	}}
}

func (t Tally) brands(q ListingQuery, brands []Brand) []FacetValue {
	var out []FacetValue
	for _, b := range brands {
		v := FacetValue{Value: b.Slug, Name: b.Name, Count: t.Brands[b.ID], Selected: slices.Contains(q.Brands, b.Slug)}
		if v.Count > 0 || v.Selected {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b FacetValue) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value)) })
	return out
}

func (t Tally) categories(q ListingQuery, tree Tree) []FacetValue {
	counts := map[ref.CategoryID]int64{}
	for _, set := range t.Categories {
		within := map[ref.CategoryID]bool{}
		for _, id := range set.Categories {
			for _, above := range tree.Path(id) {
				within[above.ID] = true
			}
		}
		for id := range within {
			counts[id] += set.Count
		}
	}
	var out []FacetValue
	for _, c := range tree.Subtree(ref.CategoryID{}) {
		v := FacetValue{Value: c.Slug, Name: c.Name, Count: counts[c.ID], Selected: slices.Contains(q.Categories, c.Slug)}
		if v.Count > 0 || v.Selected {
			out = append(out, v)
		}
	}
	return out
}

// binary gives the values of a facet that holds or does not.
func binary(counts map[bool]int64, selected *bool) []FacetValue {
	var out []FacetValue
	for _, value := range []bool{true, false} {
		v := FacetValue{Value: strconv.FormatBool(value), Count: counts[value], Selected: selected != nil && *selected == value}
		if v.Count > 0 || v.Selected {
			out = append(out, v)
		}
	}
	return out
}
