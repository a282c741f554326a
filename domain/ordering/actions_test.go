package ordering_test

import (
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// attempts are the commands behind the actions, each on an order as it is; they write nothing.
func attempts(m ordering.Moment) map[ordering.Action]func(ordering.Sale) error {
	return map[ordering.Action]func(ordering.Sale) error{
		ordering.ActionFulfil: func(x ordering.Sale) error {
			_, _, _, err := ordering.Fulfil(x, nil, nil, m)
			return err
		},
		ordering.ActionCancel: func(x ordering.Sale) error {
			_, _, err := ordering.Cancel(x, "changed their mind", m)
			return err
		},
		ordering.ActionComplete: func(x ordering.Sale) error {
			_, _, err := ordering.Complete(x, true, m)
			return err
		},
		ordering.ActionCapture: func(x ordering.Sale) error {
			_, _, _, err := ordering.Capture(x, nil, m)
			return err
		},
		ordering.ActionRefund: func(x ordering.Sale) error {
			_, _, _, err := ordering.Refund(x, ordering.RefundOrder{}, m)
			return err
		},
		ordering.ActionVoid: func(x ordering.Sale) error {
			if _, _, some := ordering.Void(x, m); !some {
				return fault.Missing.New("nothing is held")
			}
			return nil
		},
		ordering.ActionRecordPayment: func(x ordering.Sale) error {
			_, _, _, err := ordering.Record(x, "manual", ordering.Receipt{Amount: money.New(1, x.Order.Currency()), Reference: "r"}, m)
			return err
		},
		ordering.ActionNote: func(x ordering.Sale) error {
			_, _, err := ordering.AddNote(x, "stf_1", "hello", m)
			return err
		},
	}
}

// TestActionsAreWhatIsPossible holds, at each step of the lives of orders, that a command is taken exactly when it is
// among the actions.
func TestActionsAreWhatIsPossible(t *testing.T) {
	t.Parallel()
	s := open(t)
	n := byte(0)
	next := func() [16]byte { n++; return [16]byte{6: 0x70, 8: 0x80, 15: n} }
	holds := func(when string, id ref.OrderID) {
		t.Helper()
		x := s.read(t, id)
		allowed := x.Actions()
		for action, attempt := range attempts(ordering.Moment{At: x.Order.UpdatedAt, NextID: next}) {
			err := attempt(x)
			if listed := slices.Contains(allowed, action); listed != (err == nil) {
				t.Errorf("%s: %s among the actions is %v, and it comes to %v", when, action, listed, err)
			}
		}
	}
	for _, token := range []string{orderingtest.TillCaptures, orderingtest.TillAuthorizes, orderingtest.TillWaits} {
		o := s.buys(t, 2, token)
		holds(token, o.ID)
		if o.Status == ordering.Placed {
			_, f, err := s.Fulfil(t.Context(), o.ID, []ordering.SendLine{{Line: o.Lines[0].ID, Quantity: 1}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			holds(token+", one sent", o.ID)
			if _, err := s.CancelFulfilment(t.Context(), o.ID, f.ID, nil); err != nil {
				t.Fatal(err)
			}
			holds(token+", called back", o.ID)
		}
		if _, err := s.Cancel(t.Context(), o.ID, "changed their mind"); err != nil {
			t.Fatal(err)
		}
		holds(token+", cancelled", o.ID)
	}
	done := s.buys(t, 1, orderingtest.TillCaptures)
	if _, _, err := s.Fulfil(t.Context(), done.ID, nil, nil); err != nil {
		t.Fatal(err)
	}
	holds("completed", done.ID)
}

// TestStaffMakeThingsOnce holds that what is asked for again under the same id or key is there once.
func TestStaffMakeThingsOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.buys(t, 2, orderingtest.TillCaptures)
	id := ref.NewID[ref.FulfilmentKind](ref.UUID{7})
	lines := []ordering.SendLine{{Line: o.Lines[0].ID, Quantity: 1}}
	tracking := &ordering.Tracking{Carrier: "Post", Number: "1"}
	for range 3 {
		x, f, err := s.FulfilAs(t.Context(), o.ID, id, lines, tracking)
		if err != nil || f.ID != id || len(x.Order.Fulfilments) != 1 || len(f.Lines) != 1 {
			t.Fatalf("%+v, %v", x.Order.Fulfilments, err)
		}
		if x, err = s.AddNoteAs(t.Context(), o.ID, "k", "stf_1", "hello"); err != nil || len(x.Order.Notes) != 1 {
			t.Fatalf("%+v, %v", x.Order.Notes, err)
		}
		if x, err = s.SetTracking(t.Context(), o.ID, id, *tracking); err != nil || len(x.Order.Timeline) != len(s.read(t, o.ID).Order.Timeline) {
			t.Fatalf("%+v, %v", x.Order.Timeline, err)
		}
	}
	x := s.read(t, o.ID)
	if n := x.Order.Sent(o.Lines[0].ID); n != 1 {
		t.Errorf("%d sent", n)
	}
	if slices.ContainsFunc(x.Order.Timeline, func(e ordering.TimelineEntry) bool { return e.Kind == ordering.TimelineTracked }) {
		t.Errorf("a tracking that was known is told: %+v", x.Order.Timeline)
	}
	for range 2 { // Without a key each is a note of its own.
		if _, err := s.AddNote(t.Context(), o.ID, "stf_1", "hello"); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.read(t, o.ID).Order.Notes); n != 3 {
		t.Errorf("%d notes", n)
	}
}
