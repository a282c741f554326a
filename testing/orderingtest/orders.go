package orderingtest

import (
	"fmt"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// OrdersClauses are the clauses of ordering.Orders.
func OrdersClauses() []Clause[Harness] {
	const id = "orders-read"
	return []Clause[Harness]{
		{ID: id, Case: "all of it", Run: wholeOrder},
		{ID: id, Case: "payments oldest first", Run: paymentsOldestFirst},
		{ID: id, Case: "at one moment", Run: orderAtOneMoment},
		{ID: id, Case: "an unknown id", Run: unknownOrder},
		{ID: id, Case: "a reader's copy", Run: orderCopy},
		{ID: id, Case: "figures", Run: orderFigures},
		{ID: "orders-payment", Case: "by a payment", Run: orderOfPayment},
		{ID: "orders-list", Case: "the newest first", Run: listNewest},
		{ID: "orders-list", Case: "by status", Run: listByStatus},
		{ID: "orders-list", Case: "by number", Run: listByNumber},
		{ID: "orders-list", Case: "by e-mail", Run: listByEmail},
		{ID: "orders-list", Case: "while others order", Run: listWhileOrdered},
		{ID: "orders-unsettled", Case: "whose time has come", Run: unsettled},
		{ID: "orders-unsettled", Case: "that changed", Run: unsettledChanges},
	}
}

// fullOrder has all that an order can have, and no cart.
func (w *world) fullOrder() ordering.Order {
	gbp := func(minor int64) money.Money { return money.New(minor, money.GBP) }
	long := hard(ordering.AddressMax)
	o := w.place(w.newCart(want{"A", 3}, want{"B", 1})).order
	o.Cart, o.Status, o.Reason = ref.CartID{}, ordering.Cancelled, hard(60)
	o.Channel, o.Locale, o.Email = "pop-up ✨", "sr-Latn-RS", "jürgen+\"o'neill\"@exämple.org"
	o.Customer, o.Note, o.Metadata = ref.NewID[ref.CustomerKind](w.id()), hard(500), ordering.Metadata{"source": "qr", "ünïcødé": hard(200)}
	o.Lines[0].Origin = ordering.PriceOrigin{Version: 7, From: w.at, Until: w.at.Add(time.Hour)}
	o.Lines[0].Custom, o.Lines[0].Note = ordering.Customisation{"engraving": "für Ada"}, hard(300)
	o.Lines[1].Metadata = ordering.Metadata{"gift": "yes"}
	o.Taxes = []ordering.TaxLine{
		{Code: "vat", Title: "VAT 20 %", Rate: money.NewRate(200_000), Line: o.Lines[0].ID, Total: gbp(7)},
		{Code: "vat", Title: "VAT", Shipping: "standard", Total: gbp(83), Included: true},
	}
	o.Lines[0].Title, o.Lines[0].VariantTitle = hard(400), hard(200)
	o.Lines[0].UnitPrice = money.NewUnitPrice(1, money.GBP)
	o.Lines[1].UnitPrice, o.Lines[1].Total = money.NewUnitPrice(9_000_000_000_000_000_000, money.GBP), gbp(900_000_000_000_000)
	o.Shipping = []ordering.ShippingLine{{Code: "standard", Title: long, Total: gbp(499)}, {Code: "bike", Title: "Rad", Total: gbp(0)}}
	o.Totals = ordering.Totals{Subtotal: gbp(900_000_000_000_000), Discount: gbp(1), Shipping: gbp(499), Tax: gbp(7), Total: gbp(900_000_000_000_505)}
	o.ShippingAddress = ordering.Address{Name: long, Line1: long, Line2: long, City: long, Region: long, PostalCode: long, Country: "GB"}
	billing := address()
	o.BillingAddress = &billing
	o.CreatedAt = time.Date(1999, time.December, 31, 23, 59, 59, 999_999_000, time.UTC)
	o.UpdatedAt = o.CreatedAt.Add(time.Microsecond)
	o.Timeline = []ordering.TimelineEntry{
		{At: o.CreatedAt, Kind: ordering.TimelinePlaced}, {At: o.UpdatedAt, Kind: ordering.TimelineCancelled, Message: long, Staff: true},
	}
	o.Holding, o.Due = ordering.HoldingConfirmed, w.at.Add(time.Hour+time.Microsecond)
	o.Open = []ports.CommandKey{{Actor: "stf_1", Route: "refund:" + long, Key: long}, {Actor: "cart:1", Route: "checkout", Key: "k ✨"}}
	o.Notes = []ordering.Note{{At: w.at, Author: "Grace", Text: hard(ordering.NoteTextMax)}, {At: w.at, Author: "Ada", Text: "two\nlines"}}
	for i, state := range []ordering.FulfilmentState{ordering.FulfilmentSent, ordering.FulfilmentDelivered, ordering.FulfilmentCalledBack} {
		f := ordering.Fulfilment{
			ID: ref.NewID[ref.FulfilmentKind](w.id()), State: state, CreatedAt: w.at.Add(time.Duration(i) * time.Microsecond), UpdatedAt: w.at.Add(time.Hour),
			Lines: []ordering.FulfilmentLine{
				{Line: o.Lines[0].ID, Claim: o.Lines[0].Claim, Quantity: int64(i + 1)},
				{Line: o.Lines[1].ID, Claim: o.Lines[1].Claim, Quantity: 1, Damaged: 1, Again: ref.NewID[ref.ClaimKind](w.id())},
			},
		}
		if i > 0 {
			f.Tracking = &ordering.Tracking{Carrier: "Royal Mail", Number: hard(80), URL: "https://example.org/t?n=1&m=2"}
		}
		o.Fulfilments = append(o.Fulfilments, f)
	}
	return o
}

// fullPayment has all that a payment can have.
func (w *world) fullPayment(o ordering.Order) ordering.Payment {
	p := ordering.Payment{
		ID: ref.NewID[ref.PaymentKind](w.id()), Version: 1, Order: o.ID, Provider: "till ✨", Amount: o.Totals.Total,
	}
	for i, kind := range []ordering.PaymentEntryKind{
		ordering.EntryPending, ordering.EntryAuthorized, ordering.EntryCaptured, ordering.EntryRefunded,
		ordering.EntryVoided, ordering.EntryDeclined,
	} {
		p.Entries = append(p.Entries, ordering.PaymentEntry{
			Kind: kind, Amount: money.New(int64(i)*1001, money.GBP), Reference: hard(80), Message: hard(300), Event: hard(40),
			At: w.at.Add(time.Duration(i) * time.Microsecond),
		})
	}
	refund, capture := ref.NewID[ref.RefundKind](w.id()), ref.NewID[ref.CaptureKind](w.id())
	p.Entries = append(p.Entries,
		ordering.PaymentEntry{Kind: ordering.EntryAuthorized, Amount: o.Totals.Total, At: w.at},
		ordering.PaymentEntry{Kind: ordering.EntryCaptureRequested, Amount: money.New(9, money.GBP), Capture: capture, At: w.at},
		ordering.PaymentEntry{Kind: ordering.EntryCaptureFailed, Amount: money.New(9, money.GBP), Capture: capture, At: w.at},
		ordering.PaymentEntry{
			Kind: ordering.EntryRefundRequested, Amount: money.New(0, money.GBP), Refund: refund, At: w.at,
			Lines: []ordering.RefundLine{{Line: o.Lines[0].ID, Quantity: 2}, {Line: o.Lines[1].ID, Quantity: 1}},
		})
	p.Amount = money.New(2*o.Totals.Total.Minor(), money.GBP)
	return p
}

// keepOrder writes an order and its payments as new ones.
func (w *world) keepOrder(o ordering.Order, payments ...ordering.Payment) {
	w.Helper()
	c := ordering.Commit{At: w.at, Orders: []ordering.Write[ordering.Order]{{State: o}}}
	for _, p := range payments {
		c.Payments = append(c.Payments, ordering.Write[ordering.Payment]{State: p})
	}
	w.accept(c)
}

// readsOrder checks that the store gives the order and its payments.
func (w *world) readsOrder(o ordering.Order, payments ...ordering.Payment) {
	w.Helper()
	got, gotPayments, err := w.h.Orders.Order(w.Context(), o.ID)
	if err != nil {
		w.Fatalf("reading an order: %v", err)
	}
	w.same("the order", normalOrder(got), normalOrder(o))
	w.same("the payments", normalPayments(gotPayments), normalPayments(payments))
}

func wholeOrder(t TB, open func(TB) Harness) {
	w := begin(t, open)
	full := w.fullOrder()
	pay := w.fullPayment(full)
	w.keepOrder(full, pay)
	w.seed("A", 2)
	plain := w.order(want{"A", 2})
	bare := w.place(w.newCart()).order
	bare.Cart, bare.Shipping, bare.Timeline = ref.CartID{}, nil, nil
	w.keepOrder(bare)
	w.readsOrder(full, pay)
	w.readsOrder(plain.order, plain.payment)
	w.readsOrder(bare)
	captured := w.settle(plain, ordering.ChargeCaptured)
	w.accept(captured.commit)
	w.readsOrder(captured.order, captured.payment)
}

func paymentsOldestFirst(t TB, open func(TB) Harness) {
	w := begin(t, open)
	o := w.fullOrder()
	payments := []ordering.Payment{w.fullPayment(o), w.fullPayment(o), w.fullPayment(o)}
	w.keepOrder(o, payments...)
	later := w.fullPayment(o)
	w.accept(ordering.Commit{At: w.at, Payments: []ordering.Write[ordering.Payment]{{State: later}}})
	payments = append(payments, later)
	w.readsOrder(o, payments...)
	payments[1].Version = 2 // A change does not move it.
	w.accept(ordering.Commit{At: w.at, Payments: []ordering.Write[ordering.Payment]{{State: payments[1], Expected: 1}}})
	w.readsOrder(o, payments...)
}

// orderAtOneMoment reads while commits raise the versions of an order and its payment together.
func orderAtOneMoment(t TB, open func(TB) Harness) {
	w := begin(t, open)
	o := w.fullOrder()
	pay := w.fullPayment(o)
	w.keepOrder(o, pay)
	const atLeast, atMost = 40, 4000 // Writes; between them they go on until enough was read.
	var reads atomic.Int64
	stop := make(chan struct{})
	torn := make(chan string, 4)
	var readers sync.WaitGroup
	for range cap(torn) {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				got, payments, err := w.h.Orders.Order(w.Context(), o.ID)
				reads.Add(1)
				runtime.Gosched() // Where one processor runs all, the writer comes in between.
				if err != nil || len(payments) != 1 || payments[0].Version != got.Version {
					torn <- fmt.Sprintf("order version %d with payments %+v, %v", got.Version, payments, err)
					return
				}
			}
		})
	}
	for v := ref.Version(2); v <= atLeast || v <= atMost && reads.Load() < 10*atLeast && len(torn) == 0; v++ {
		o.Version, pay.Version = v, v
		w.accept(ordering.Commit{
			At: w.at, Orders: []ordering.Write[ordering.Order]{{State: o, Expected: v - 1}},
			Payments: []ordering.Write[ordering.Payment]{{State: pay, Expected: v - 1}},
		})
		runtime.Gosched()
	}
	close(stop)
	readers.Wait()
	close(torn)
	for text := range torn {
		w.Errorf("a reader saw %s", text)
	}
}

