package ordering_test

import (
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

func TestOwingWritesLines(t *testing.T) {
	t.Parallel()
	o, _, c := ordering.Place(placement(t, true))
	if same := c.Owing(nil); &same.Orders[0] != &c.Orders[0] {
		t.Error("a commit that owes nothing was copied")
	}
	owing := c.Owing(map[ref.ClaimID]int64{o.Lines[1].Claim: 2, ref.NewID[ref.ClaimKind](ref.UUID{9}): 7})
	got := owing.Orders[0].State
	if got.Lines[0].Backordered != 0 || got.Lines[1].Backordered != 2 || got.Backordered() != 2 {
		t.Errorf("got %+v", got.Lines)
	}
	if c.Orders[0].State.Backordered() != 0 || o.Backordered() != 0 {
		t.Error("Owing changed what it was given")
	}
}

func TestDecideTellsWhatIsBackordered(t *testing.T) {
	t.Parallel()
	o, _, c := ordering.Place(placement(t, true))
	var asked time.Time
	v := ordering.Decide([]ordering.Commit{c}, facts(c, c.Carts[0].Expected), ordering.Rules{
		Stock: func(at time.Time, _ []ordering.StockEffect) (ordering.StockVerdict, error) {
			asked = at
			return ordering.StockVerdict{Backordered: map[ref.ClaimID]int64{o.Lines[0].Claim: 1}}, nil
		},
	})[0]
	if !v.Accepted() || v.Backordered[o.Lines[0].Claim] != 1 || !asked.Equal(c.At) {
		t.Errorf("got %+v of what was asked at %v", v, asked)
	}
}

func TestLowerBackorder(t *testing.T) {
	t.Parallel()
	o, _, c := ordering.Place(placement(t, true))
	claim := o.Lines[0].Claim
	o = c.Owing(map[ref.ClaimID]int64{claim: 3}).Orders[0].State
	later := now().Add(time.Hour)
	cancelled := o
	cancelled.Status = ordering.Cancelled
	for name, tc := range map[string]struct {
		order   ordering.Order
		claim   ref.ClaimID
		left    int64
		changes bool
		entries int
	}{
		"some came in":       {o, claim, 1, true, 0},
		"all came in":        {o, claim, 0, true, 1},
		"nothing new":        {o, claim, 3, false, 0},
		"never raised":       {o, claim, 4, false, 0},
		"below nothing":      {o, claim, -1, false, 0},
		"of another order":   {o, ref.NewID[ref.ClaimKind](ref.UUID{9}), 0, false, 0},
		"of no backorder":    {o, o.Lines[1].Claim, 0, false, 0},
		"of a cancelled one": {cancelled, claim, 0, false, 0},
	} {
		got, commit, changed := ordering.LowerBackorder(tc.order, tc.claim, tc.left, later, (&orderingtest.Sequence{}).New)
		if changed != tc.changes {
			t.Errorf("%s: changed %v", name, changed)
			continue
		}
		if !changed {
			continue
		}
		if got.Lines[0].Backordered != tc.left || tc.order.Lines[0].Backordered != 3 || len(got.Timeline) != len(o.Timeline)+tc.entries ||
			got.Version != o.Version+1 || !got.UpdatedAt.Equal(later) {
			t.Errorf("%s: got %+v", name, got)
		}
		if err := commit.Validate(); err != nil || len(commit.Events) != 1 || commit.Events[0].Name != "ordering.backorder_lowered" {
			t.Errorf("%s: %v, %+v", name, err, commit)
		}
	}
}

func TestServiceLowersBackorders(t *testing.T) {
	t.Parallel()
	s := open(t)
	if err := s.LowerBackorder(t.Context(), ref.NewID[ref.OrderKind](ref.UUID{9}), ref.ClaimID{}, 0); !fault.Is(err, fault.Missing) {
		t.Errorf("of an unknown order: %v", err)
	}
	r := request(s.cart(t, 4), "")
	r.Provider = "cash"
	o := s.checkout(t, r).Order
	o.Version++
	c := ordering.Commit{At: now(), Orders: []ordering.Write[ordering.Order]{{State: o, Expected: o.Version - 1}}}
	if _, err := s.parts.Committer.Commit(t.Context(), c.Owing(map[ref.ClaimID]int64{o.Lines[0].Claim: 3})); err != nil {
		t.Fatal(err)
	}
	for _, left := range []int64{1, 1, 2, 0, 3} { // Again and late changes nothing.
		if err := s.LowerBackorder(t.Context(), o.ID, o.Lines[0].Claim, left); err != nil {
			t.Fatalf("LowerBackorder to %d: %v", left, err)
		}
	}
	got, _, err := s.parts.Orders.Order(t.Context(), o.ID)
	if err != nil || got.Lines[0].Backordered != 0 || got.Version != o.Version+2 || got.Timeline[len(got.Timeline)-1].Kind != ordering.TimelineStocked {
		t.Errorf("got %+v, %v", got, err)
	}
}
