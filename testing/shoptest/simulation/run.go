package simulation

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// Run simulates, until the steps are done or something is found that must not be.
func Run(o Options) Report {
	o = o.withDefaults()
	w := newWorld(o)
	for w.step = 1; w.step <= o.Steps && len(w.findings) == 0; w.step++ {
		w.move()
		w.check()
		if w.step%o.Every == 0 && len(w.findings) == 0 {
			w.checkAll()
		}
	}
	w.step = min(w.step, o.Steps)
	if len(w.findings) == 0 {
		w.rest()
	}
	for _, t := range w.tasks.Tasks() {
		w.tasks.Stop(t)
	}
	return Report{
		Seed: o.Seed, Steps: w.step, Digest: w.history.digest(), Findings: w.findings, Tail: w.history.end(), Counts: w.history.counts,
	}
}

// move does one thing.
func (w *world) move() {
	w.pass()
	n := w.random.IntN(1000)
	switch {
	case n < 2 && !w.opts.Calm:
		if w.oneIn(4) {
			w.server().crash()
		}
	case n < 12 && len(w.late) > 0:
		w.deliver(w.random.IntN(len(w.late)))
	case n < 16:
		w.settle()
	case n < 24:
		w.hearProvider()
	case n < 40:
		w.staff.act()
	case n < 48:
		w.desk.act()
	case n < 68:
		w.server().work()
	case n < 200 || len(w.running) == 0:
		pick(w, w.shoppers).act()
	default:
		w.resume(w.random.IntN(len(w.running)))
	}
}

// resume gives a task a turn.
func (w *world) resume(i int) {
	r := w.running[i]
	if goesOn := w.tasks.Resume(r.task); !goesOn {
		w.running = slices.DeleteFunc(w.running, func(o running) bool { return o == r })
	}
}

// deliver does a call that was under way for a while.
func (w *world) deliver(i int) {
	do := w.late[i]
	w.late = slices.Delete(w.late, i, i+1)
	do()
}

// settle has the provider decide on something that it left open.
func (w *world) settle() {
	if w.oneIn(2) {
		if n := w.provider.SettleEffects(1); n > 0 {
			w.note("an effect was settled")
			return
		}
	}
	open := w.provider.Undecided()
	if len(open) == 0 {
		return
	}
	id := pick(w, open)
	r, _ := w.provider.Settle(id)
	w.note("settled " + id.String() + " " + string(r.State))
}

// hearProvider delivers a message of the provider: any of those that wait, so they come in any order, and now and then
// one that was taken already.
func (w *world) hearProvider() {
	waiting := w.provider.Outgoing()
	if len(w.sent) > 0 && (len(waiting) == 0 || w.oneIn(6)) {
		w.deliverEvent(pick(w, w.sent))
		return
	}
	if len(waiting) > 0 {
		w.deliverEvent(pick(w, waiting))
	}
}

// deliverEvent sends a message to a server. The provider goes on sending it until it is taken.
func (w *world) deliverEvent(e ordering.PaymentEvent) {
	srv := w.server()
	w.note(srv.name + " provider tells " + e.ID + " " + string(e.Kind) + " of " + e.Payment.String())
	message := w.provider.Message(e)
	srv.spawn("webhook", func() {
		_, err := srv.Ordering.Webhook(ctx(), w.provider.Name(), message)
		if err == nil {
			w.history.count("webhook ok")
			w.provider.Taken(e.ID)
			w.sent = append(w.sent, e)
			if len(w.sent) > 20 {
				w.sent = w.sent[1:]
			}
			return
		}
		w.history.count("webhook " + fault.CodeOf(err))
		w.note(srv.name + " webhook " + e.ID + ": " + err.Error())
		if k := fault.KindOf(err); k != fault.Unavailable && k != fault.Unknown && !fault.Is(err, fault.VersionConflict) && !fault.Is(err, ordering.WebhookRefused) {
			w.find("unexpected-error", e.ID, err.Error())
		}
	}, func() {})
}
