package simulation

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/shoptest"
)

// desk are those who look after orders: they send goods, take money, send it back, and give orders up.
type desk struct {
	*shopper

	moves int
	owed  []transfer // Of which nobody knows what became.
	made  map[string]ordering.Moved
}

// transfer is a capture or a refund under its key.
type transfer struct {
	refund bool
	order  ref.OrderID
	amount *money.Money
	key    string
}

func newDesk(w *world) *desk {
	return &desk{shopper: &shopper{world: w, name: "desk"}, made: map[string]ordering.Moved{}}
}

// act does something to an order.
func (d *desk) act() {
	w := d.world
	if d.busy >= busyMost {
		return
	}
	if len(d.owed) > 0 && w.oneIn(2) {
		d.move(d.owed[0])
		return
	}
	if len(w.known) == 0 {
		return
	}
	o := w.orders[pick(w, w.known[max(0, len(w.known)-30):])]
	if w.oneIn(12) {
		w.provider.ScriptEffects(pick(w, shoptest.EffectBehaviours()))
	}
	switch n := w.random.IntN(100); {
	case n < 25:
		d.fulfil(o.Order)
	case n < 32:
		d.delivered(o.Order)
	case n < 38:
		d.callBack(o.Order)
	case n < 58:
		d.move(d.transfer(o, false))
	case n < 72:
		d.move(d.transfer(o, true))
	case n < 82:
		d.order("cancel", o.ID, func(ctx context.Context, srv *server) error {
			_, err := srv.Ordering.Cancel(ctx, o.ID, "the buyer called")
			return err
		})
	case n < 86:
		d.order("void", o.ID, func(ctx context.Context, srv *server) error {
			_, err := srv.Ordering.Void(ctx, o.ID)
			return err
		})
	case n < 92:
		giveUp := w.oneIn(2)
		d.order("complete", o.ID, func(ctx context.Context, srv *server) error {
			_, err := srv.Ordering.Complete(ctx, o.ID, giveUp)
			return err
		})
	default:
		d.order("note", o.ID, func(ctx context.Context, srv *server) error {
			_, err := srv.Ordering.AddNote(ctx, o.ID, "ada", "the parcel is wet")
			return err
		})
	}
}

// order does something to an order. What is refused is refused; that the order is missing cannot be.
func (d *desk) order(what string, id ref.OrderID, do func(ctx context.Context, srv *server) error) {
	d.call(what+" "+id.String(), do, func(err error) {
		if fault.Is(err, fault.Missing) {
			d.world.find("order-lost", id.String(), "it cannot be found to "+what)
		}
	})
}

// fulfil sends goods: all that is there, or some of a line.
func (d *desk) fulfil(o ordering.Order) {
	w := d.world
	var lines []ordering.SendLine
	if len(o.Lines) > 0 && w.oneIn(2) {
		lines = []ordering.SendLine{{Line: pick(w, o.Lines).ID, Quantity: 1 + w.random.Int64N(2)}}
	}
	d.order("fulfil", o.ID, func(ctx context.Context, srv *server) error {
		_, _, err := srv.Ordering.Fulfil(ctx, o.ID, lines, nil)
		return err
	})
}

// delivered marks goods as delivered.
func (d *desk) delivered(o ordering.Order) {
	if len(o.Fulfilments) == 0 {
		return
	}
	f := pick(d.world, o.Fulfilments)
	d.order("deliver", o.ID, func(ctx context.Context, srv *server) error {
		_, err := srv.Ordering.MarkDelivered(ctx, o.ID, f.ID)
		return err
	})
}

// callBack calls goods back; some come back broken.
func (d *desk) callBack(o ordering.Order) {
	if len(o.Fulfilments) == 0 {
		return
	}
	f := pick(d.world, o.Fulfilments)
	var damaged []ordering.SendLine
	if d.world.oneIn(3) {
		damaged = []ordering.SendLine{{Line: f.Lines[0].Line, Quantity: 1}}
	}
	d.order("callback", o.ID, func(ctx context.Context, srv *server) error {
		_, err := srv.Ordering.CancelFulfilment(ctx, o.ID, f.ID, damaged)
		return err
	})
}

// transfer makes a capture or a refund of some or all.
func (d *desk) transfer(o seen, refund bool) transfer {
	w := d.world
	d.moves++
	t := transfer{refund: refund, order: o.ID, key: fmt.Sprintf("move-%d", d.moves)}
	if total := o.Totals.Total.Minor(); w.oneIn(2) && total > 0 {
		amount := money.New(1+w.random.Int64N(total), o.Currency())
		t.amount = &amount
	}
	return t
}

// move sends a capture or a refund, with the same key for as long as nobody knows what became of it.
func (d *desk) move(t transfer) {
	what := "capture"
	if t.refund {
		what = "refund"
	}
	var moved ordering.Moved
	_, after := d.made[t.key]
	d.call(what+" "+t.order.String()+" "+t.key, func(ctx context.Context, srv *server) (err error) {
		if t.refund {
			moved, err = srv.Ordering.Refund(ctx, ordering.RefundRequest{Order: t.order, Amount: t.amount, Reason: "it is wet", Actor: "desk", Key: t.key})
		} else {
			moved, err = srv.Ordering.Capture(ctx, ordering.CaptureRequest{Order: t.order, Amount: t.amount, Actor: "desk", Key: t.key})
		}
		return err
	}, func(err error) { d.moved(t, moved, err, after) })
}

// moved takes the answer of a capture or a refund.
func (d *desk) moved(t transfer, moved ordering.Moved, err error, after bool) {
	w := d.world
	for i, o := range d.owed {
		if o.key == t.key {
			d.owed = append(d.owed[:i:i], d.owed[i+1:]...)
			break
		}
	}
	before, known := d.made[t.key]
	switch {
	case err == nil:
		if known && (before.Capture != moved.Capture || before.Refund != moved.Refund) {
			w.find("answer-changed", t.key, "the same key moved money twice")
		}
		d.made[t.key] = moved
	case fault.KindOf(err) == fault.Unknown, fault.KindOf(err) == fault.Unavailable, fault.Is(err, ordering.InProgress):
		d.owed = append(d.owed, t)
	case fault.Is(err, fault.Missing):
		w.find("order-lost", t.order.String(), "it cannot be found")
	case known && after:
		w.find("answer-changed", t.key, "it was moved and is refused: "+err.Error())
	}
}
