package ordering_test

import (
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// stocked checks what is on hand and claimed of item 1.
func (s *shop) stocked(t *testing.T, onHand, reserved int64) {
	t.Helper()
	p, err := s.store.Stock().Position(t.Context(), item(1).SKU)
	if err != nil {
		t.Fatal(err)
	}
	if gotHand, gotReserved := p.Totals(); gotHand != onHand || gotReserved != reserved {
		t.Errorf("%d are on hand and %d claimed, want %d and %d", gotHand, gotReserved, onHand, reserved)
	}
}

// delivered checks how far an order is delivered.
func (s *shop) delivered(t *testing.T, id ref.OrderID, status ordering.Status, want ordering.FulfilmentStatus) {
	t.Helper()
	o := s.read(t, id).Order
	if got := ordering.FulfilmentStatusOf(o); got != want || o.Status != status {
		t.Errorf("the order is %s and %s, want %s and %s", o.Status, got, status, want)
	}
}

// buys orders so many of item 1 and gives the order.
func (s *shop) buys(t *testing.T, quantity int64, token string) ordering.Order {
	t.Helper()
	r := request(s.cart(t, quantity), token)
	if token == "" {
		r.Provider = "cash"
	}
	return s.checkout(t, r).Order
}

func some(o ordering.Order, n int64) []ordering.SendLine {
	return []ordering.SendLine{{Line: o.Lines[0].ID, Quantity: n}}
}

func TestFulfilInParts(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.buys(t, 5, orderingtest.TillCaptures)
	s.delivered(t, o.ID, ordering.Placed, ordering.Unfulfilled)
	tracking := &ordering.Tracking{Carrier: "Royal Mail", Number: "RM 1", URL: "https://example.org/rm1"}
	_, first, err := s.Fulfil(t.Context(), o.ID, some(o, 2), tracking)
	if err != nil || first.ID.IsZero() || first.State != ordering.FulfilmentSent || *first.Tracking != *tracking {
		t.Fatalf("got %+v, %v", first, err)
	}
	s.delivered(t, o.ID, ordering.Placed, ordering.PartlyFulfilled)
	s.stocked(t, 8, 3)
	for _, bad := range []int64{0, -1, 4} {
		_, _, err := s.Fulfil(t.Context(), o.ID, some(o, bad), nil)
		wantFields(t, err, "lines[0].quantity")
	}
	_, second, err := s.Fulfil(t.Context(), o.ID, nil, nil)
	if err != nil || len(second.Lines) != 1 || second.Lines[0].Quantity != 3 {
		t.Fatalf("the rest: %+v, %v", second, err)
	}
	s.delivered(t, o.ID, ordering.Completed, ordering.Fulfilled)
	s.stocked(t, 5, 0)
	_, _, err = s.Fulfil(t.Context(), o.ID, nil, nil)
	wantClass(t, err, statemachine.IllegalTransition)
	for _, f := range []ref.FulfilmentID{first.ID, second.ID} {
		s.delivered(t, o.ID, ordering.Completed, ordering.Fulfilled)
		if _, err := s.MarkDelivered(t.Context(), o.ID, f); err != nil {
			t.Fatal(err)
		}
	}
	s.delivered(t, o.ID, ordering.Completed, ordering.Delivered)
	_, err = s.MarkDelivered(t.Context(), o.ID, first.ID)
	wantClass(t, err, statemachine.IllegalTransition)
	_, err = s.CancelFulfilment(t.Context(), o.ID, first.ID, nil)
	wantClass(t, err, statemachine.IllegalTransition)
	_, err = s.SetTracking(t.Context(), o.ID, first.ID, *tracking)
	wantClass(t, err, statemachine.IllegalTransition)
}

func TestFulfilRefuses(t *testing.T) {
	t.Parallel()
	s := open(t)
	waits := s.buys(t, 1, orderingtest.TillWaits)
	_, _, err := s.Fulfil(t.Context(), waits.ID, nil, nil)
	wantClass(t, err, statemachine.IllegalTransition)
	o := s.buys(t, 1, orderingtest.TillCaptures)
	_, _, err = s.Fulfil(t.Context(), o.ID, []ordering.SendLine{{Line: line(99), Quantity: 1}, {Line: o.Lines[0].ID, Quantity: 1}, {Line: o.Lines[0].ID, Quantity: 1}}, &ordering.Tracking{
		Number: strings.Repeat("1", ordering.TrackingMax+1), URL: "javascript:alert(1)",
	})
	wantFields(t, err, "lines[0].id", "lines[2].id", "tracking.carrier", "tracking.number", "tracking.url")
	s.stocked(t, 10, 2)
	_, _, err = s.Fulfil(t.Context(), ref.NewID[ref.OrderKind](uuid(99)), nil, nil)
	wantClass(t, err, fault.Missing)
	unknown := ref.NewID[ref.FulfilmentKind](uuid(99))
	_, err = s.MarkDelivered(t.Context(), o.ID, unknown)
	wantClass(t, err, fault.Missing)
}

func TestTracking(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.buys(t, 2, "")
	_, f, err := s.Fulfil(t.Context(), o.ID, some(o, 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	sale, err := s.SetTracking(t.Context(), o.ID, f.ID, ordering.Tracking{Carrier: "DHL", Number: "1"})
	if err != nil || sale.Order.Fulfilments[0].Tracking.Carrier != "DHL" {
		t.Errorf("got %+v, %v", sale.Order.Fulfilments, err)
	}
	_, err = s.SetTracking(t.Context(), o.ID, f.ID, ordering.Tracking{})
	wantFields(t, err, "tracking.carrier", "tracking.number")
	s.delivered(t, o.ID, ordering.Placed, ordering.PartlyFulfilled)
}

// TestCancelFulfilment: what was called back is in stock again and claimed anew, so that it can be sent in its place.
func TestCancelFulfilment(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.buys(t, 5, orderingtest.TillCaptures)
	_, first, err := s.Fulfil(t.Context(), o.ID, some(o, 3), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.CancelFulfilment(t.Context(), o.ID, first.ID, []ordering.SendLine{{Line: o.Lines[0].ID, Quantity: 4}, {Line: o.Lines[0].ID, Quantity: 0}, {Line: line(99), Quantity: 1}})
	wantFields(t, err, "damaged[0].quantity", "damaged[1].quantity", "damaged[2].quantity")
	if _, err := s.CancelFulfilment(t.Context(), o.ID, first.ID, some(o, 1)); err != nil {
		t.Fatal(err)
	}
	s.delivered(t, o.ID, ordering.Placed, ordering.Unfulfilled)
	s.stocked(t, 9, 5) // One of ten is damaged.
	_, err = s.CancelFulfilment(t.Context(), o.ID, first.ID, nil)
	wantClass(t, err, statemachine.IllegalTransition)
	_, again, err := s.Fulfil(t.Context(), o.ID, some(o, 4), nil)
	if err != nil || len(again.Lines) != 2 || again.Lines[0].Quantity != 2 || again.Lines[1].Quantity != 2 {
		t.Fatalf("got %+v, %v", again.Lines, err)
	}
	s.stocked(t, 5, 1)
	if _, err := s.CancelFulfilment(t.Context(), o.ID, again.ID, nil); err != nil {
		t.Fatal(err)
	}
	s.stocked(t, 9, 5)
	if _, _, err := s.Fulfil(t.Context(), o.ID, nil, nil); err != nil {
		t.Fatal(err)
	}
	s.delivered(t, o.ID, ordering.Completed, ordering.Fulfilled)
	s.stocked(t, 4, 0)
}

// TestCancelAfterCallingBack: goods are sent, called back, and the order given up.
func TestCancelAfterCallingBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.buys(t, 5, orderingtest.TillCaptures)
	_, f, err := s.Fulfil(t.Context(), o.ID, some(o, 3), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Cancel(t.Context(), o.ID, "no")
	wantClass(t, err, ordering.OrderSent)
	if _, err := s.CancelFulfilment(t.Context(), o.ID, f.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Cancel(t.Context(), o.ID, "no"); err != nil {
		t.Fatal(err)
	}
	s.delivered(t, o.ID, ordering.Cancelled, ordering.FulfilmentCancelled)
	s.stands(t, o.ID, ordering.Cancelled, ordering.PaymentRefunded)
	s.stocked(t, 10, 0)
}

// TestDamagedGoodsThatNothingReplaces stay under way: the order keeps what it has.
func TestDamagedGoodsThatNothingReplaces(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.buys(t, 10, orderingtest.TillCaptures)
	_, f, err := s.Fulfil(t.Context(), o.ID, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.CancelFulfilment(t.Context(), o.ID, f.ID, some(o, 1))
	wantClass(t, err, ordering.OutOfStock)
	s.delivered(t, o.ID, ordering.Completed, ordering.Fulfilled)
	s.stocked(t, 0, 0)
	if _, err := s.CancelFulfilment(t.Context(), o.ID, f.ID, nil); err != nil { // All of it is well: the order is open again.
		t.Fatal(err)
	}
	s.delivered(t, o.ID, ordering.Placed, ordering.Unfulfilled)
	s.stocked(t, 10, 10)
}

func TestBackorderedGoodsCannotLeave(t *testing.T) {
	t.Parallel()
	s := open(t)
	if err := orderingtest.Backorders(t, s.store.Stock(), item(1).SKU, 5, now()); err != nil {
		t.Fatal(err)
	}
	o := s.buys(t, 12, orderingtest.TillCaptures)
	if o.Lines[0].Backordered != 2 {
		t.Fatalf("%d are promised beyond stock, want 2", o.Lines[0].Backordered)
	}
	_, _, err := s.Fulfil(t.Context(), o.ID, some(o, 11), nil)
	wantFields(t, err, "lines[0].quantity")
	_, f, err := s.Fulfil(t.Context(), o.ID, nil, nil)
	if err != nil || f.Lines[0].Quantity != 10 {
		t.Fatalf("what is there: %+v, %v", f.Lines, err)
	}
	_, _, err = s.Fulfil(t.Context(), o.ID, nil, nil)
	wantFields(t, err, "lines")
	if err := orderingtest.Seed(t, s.store.Stock(), "more", item(1).SKU, "main", 2, now()); err != nil {
		t.Fatal(err)
	}
	if err := s.LowerBackorder(t.Context(), o.ID, o.Lines[0].Claim, 0); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Fulfil(t.Context(), o.ID, nil, nil); err != nil {
		t.Fatal(err)
	}
	s.delivered(t, o.ID, ordering.Completed, ordering.Fulfilled)
}

func TestCompletePolicies(t *testing.T) {
	t.Parallel()
	for policy, want := range map[ordering.CompletePolicy][2]ordering.Status{
		ordering.CompleteFulfilled: {ordering.Completed, ordering.Completed},
		ordering.CompleteDelivered: {ordering.Placed, ordering.Completed},
		ordering.CompleteByHand:    {ordering.Placed, ordering.Placed},
	} {
		s := open(t)
		s.Service = ordering.NewService(s.parts, &ordering.Options{Complete: policy})
		o := s.buys(t, 1, orderingtest.TillCaptures)
		_, f, err := s.Fulfil(t.Context(), o.ID, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.delivered(t, o.ID, want[0], ordering.Fulfilled)
		if _, err := s.MarkDelivered(t.Context(), o.ID, f.ID); err != nil {
			t.Fatal(err)
		}
		s.delivered(t, o.ID, want[1], ordering.Delivered)
		if policy == ordering.CompleteByHand {
			if _, err := s.Complete(t.Context(), o.ID, false); err != nil {
				t.Fatal(err)
			}
			s.delivered(t, o.ID, ordering.Completed, ordering.Delivered)
		}
	}
}

// TestCompletedOncePaid: goods leave before the money comes.
func TestCompletedOncePaid(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.buys(t, 2, "")
	if _, _, err := s.Fulfil(t.Context(), o.ID, nil, nil); err != nil {
		t.Fatal(err)
	}
	s.delivered(t, o.ID, ordering.Placed, ordering.Fulfilled)
	_, err := s.Complete(t.Context(), o.ID, false)
	wantClass(t, err, ordering.OrderUnfinished)
	if _, err := s.RecordPayment(t.Context(), o.ID, "cash", ordering.Receipt{Amount: gbp(1998), Reference: "1"}); err != nil {
		t.Fatal(err)
	}
	s.delivered(t, o.ID, ordering.Completed, ordering.Fulfilled)
	held := s.buys(t, 2, orderingtest.TillAuthorizes)
	if _, _, err := s.Fulfil(t.Context(), held.ID, nil, nil); err != nil {
		t.Fatal(err)
	}
	s.delivered(t, held.ID, ordering.Placed, ordering.Fulfilled)
	if _, err := s.Capture(t.Context(), capture(held.ID, "1", 0)); err != nil {
		t.Fatal(err)
	}
	s.delivered(t, held.ID, ordering.Completed, ordering.Fulfilled)
}

// TestCompleteGivingUp ends an order of which not all will be sent.
func TestCompleteGivingUp(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.buys(t, 5, orderingtest.TillCaptures)
	if _, _, err := s.Fulfil(t.Context(), o.ID, some(o, 2), nil); err != nil {
		t.Fatal(err)
	}
	_, err := s.Complete(t.Context(), o.ID, false)
	wantClass(t, err, ordering.OrderUnfinished)
	if got := fault.Of(err).Details()["open"]; got != "fulfilment" {
		t.Errorf("open is %v", got)
	}
	s.till.Fail(fault.Lost.New("lost"), true)
	if _, err := s.Refund(t.Context(), ordering.RefundRequest{
		Order: o.ID, Actor: "a", Key: "1", Lines: []ordering.RefundLine{{Line: o.Lines[0].ID, Quantity: 3}},
	}); err != nil {
		t.Fatal(err)
	}
	_, err = s.Complete(t.Context(), o.ID, true)
	wantClass(t, err, ordering.OrderUnfinished)
	s.sweep(t, ordering.SettleAfter)
	if _, err := s.Complete(t.Context(), o.ID, true); err != nil {
		t.Fatal(err)
	}
	s.delivered(t, o.ID, ordering.Completed, ordering.PartlyFulfilled)
	s.stocked(t, 8, 0)
	_, err = s.Complete(t.Context(), o.ID, true)
	wantClass(t, err, statemachine.IllegalTransition)
}

func TestNotes(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.buys(t, 1, "")
	for _, text := range []string{"call before delivery", "two\nlines\tand a tab"} {
		if _, err := s.AddNote(t.Context(), o.ID, "Grace", text); err != nil {
			t.Fatal(err)
		}
	}
	got := s.read(t, o.ID).Order
	if len(got.Notes) != 2 || got.Notes[1].Text != "two\nlines\tand a tab" || got.Notes[0].Author != "Grace" || !got.Timeline[len(got.Timeline)-1].Staff {
		t.Errorf("got %+v, %+v", got.Notes, got.Timeline)
	}
	_, err := s.AddNote(t.Context(), o.ID, "", strings.Repeat("x", ordering.NoteTextMax+1))
	wantFields(t, err, "author", "text")
	_, err = s.AddNote(t.Context(), o.ID, "Grace", "\x00")
	wantFields(t, err, "text")
}

func TestOrdersForStaff(t *testing.T) {
	t.Parallel()
	s := open(t)
	for range 3 {
		s.buys(t, 1, orderingtest.TillCaptures)
	}
	page, err := s.Orders(t.Context(), ordering.OrderQuery{Limit: 2})
	if err != nil || len(page.Items) != 2 || page.Next == nil || page.Items[0].PaymentStatus() != ordering.PaymentPaid {
		t.Fatalf("got %+v, %v", page, err)
	}
	page, err = s.Orders(t.Context(), ordering.OrderQuery{Limit: 2, After: page.Next})
	if err != nil || len(page.Items) != 1 || page.Next != nil {
		t.Errorf("got %+v, %v", page, err)
	}
	number := page.Items[0].Order.Number
	for q, want := range map[string]int{number: 1, number[:6]: 3, "ADA": 3, "grace": 0, "2": 3} {
		if page, err := s.Orders(t.Context(), ordering.OrderQuery{Prefix: q, Limit: 100}); err != nil || len(page.Items) != want {
			t.Errorf("%q: %d orders, %v; want %d", q, len(page.Items), err, want)
		}
	}
	for _, limit := range []int{0, ordering.PageMax + 1} {
		_, err := s.Orders(t.Context(), ordering.OrderQuery{Limit: limit})
		wantFields(t, err, "limit")
	}
	_, err = s.Orders(t.Context(), ordering.OrderQuery{Limit: 1, Prefix: "\x00"})
	wantFields(t, err, "q")
}

func TestByNumber(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]bool{
		"2": true, "261123": true, "261123-": true, "261123-7K": true, "261123-7K3M9Q2X": true,
		"": false, "ada": false, "261123x": false, "261123-7K3M9Q2XX": false, "261123-i": false, "2a": false, "12@example.org": false,
	} {
		if got := (ordering.OrderQuery{Prefix: prefix}).ByNumber(); got != want {
			t.Errorf("%q: %v", prefix, got)
		}
	}
}
