package ordering_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestBackorderOfTwoClaims: of a line of five two are owed; three are sent and called back, of which one cannot be
// replaced and is owed to the claim for them. Each claim is told of its own goods, and the line adds up.
func TestBackorderOfTwoClaims(t *testing.T) {
	t.Parallel()
	o, _, c := ordering.Place(placement(t, true))
	line, claim := o.Lines[0], o.Lines[0].Claim
	o.Lines[0].Quantity = 5
	c.Orders[0].State = o
	o = c.Owing(map[ref.ClaimID]int64{claim: 2}).Orders[0].State
	o.Status = ordering.Placed
	last := byte(100)
	nextID := func() [16]byte { last++; return ref.UUID{last} }
	moment := func() ordering.Moment { return ordering.Moment{At: now(), NextID: nextID} }
	sale, f, _, err := ordering.Fulfil(ordering.Sale{Order: o}, []ordering.SendLine{{Line: line.ID, Quantity: 3}}, nil, moment())
	if err != nil {
		t.Fatal(err)
	}
	sale, c, err = ordering.CancelFulfilment(sale, f.ID, nil, moment())
	if err != nil {
		t.Fatal(err)
	}
	again := sale.Order.Fulfilments[0].Lines[0].Again
	before := sale.Order
	o = c.Owing(map[ref.ClaimID]int64{again: 1}).Orders[0].State
	if o.Lines[0].Backordered != 3 || before.Lines[0].Backordered != 2 || before.Fulfilments[0].Lines[0].Owed != 0 {
		t.Fatalf("the line says that %d are owed, want 3; before %+v", o.Lines[0].Backordered, before)
	}
	sale, f, c, err = ordering.Fulfil(ordering.Sale{Order: o}, []ordering.SendLine{{Line: line.ID, Quantity: 2}}, nil, moment())
	if err != nil || len(f.Lines) != 1 || f.Lines[0].Claim != again || f.Lines[0].Quantity != 2 || c.Stock[0].Quantity != 2 {
		t.Errorf("what is there is sent of the claim that has it: %+v, %v", f, err)
	}
	for _, tc := range []struct {
		claim   ref.ClaimID
		left    int64
		line    int64
		entries int
	}{{claim, 1, 2, 0}, {again, 0, 1, 0}, {claim, 0, 0, 1}} {
		next, _, changed := ordering.LowerBackorder(o, tc.claim, tc.left, now(), nextID)
		if !changed || next.Lines[0].Backordered != tc.line || len(next.Timeline) != len(o.Timeline)+tc.entries {
			t.Errorf("with %d left of %s the line says %d", tc.left, tc.claim, next.Lines[0].Backordered)
		}
		if _, _, changed := ordering.LowerBackorder(next, tc.claim, tc.left, now(), nextID); changed {
			t.Errorf("with %d left of %s twice", tc.left, tc.claim)
		}
		o = next
	}
	if sale, _, err = ordering.Complete(sale, true, moment()); err != nil {
		t.Fatal(err)
	}
	for _, id := range []ref.ClaimID{claim, again} {
		if _, _, changed := ordering.LowerBackorder(sale.Order, id, 0, now(), nextID); changed || sale.Order.Backordered() != 0 {
			t.Errorf("an order that was given up is owed %d", sale.Order.Backordered())
		}
	}
}
