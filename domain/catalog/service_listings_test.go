package catalog_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// asked remembers what a store of lists was asked.
type asked struct {
	scope ref.Scope
	query catalog.ListingQuery
	times int
}

func (a *asked) List(_ context.Context, scope ref.Scope, q catalog.ListingQuery) (catalog.ListingPage, error) {
	a.scope, a.query = scope, q
	a.times++
	return catalog.ListingPage{Items: []catalog.Listed{{Slug: "mug"}}}, nil
}

func (a *asked) Facets(_ context.Context, scope ref.Scope, q catalog.ListingQuery) (catalog.Facets, error) {
	a.scope, a.query = scope, q
	a.times++
	return catalog.Facets{Items: []catalog.Facet{{Name: catalog.FacetBrand}}}, nil
}

func TestListings(t *testing.T) {
	t.Parallel()
	store := &asked{}
	s := catalog.NewService(catalog.Parts{Listings: store})
	scope := ref.Scope{Channel: ref.DefaultChannel, Currency: money.GBP, At: day}
	q := catalog.ListingQuery{Text: "mug", Sort: catalog.SortPrice, Limit: catalog.PageMax}
	if page, err := s.Listings(t.Context(), scope, q); err != nil || len(page.Items) != 1 || !reflect.DeepEqual(store.query, q) || !reflect.DeepEqual(store.scope, scope) {
		t.Errorf("got %+v, %v of %+v in %+v", page, err, store.query, store.scope)
	}
	q.Limit = 0 // Facets are of the whole list.
	if facets, err := s.Facets(t.Context(), scope, q); err != nil || len(facets.Items) != 1 || !reflect.DeepEqual(store.query, q) {
		t.Errorf("got %+v, %v of %+v", facets, err, store.query)
	}
	store.times = 0
	for _, tc := range []struct {
		q      catalog.ListingQuery
		fields []string
	}{
		{catalog.ListingQuery{Limit: 0}, []string{"limit"}},
		{catalog.ListingQuery{Limit: catalog.PageMax + 1, Sort: "best", Text: "\x00"}, []string{"q", "sort", "limit"}},
	} {
		_, err := s.Listings(t.Context(), scope, tc.q)
		if !fault.Is(err, fault.Bad) || !slices.Equal(wrongFields(err), tc.fields) {
			t.Errorf("got %v, want %v", err, tc.fields)
		}
	}
	if _, err := s.Facets(t.Context(), scope, catalog.ListingQuery{Sort: "best"}); !fault.Is(err, fault.Bad) {
		t.Errorf("got %v, want invalid", err)
	}
	if store.times > 0 {
		t.Error("the store was asked what breaks a rule")
	}
}
