package catalog

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Listings gives a page of the products on sale in the scope, with what they cost there and whether they are in stock.
// A product without a price in the scope is not listed. Errors: Bad with the query's fields.
func (s *Service) Listings(ctx context.Context, scope ref.Scope, q ListingQuery) (ListingPage, error) {
	err := q.Validate(scope.Currency)
	if q.Limit < 1 || q.Limit > PageMax {
		err = withViolation(err, BrokenRule.Newf("a page has 1 to %d items", PageMax).At("limit"))
	}
	if err != nil {
		return ListingPage{}, err
	}
	return s.parts.Listings.List(ctx, scope, q)
}

// Facets gives the ways to narrow the list of the query down, each value with the number of products that it leads to, as
// far as they are counted.
// Errors: Bad with the query's fields.
func (s *Service) Facets(ctx context.Context, scope ref.Scope, q ListingQuery) (Facets, error) {
	if err := q.Validate(scope.Currency); err != nil {
		return Facets{}, err
	}
	return s.parts.Listings.Facets(ctx, scope, q)
}

// withViolation adds a violation to those of an error, or of none.
func withViolation(err error, v *fault.Error) error {
	var all []*fault.Error
	if err != nil {
		all = fault.Of(err).Violations()
	}
	return fault.Collect(append(all, v))
}