func unknownOrder(t TB, open func(TB) Harness) {
	w := begin(t, open)
	for _, id := range []ref.OrderID{{}, ref.NewID[ref.OrderKind](w.id())} {
		if _, _, err := w.h.Orders.Order(w.Context(), id); !fault.Is(err, fault.Missing) {
			w.Errorf("an unknown order is answered with %v", err)
		}
	}
}

// orderCopy changes what was written and what was read: neither may change what the store has.
func orderCopy(t TB, open func(TB) Harness) {
	w := begin(t, open)
	o := w.fullOrder()
	pay := w.fullPayment(o)
	wanted, wantedPay := copyOrder(o), pay
	wantedPay.Entries = slices.Clone(pay.Entries)
	last := len(pay.Entries) - 1
	wantedPay.Entries[last].Lines = slices.Clone(pay.Entries[last].Lines)
	w.keepOrder(o, pay)
	spoil(o, pay)
	w.readsOrder(wanted, wantedPay)
	got, payments, err := w.h.Orders.Order(w.Context(), o.ID)
	if err != nil || len(payments) != 1 {
		w.Fatalf("reading an order: %d payments, %v", len(payments), err)
	}
	spoil(got, payments[0])
	w.readsOrder(wanted, wantedPay)
}

// copyOrder shares nothing with the order.
func copyOrder(o ordering.Order) ordering.Order {
	o.Lines, o.Shipping, o.Timeline = slices.Clone(o.Lines), slices.Clone(o.Shipping), slices.Clone(o.Timeline)
	o.Taxes, o.Metadata = slices.Clone(o.Taxes), maps.Clone(o.Metadata)
	o.Lines[0].Custom = maps.Clone(o.Lines[0].Custom)
	o.Open, o.Notes, o.Fulfilments = slices.Clone(o.Open), slices.Clone(o.Notes), slices.Clone(o.Fulfilments)
	for i := range o.Fulfilments {
		f := &o.Fulfilments[i]
		f.Lines = slices.Clone(f.Lines)
		if f.Tracking != nil {
			t := *f.Tracking
			f.Tracking = &t
		}
	}
	billing := *o.BillingAddress
	o.BillingAddress = &billing
	return o
}

