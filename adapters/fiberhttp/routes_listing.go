package fiberhttp

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

type listProductsInput struct {
	Scoped
	Conditional

	Query    string   `query:"q" maxLength:"255" doc:"Words that are all words of the product or begin one: of its title, brand, SKUs, barcodes, type, tags, option values, and the beginning of its description. Marks of Latin letters do not count. When no product has all of them, words of four letters may have a typo, and of eight letters two."`
	Category []string `query:"category" maxItems:"50" doc:"Slugs of categories, with commas between; the products of one of them or below."`
	Brand    []string `query:"brand" maxItems:"50" doc:"Slugs of brands, with commas between; the products of one of them."`
	PriceMin string   `query:"price_min" maxLength:"32" example:"5.00" doc:"An amount in the currency of the scope: the products that cost as much or more."`
	PriceMax string   `query:"price_max" maxLength:"32" example:"20.00" doc:"An amount in the currency of the scope: the products that cost as much or less."`
	InStock  string   `query:"in_stock" enum:"true,false" doc:"Those that can be bought now, or those that cannot."`
	Featured string   `query:"featured" enum:"true,false" doc:"Those that are featured, or those that are not."`
	Sort     string   `query:"sort" enum:"newest,price,-price,name,relevance" default:"newest" doc:"Order of the list: newest first, cheapest or dearest first, by title, or best match of q first, which ranks 5,000 products at most, the newest."`
	Facets   bool     `query:"facets" doc:"Whether to count, beside the page, what each further filter would leave; of 5,000 products at most, the newest."`
	Limit    int      `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Most items of the page."`
	Cursor   string   `query:"cursor" doc:"The next_cursor of the page before; without it the first page."`
}

// facet is one way to narrow a list down.
type facet struct {
	Name   string       `json:"name" enum:"category,brand,in_stock,featured" doc:"The parameter that it is."`
	Values []facetValue `json:"values"`
}

type facetValue struct {
	Value    string `json:"value" doc:"What the parameter is set to."`
	Name     string `json:"name" doc:"For people; empty where value says it."`
	Count    int64  `json:"count" doc:"How many products the list has when this is chosen in the place of whatever is chosen here."`
	Selected bool   `json:"selected"`
}

func (r *routes) listProducts(ctx context.Context, in *listProductsInput) (*catalogueRead, error) {
	scope, err := r.scope(in.Scoped)
	if err != nil {
		return nil, err
	}
	query, err := in.listingQuery(scope)
	if err != nil {
		return nil, err
	}
	page, err := r.Catalog.Listings(ctx, scope, query)
	if err != nil {
		return nil, err
	}
	out := productPage{Items: make([]ProductSummary, len(page.Items)), Approximate: page.Approximate}
	for i, l := range page.Items {
		out.Items[i] = summaryOfListed(l)
	}
	if page.Next != nil {
		next := in.cursorOf(scope, *page.Next)
		out.NextCursor = &next
	}
	if in.Facets {
		facets, err := r.Catalog.Facets(ctx, scope, query)
		if err != nil {
			return nil, err
		}
		out.Facets = facetsOf(facets.Items)
		out.Approximate = out.Approximate || facets.Approximate
	}
	return r.server.readOf(ctx, in.Conditional, out, catalog.TagCatalogue, catalog.TagTurns)
}

// listingQuery reads what was asked for; the rules are the catalogue's.
func (in *listProductsInput) listingQuery(scope ref.Scope) (catalog.ListingQuery, error) {
	out := catalog.ListingQuery{
		Text: in.Query, Categories: in.Category, Brands: in.Brand, InStock: choice(in.InStock), Featured: choice(in.Featured),
		Sort: catalog.ListingSort(in.Sort), Limit: in.Limit,
	}
	var wrong []*fault.Error
	for _, bound := range []struct {
		name, text string
		into       **money.UnitPrice
	}{{"price_min", in.PriceMin, &out.PriceMin}, {"price_max", in.PriceMax, &out.PriceMax}} {
		if bound.text == "" {
			continue
		}
		price, err := money.ParseUnitPrice(bound.text, scope.Currency)
		if err != nil {
			wrong = append(wrong, fault.Of(err).At(bound.name))
		}
		*bound.into = &price
	}
	if err := fault.Collect(wrong); err != nil || in.Cursor == "" {
		return out, err
	}
	if out.Sort == catalog.SortNewest {
		place, err := parseCursor(newestList, in.Cursor)
		out.After = &catalog.ListingPlace{CreatedAt: place.CreatedAt, ID: place.ID}
		return out, err
	}
	place, err := parsePlace[listedPlace](in.list(scope), in.Cursor)
	out.After = place.listingPlace()
	return out, err
}

// list names the list that a place is in: places by price are of one currency, those by relevance of one search.
func (in *listProductsInput) list(scope ref.Scope) string {
	name := "products/" + in.Sort
	switch catalog.ListingSort(in.Sort) {
	case catalog.SortPrice, catalog.SortPriceDown:
		return name + "/" + scope.Currency.Code()
	case catalog.SortRelevance:
		return name + "/" + in.Query
	default:
		return name
	}
}

// cursorOf writes where the page ended.
func (in *listProductsInput) cursorOf(scope ref.Scope, at catalog.ListingPlace) string {
	if catalog.ListingSort(in.Sort) == catalog.SortNewest {
		return formatCursor(newestList, catalog.Place{CreatedAt: at.CreatedAt, ID: at.ID})
	}
	return formatPlace(in.list(scope), listedPlace{At: at.CreatedAt.UnixMicro(), ID: at.ID, Price: at.Price, Name: at.Name, Rank: at.Rank})
}

// choice reads a parameter that is true, false or not given.
func choice(text string) *bool {
	if text == "" {
		return nil
	}
	chosen := text == "true"
	return &chosen
}

func facetsOf(facets []catalog.Facet) []facet {
	out := make([]facet, len(facets))
	for i, f := range facets {
		out[i] = facet{Name: f.Name, Values: make([]facetValue, len(f.Values))}
		for j, v := range f.Values {
			out[i].Values[j] = facetValue(v)
		}
	}
	return out
}
