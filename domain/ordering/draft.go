package ordering

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Sale is an order with its payments, oldest first, as they were at one moment.
type Sale struct {
	Order    Order
	Payments []Payment
}

// PaymentStatus is how far the order is paid.
func (s Sale) PaymentStatus() PaymentStatus { return PaymentStatusOf(s.Order, s.Payments) }

// payment finds a payment; -1 for one that is not of this sale.
func (s Sale) payment(id ref.PaymentID) int {
	return slices.IndexFunc(s.Payments, func(p Payment) bool { return p.ID == id })
}

// Moment is what a decision knows of the world besides what it decides on.
type Moment struct {
	At       time.Time
	NextID   func() [16]byte
	Complete CompletePolicy
	Claims   ClaimMode // Of an order that is about to be placed.
}

// draft gathers what one commit does to a sale: any number of changes, one new version of the order and of each payment
// that changed. It works on copies.
type draft struct {
	Moment
	sale     Sale
	touched  []bool // Payments that changed.
	timeline []TimelineEntry
	told     []event.Payload
	commit   Commit
}

// drafting begins a commit about a sale.
func drafting(s Sale, m Moment) *draft {
	s.Payments = slices.Clone(s.Payments)
	return &draft{Moment: m, sale: s, touched: make([]bool, len(s.Payments)), commit: Commit{At: m.At}}
}

// order is the order as it is by now.
func (d *draft) order() *Order { return &d.sale.Order }

// note adds to the timeline.
func (d *draft) note(kind, message string) {
	d.timeline = append(d.timeline, TimelineEntry{At: d.At, Kind: kind, Message: message})
}

// tell adds an event.
func (d *draft) tell(p event.Payload) { d.told = append(d.told, p) }

// move takes the order to its next status. Errors: statemachine.IllegalTransition.
func (d *draft) move(on OrderEvent) error {
	next, err := OrderMachine.Apply(d.sale.Order.Status, on)
	if err == nil {
		d.sale.Order.Status = next
	}
	return err
}

// hold takes what the order holds to its next state, if the present one takes the event.
func (d *draft) hold(on HoldingEvent) {
	if next, takes := HoldingMachine.Next(d.sale.Order.Holding, on); takes {
		d.sale.Order.Holding = next
	}
}

// enter adds an entry to a payment's ledger, and tells of it.
func (d *draft) enter(i int, e PaymentEntry) {
	p := &d.sale.Payments[i]
	p.Entries = append(p.Entries[:len(p.Entries):len(p.Entries)], e)
	d.touched[i] = true
	d.timeline = append(d.timeline, timelineOf(e))
	d.tell(PaymentRecorded{Order: d.sale.Order.ID, Payment: p.ID, Kind: e.Kind, Amount: e.Amount, Capture: e.Capture, Refund: e.Refund})
}

// pay adds a payment to the sale.
func (d *draft) pay(p Payment) int {
	d.sale.Payments = append(d.sale.Payments, p)
	d.touched = append(d.touched, true)
	return len(d.touched) - 1
}

// finish makes the commit.
func (d *draft) finish() (Sale, Commit) {
	o := d.sale.Order.change(d.At, d.timeline...)
	o.Due = d.sale.due(d.At)
	d.sale.Order = o
	c := d.commit
	c.Orders = []Write[Order]{write(o, o.Version)}
	for i := range d.sale.Payments {
		if d.touched[i] {
			p := &d.sale.Payments[i]
			p.Version++
			c.Payments = append(c.Payments, write(*p, p.Version))
		}
	}
	for _, p := range d.told {
		c.Events = append(c.Events, about(o, d.NextID(), d.At, p))
	}
	return d.sale, c
}

// change copies the order for a change of its state.
func (o Order) change(now time.Time, entries ...TimelineEntry) Order {
	o.Timeline = append(o.Timeline[:len(o.Timeline):len(o.Timeline)], entries...)
	o.Version++
	o.UpdatedAt = now
	return o
}