// spoil changes all that an order and a payment point to.
func spoil(o ordering.Order, p ordering.Payment) {
	o.Lines[0].Quantity, o.Shipping[0].Code, o.Timeline[0].Kind, o.BillingAddress.City = 99, "spoilt", "spoilt", "spoilt"
	o.Taxes[0].Code, o.Metadata["source"], o.Lines[0].Custom["engraving"] = "spoilt", "spoilt", "spoilt"
	o.Open[0].Key, o.Notes[0].Text, o.Fulfilments[0].State, o.Fulfilments[1].Tracking.Number = "spoilt", "spoilt", "spoilt", "spoilt"
	o.Fulfilments[0].Lines[0].Quantity = 99
	p.Entries[0].Message, p.Entries[len(p.Entries)-1].Lines[0].Quantity = "spoilt", 99
}

// figuresTime is how old figures may be.
const figuresTime = 30 * time.Second

func orderFigures(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 10)
	w.order(want{"A", 1})
	w.accept(w.settle(w.order(want{"A", 2}), ordering.ChargeCaptured).commit)
	w.accept(w.settle(w.order(want{"A", 3}), ordering.ChargeAuthorized).commit)
	w.accept(w.settle(w.order(want{"A", 4}), ordering.ChargeDeclined).commit)
	wanted := ordering.Figures{
		Orders:  map[ordering.Status]int64{ordering.Pending: 1, ordering.Placed: 2, ordering.Cancelled: 1},
		Revenue: map[string]int64{"GBP": 5 * 999},
	}
	deadline := time.NewTimer(figuresTime)
	defer deadline.Stop()
	retry := time.NewTicker(20 * time.Millisecond)
	defer retry.Stop()
	for {
		got, err := w.h.Orders.Figures(w.Context())
		if err != nil {
			w.Fatalf("reading figures: %v", err)
		}
		if reflect.DeepEqual(got, wanted) {
			return
		}
		select {
		case <-retry.C:
		case <-deadline.C:
			w.Fatalf("the figures are %+v, want %+v", got, wanted)
		}
	}
}
