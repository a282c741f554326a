package orderingtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// found is all that a store holds of what a commit names.
type found struct {
	Orders      map[ref.OrderID]ordering.Order
	Payments    map[ref.OrderID][]ordering.Payment
	Carts       map[ref.CartID]ordering.Cart
	Positions   map[ref.SKU]inventory.Position
	Attachments map[string]string
	Inbox       map[string]ordering.InboxEvent // Those that wait.
	Record      *ports.CommandRecord
	Events      []event.Event
}

// look reads all that the store holds of what the commit names, the events among all that it ever told.
func (w *world) look(c ordering.Commit) found {
	w.Helper()
	out := w.glance(c)
	for _, e := range w.told() {
		if slices.ContainsFunc(c.Events, func(o event.Event) bool { return o.ID == e.ID }) {
			out.Events = append(out.Events, e)
		}
	}
	return out
}

// glance is look without the events.
func (w *world) glance(c ordering.Commit) found {
	w.Helper()
	out := found{
		Orders: map[ref.OrderID]ordering.Order{}, Payments: map[ref.OrderID][]ordering.Payment{},
		Carts: map[ref.CartID]ordering.Cart{}, Positions: map[ref.SKU]inventory.Position{}, Attachments: map[string]string{},
		Inbox: map[string]ordering.InboxEvent{},
	}
	for _, wr := range c.Orders {
		o, payments, err := w.h.Orders.Order(w.Context(), wr.State.ID)
		if w.there(err, "an order") {
			out.Orders[o.ID], out.Payments[o.ID] = normalOrder(o), normalPayments(payments)
		}
	}
	for _, wr := range c.Carts {
		cart, err := w.h.Carts.Cart(w.Context(), wr.State.ID)
		if w.there(err, "a cart") {
			out.Carts[cart.ID] = normalCart(cart)
		}
	}
	for _, p := range c.Purges {
		cart, err := w.h.Carts.Cart(w.Context(), p.Cart)
		if w.there(err, "a cart") {
			out.Carts[cart.ID] = normalCart(cart)
		}
	}
	for _, e := range c.Stock {
		out.Positions[e.SKU] = w.position(e.SKU)
	}
	for _, a := range c.Attach {
		if data, ok := w.attachment(a.Kind, a.Key); ok {
			out.Attachments[a.Kind+"/"+a.Key] = string(data)
		}
	}
	if len(c.Inbox) > 0 {
		waiting := w.waiting()
		for _, e := range c.Inbox {
			if kept, ok := waiting[e.Event.ID]; ok {
				out.Inbox[e.Event.ID] = kept
			}
		}
	}
	if c.Command != nil {
		out.Record = w.record(c.Command.Key)
	}
	return out
}

// there tells whether a read found what it looked for, and ends the test when it failed.
func (w *world) there(err error, what string) bool {
	w.Helper()
	if err != nil && fault.KindOf(err) != fault.NotFound {
		w.Fatalf("reading %s: %v", what, err)
	}
	return err == nil
}

// record reads a command's record.
func (w *world) record(key ports.CommandKey) *ports.CommandRecord {
	w.Helper()
	r, err := w.h.Commands.Find(w.Context(), key)
	if err != nil {
		w.Fatalf("reading a command: %v", err)
	}
	return r
}

// attachment reads an attachment.
func (w *world) attachment(kind, key string) ([]byte, bool) {
	w.Helper()
	data, ok, err := w.h.Attachment(w.Context(), kind, key)
	if err != nil {
		w.Fatalf("reading an attachment: %v", err)
	}
	return data, ok
}

// position reads the stock of a SKU.
func (w *world) position(sku ref.SKU) inventory.Position {
	w.Helper()
	p, err := w.h.Stock.Position(w.Context(), sku)
	if err != nil {
		w.Fatalf("reading the stock of %s: %v", sku, err)
	}
	return p
}

// levels checks what is on hand and reserved of a SKU.
func (w *world) levels(sku ref.SKU, onHand, reserved int64) {
	w.Helper()
	if gotHand, gotReserved := w.position(sku).Totals(); gotHand != onHand || gotReserved != reserved {
		w.Errorf("%s has %d on hand and %d reserved, want %d and %d", sku, gotHand, gotReserved, onHand, reserved)
	}
}

// toldTime is how long the suite waits for an event that was written.
const toldTime = 10 * time.Second

// told reads all events that the store ever told, in order. It writes one more, which marks the end: what was
// written before it comes before it.
func (w *world) told() []event.Event {
	w.Helper()
	mark := event.New(ref.NewID[ref.EventKind](w.id()), "suite:mark", w.at, toldMark{})
	w.accept(ordering.Commit{At: w.at, Events: []event.Event{mark}})
	consumer := fmt.Sprintf("suite-%d", w.last.Add(1))
	deadline := time.NewTimer(toldTime)
	defer deadline.Stop()
	retry := time.NewTicker(5 * time.Millisecond)
	defer retry.Stop()
	for {
		owed, err := w.h.Outbox.Pending(w.Context(), consumer, math.MaxInt32)
		if err != nil {
			w.Fatalf("reading the outbox: %v", err)
		}
		if i := slices.IndexFunc(owed, func(d ports.Delivery) bool { return d.Event.ID == mark.ID }); i >= 0 {
			var out []event.Event
			for _, d := range owed[:i] {
				if d.Event.Name != mark.Name {
					out = append(out, d.Event)
				}
			}
			return out
		}
		select {
		case <-retry.C:
		case <-deadline.C:
			w.Fatalf("an event did not come within %s", toldTime)
		}
	}
}

