package ordering_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// What comes back of an order whose rest was given up stays back: were the order open again, it would count on claims
// that were released. Found by testing/shoptest/simulation with seed 322.
func TestCancelFulfilmentOfWhatWasGivenUp(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.buys(t, 5, orderingtest.TillCaptures)
	_, first, err := s.Fulfil(t.Context(), o.ID, some(o, 2), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, second, err := s.Fulfil(t.Context(), o.ID, some(o, 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Complete(t.Context(), o.ID, true); err != nil {
		t.Fatal(err)
	}
	s.stocked(t, 7, 0)
	if _, err := s.CancelFulfilment(t.Context(), o.ID, first.ID, some(o, 1)); err != nil {
		t.Fatal(err)
	}
	s.delivered(t, o.ID, ordering.Completed, ordering.PartlyFulfilled)
	s.stocked(t, 8, 0)
	if _, err := s.CancelFulfilment(t.Context(), o.ID, second.ID, nil); err != nil {
		t.Fatal(err)
	}
	s.delivered(t, o.ID, ordering.Completed, ordering.Unfulfilled)
	s.stocked(t, 9, 0)
}
