package simulation

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bridge/doctor"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// restRounds is how often everybody asks again in the end; what is not settled then is stuck.
const restRounds = 20

// checkAll looks at everything: as who stood outside, and as the doctor does.
func (w *world) checkAll() {
	w.history.count("look at all")
	ctx := context.Background()
	for _, id := range w.known {
		w.look(ctx, id)
	}
	for _, ss := range w.sessions {
		if may := ss.mayHaveOrdered(); len(ss.orders) > may {
			w.find("order-ghost", ss.name, sprintf("it has %d orders, and %d keys that can have made one", len(ss.orders), may))
		}
	}
	for _, g := range w.staff.goods {
		w.checkStock(ctx, []ref.SKU{g.sku})
	}
	w.examine(ctx)
}

// examine asks the doctor, in pages that are as large as may be: there is only one moment here.
func (w *world) examine(ctx context.Context) {
	d, err := doctor.New(doctor.Sources{
		Orders: w.ports.Orders, Stock: w.ports.Stock, Outbox: w.ports.Outbox, Prices: w.ports.Prices, Products: w.ports.Upkeep, Providers: w.ports.Providers, Clock: w.clock,
	}, &doctor.Options{Page: 1_000_000, Most: 10})
	if err != nil {
		w.find("unexpected-error", "doctor", err.Error())
		return
	}
	r, err := d.Examine(ctx)
	if err != nil {
		w.find("unexpected-error", "doctor", err.Error())
		return
	}
	for _, f := range r.Findings {
		if overdue := f.Check == doctor.OrderOverdue || f.Check == doctor.ClaimOverdue; overdue && len(w.rates) > 0 {
			continue // In bad weather, and when time jumps, what is due is late.
		}
		w.find(f.Check, f.Subject, "expected "+f.Expected+", got "+f.Got)
	}
}

// rest clears the weather, lets everything come to an end and looks at what is left.
func (w *world) rest() {
	w.note("rest")
	w.rates = nil
	w.drain()
	for round := 0; round < restRounds && (round == 0 || !w.quiet()) && len(w.findings) == 0; round++ {
		w.clock.Forward(time.Minute)
		w.settleAll()
		for _, s := range w.shoppers {
			s.busy = 0
		}
		for _, ss := range w.sessions {
			for _, a := range ss.attempts {
				if a.unresolved {
					a.unresolved = false // Asked for again, in fair weather, the answer is the truth.
					w.shoppers[0].busy = 0
					w.shoppers[0].try(ss, a)
				}
			}
		}
		for _, a := range w.staff.owed {
			w.staff.book(a)
		}
		for _, m := range w.desk.owed {
			w.desk.move(m)
		}
		w.drain()
		w.workOff()
	}
	if len(w.findings) > 0 {
		return
	}
	w.checkAll()
	w.leftOver()
}

// settleAll has the provider decide on everything that it left open, and tell all of it.
func (w *world) settleAll() {
	for len(w.provider.Undecided()) > 0 {
		w.settle()
	}
	w.provider.SettleEffects(1_000_000)
	for _, e := range w.provider.Outgoing() {
		w.deliverEvent(e)
		w.drain()
	}
}

// workOff has the servers do all that nobody asks for, until nothing is left of it.
func (w *world) workOff() {
	for round := 0; round < restRounds && len(w.findings) == 0; round++ {
		for moved := true; moved && len(w.findings) == 0; {
			w.idle = true
			for _, s := range w.servers {
				for range 8 {
					s.work()
					w.drain()
				}
			}
			moved = !w.idle
		}
		w.settleAll()
		if len(w.undelivered()) == 0 && len(w.provider.Outgoing()) == 0 && w.settledAll() {
			return
		}
		w.clock.Forward(5 * time.Minute) // What failed is tried again later.
	}
}

// settledAll tells whether no order waits for anything.
func (w *world) settledAll() bool {
	for _, id := range w.known {
		if o := w.orders[id]; !o.Due.IsZero() {
			return false
		}
	}
	return true
}

// undelivered lists the events that the accounts do not have.
func (w *world) undelivered() []event.Event {
	var out []event.Event
	for _, e := range w.outbox.all {
		if w.accounts.got[e.ID] == 0 {
			out = append(out, e)
		}
	}
	return out
}

// drain lets everything that is under way come to its end.
func (w *world) drain() {
	for (len(w.running) > 0 || len(w.late) > 0) && len(w.findings) == 0 {
		if len(w.late) > 0 {
			w.deliver(0)
		} else {
			w.resume(w.random.IntN(len(w.running)))
		}
		w.check()
	}
}

// quiet tells whether nobody has anything left to ask.
func (w *world) quiet() bool {
	for _, ss := range w.sessions {
		for _, a := range ss.attempts {
			if a.unresolved {
				return false
			}
		}
	}
	return len(w.staff.owed) == 0 && len(w.desk.owed) == 0 && len(w.running) == 0 && w.settledAll()
}

// leftOver looks for what must not be there when all is quiet.
func (w *world) leftOver() {
	if !w.quiet() {
		w.find("stuck", "everybody", "there is no end to asking again")
		return
	}
	for _, ss := range w.sessions {
		w.reckon(ss)
	}
	for _, g := range w.staff.goods {
		p, err := w.ports.Stock.Position(context.Background(), g.sku)
		if err != nil {
			w.find("unexpected-error", string(g.sku), err.Error())
			continue
		}
		if onHand, reserved := p.Totals(); onHand != w.staff.booked[g.sku]+w.moved[g.sku] || p.OnHandSum != onHand || p.ReservedSum != reserved {
			w.find("stock-ledger", string(g.sku), sprintf("%d on hand and %d reserved, by the ledger %d and %d; %d are there by the books",
				onHand, reserved, p.OnHandSum, p.ReservedSum, w.staff.booked[g.sku]+w.moved[g.sku]))
		}
	}
	for _, e := range w.undelivered() {
		w.find("event-undelivered", e.Aggregate, e.Name+" never came to its consumer")
	}
	w.balance()
	w.backorders()
}

// backorders compares what orders say is promised beyond stock with what their claims are owed.
func (w *world) backorders() {
	auditor, ok := ports.As[ordering.Auditor](w.ports.Orders)
	if !ok {
		return // The doctor complains.
	}
	all, err := auditor.AuditOrders(context.Background(), ref.OrderID{}, 1_000_000)
	if err != nil {
		w.find("unexpected-error", "orders", err.Error())
	}
	for _, a := range all {
		owed := map[ref.ClaimID]int64{}
		for _, c := range a.Claims {
			owed[c.Claim] = c.Owed
		}
		for _, c := range a.Order.Claims() {
			if a.Order.Live() && c.Owed != owed[c.Claim] {
				w.find("line-backordered", a.Order.ID.String(), sprintf("%s of %s is owed %d, the order says %d", c.Claim, c.SKU, owed[c.Claim], c.Owed))
			}
		}
	}
}

// reckon compares what a shopper was told with the orders of the cart.
func (w *world) reckon(ss *session) {
	told := map[ref.OrderID]bool{}
	for _, a := range ss.attempts {
		if !a.settled {
			continue
		}
		if told[a.order] {
			w.find("order-shared", ss.name, "two keys were given the order "+a.order.String())
		}
		told[a.order] = true
	}
	for _, id := range ss.orders {
		if !told[id] {
			w.find("order-ghost", id.String(), ss.name+" was never told of it")
		}
	}
}