// toldMark is the payload of the event by which told knows the end.
type toldMark struct{}

// EventName is the event's stable name.
func (toldMark) EventName() string { return "suite.mark" }

// same checks that two values are equal, in every part.
func (w *world) same(what string, got, wanted any) {
	w.Helper()
	if !reflect.DeepEqual(got, wanted) {
		w.Errorf("%s\n got: %+v\nwant: %+v", what, got, wanted)
	}
}

// nothing checks that the commit left no trace: what the store holds is what it held before.
func (w *world) nothing(before, after found) {
	w.Helper()
	w.same("a commit that is not accepted changes nothing", after, before)
}

// everything checks that all of the commit is true, given what the store held before.
func (w *world) everything(c ordering.Commit, before, after found) {
	w.Helper()
	w.written(c, before, after)
	onHand, reserved := moved(c.Stock)
	for sku, p := range after.Positions {
		gotHand, gotReserved := p.Totals()
		hadHand, hadReserved := before.Positions[sku].Totals()
		if gotHand != hadHand+onHand[sku] || gotReserved != hadReserved+reserved[sku] {
			w.Errorf("of %s %d are on hand and %d reserved, want %d and %d", sku, gotHand, gotReserved, hadHand+onHand[sku], hadReserved+reserved[sku])
		}
	}
	byID := func(a, b event.Event) int { return a.ID.Compare(b.ID) }
	w.sameEvents(slices.SortedFunc(slices.Values(after.Events), byID), slices.SortedFunc(slices.Values(c.Events), byID))
}

// written checks that the aggregates, the record and the attachments of the commit are true.
func (w *world) written(c ordering.Commit, before, after found) {
	w.Helper()
	for _, wr := range c.Orders {
		w.same("the order", after.Orders[wr.State.ID], normalOrder(wr.State))
	}
	for _, wr := range c.Payments {
		i := slices.IndexFunc(after.Payments[wr.State.Order], func(p ordering.Payment) bool { return p.ID == wr.State.ID })
		if i < 0 {
			w.Errorf("the payment is missing")
			continue
		}
		w.same("the payment", after.Payments[wr.State.Order][i], normalPayments([]ordering.Payment{wr.State})[0])
	}
	for _, wr := range c.Carts {
		w.same("the cart", after.Carts[wr.State.ID], normalCart(wr.State))
	}
	for _, p := range c.Purges {
		if cart, left := after.Carts[p.Cart]; left {
			w.Errorf("a purged cart is still there: %+v", cart)
		}
	}
	for _, a := range c.Attach {
		w.same("the attachment", after.Attachments[a.Kind+"/"+a.Key], string(a.Data))
	}
	for _, e := range c.Inbox {
		wanted := map[string]ordering.InboxEvent{}
		if !e.Due.IsZero() {
			wanted[e.Event.ID] = e
		}
		got := map[string]ordering.InboxEvent{}
		if kept, ok := after.Inbox[e.Event.ID]; ok {
			got[e.Event.ID] = kept
		}
		w.same("the event that waits", got, wanted)
	}
	if c.Command != nil {
		stored := ports.CommandRecord{}
		if before.Record != nil {
			stored = *before.Record
		}
		next := ordering.NextRecord(stored, *c.Command)
		w.same("the command's record", after.Record, &next)
	}
}

// moved adds up what the effects change of each SKU, when each is new.
func moved(effects []ordering.StockEffect) (onHand, reserved map[ref.SKU]int64) {
	onHand, reserved = map[ref.SKU]int64{}, map[ref.SKU]int64{}
	for _, e := range effects {
		switch e.Kind {
		case ordering.StockClaim:
			reserved[e.SKU] += e.Quantity
		case ordering.StockConsume:
			onHand[e.SKU] -= e.Quantity
			reserved[e.SKU] -= e.Quantity
		case ordering.StockRelease:
			reserved[e.SKU] -= e.Quantity
		case ordering.StockRestock:
			onHand[e.SKU] += e.Quantity
		case ordering.StockExtend:
		default:
		}
	}
	return onHand, reserved
}

// sameEvents checks events and their order; payloads are compared as JSON, whatever their spacing.
func (w *world) sameEvents(got, wanted []event.Event) {
	w.Helper()
	w.same("the events", normalEvents(got), normalEvents(wanted))
}

// normalEvents brings payloads to one spelling.
func normalEvents(in []event.Event) []event.Event {
	var out []event.Event
	for _, e := range in {
		var b bytes.Buffer
		if json.Compact(&b, e.Data) == nil {
			e.Data = b.Bytes()
		}
		out = append(out, e)
	}
	return out
}

// normalOrder takes an empty list for none.
func normalOrder(o ordering.Order) ordering.Order {
	o.Lines, o.Shipping, o.Timeline, o.Taxes = none(o.Lines), none(o.Shipping), none(o.Timeline), none(o.Taxes)
	o.Fulfilments, o.Notes, o.Open = none(o.Fulfilments), none(o.Notes), none(o.Open)
	return o
}

// normalCart takes an empty list for none.
func normalCart(c ordering.Cart) ordering.Cart {
	c.Lines = none(c.Lines)
	return c
}

// normalPayments takes an empty list for none.
func normalPayments(in []ordering.Payment) []ordering.Payment {
	out := slices.Clone(in)
	for i := range out {
		out[i].Entries = none(out[i].Entries)
	}
	return none(out)
}

// none is nil for an empty list.
func none[T any](in []T) []T {
	if len(in) == 0 {
		return nil
	}
	return in
}
