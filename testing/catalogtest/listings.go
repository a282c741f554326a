package catalogtest

import (
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// ListingsHarness is an empty store of lists, with the stores of all that they are made of. A list that stands in a
// store of its own is fed by the others before their commits return.
type ListingsHarness struct {
	Listings catalog.Listings
	Catalog  catalog.Committer
	Pricing  pricing.Committer
	Stock    inventory.Stock
	Ordering ordering.Committer
}

// TestListings proves an adapter of catalog.Listings. Open gives an empty store for each subtest.
func TestListings(t *testing.T, open func(t *testing.T) ListingsHarness) {
	t.Helper()
	clausetest.Run(t, ListingsClauses(), open)
}

// ListingsClauses are the clauses of catalog.Listings.
func ListingsClauses() []clausetest.Clause[ListingsHarness] {
	return slices.Concat(
		listingsShownClauses(), listingsPriceClauses(), listingsStockClauses(), listingsSummaryClauses(), listingsFilterClauses(),
		listingsTextClauses(), listingsTypoClauses(), listingsSortClauses(), listingsFacetClauses(), listingsBroadClauses(),
	)
}

// listingCase is a case of a clause.
type listingCase struct {
	name string
	run  func(w *listingWorld)
}

// listingCases are cases of one clause.
func listingCases(id string, cases ...listingCase) []clausetest.Clause[ListingsHarness] {
	out := make([]clausetest.Clause[ListingsHarness], len(cases))
	for i, c := range cases {
		out[i] = clausetest.Clause[ListingsHarness]{ID: id, Case: c.name, Run: func(t clausetest.TB, open func(clausetest.TB) ListingsHarness) {
			c.run(&listingWorld{TB: t, h: open(t), versions: map[any]int64{}, places: map[inventory.Location]bool{}})
		}}
	}
	return out
}
