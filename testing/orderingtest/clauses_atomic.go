package orderingtest

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"sync"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// errInjected is what the suite makes stores fail with.
var errInjected = errors.New("injected by the suite")

// atomicClauses prove [commit-atomic].
func atomicClauses() []Clause[Harness] {
	const id = "commit-atomic"
	out := []Clause[Harness]{
		{ID: id, Case: "a short line", Run: shortLine},
		{ID: id, Case: "a stale payment", Run: stalePayment},
		{ID: id, Case: "readers see no part", Run: readersSeeNoPart},
	}
	for _, p := range ordering.Points() {
		for _, of := range []struct {
			what    string
			prepare func(*world) ordering.Commit
		}{{"claim", fullClaim}, {"settlement", fullSettlement}} {
			out = append(out, Clause[Harness]{ID: id, Case: fmt.Sprintf("fault at %s of a %s", p, of.what), Run: func(t TB, open func(TB) Harness) {
				faultLeavesAllOrNothing(begin(t, open), p, of.prepare)
			}})
		}
		out = append(out, Clause[Harness]{ID: id, Case: fmt.Sprintf("fault at %s beside others", p), Run: func(t TB, open func(TB) Harness) {
			faultBesideOthers(begin(t, open), p)
		}})
	}
	return out
}

// fullClaim prepares a commit that has a part of every kind and begins its command.
func fullClaim(w *world) ordering.Commit {
	w.seed("A", 10)
	w.seed("B", 10)
	c := w.place(w.cart(want{"A", 2}, want{"B", 3})).commit
	c.Attach = []ordering.Attachment{{Kind: "erp", Key: "1", Data: []byte("row")}}
	c.Inbox = []ordering.InboxEvent{w.waitingEvent("evt-1", w.at)}
	return c
}

// fullSettlement prepares a commit that changes an aggregate of every kind and finishes its command.
func fullSettlement(w *world) ordering.Commit {
	w.seed("A", 10)
	c := w.settle(w.order(want{"A", 2}), ordering.ChargeDeclined).commit
	c.Attach = []ordering.Attachment{{Kind: "erp", Key: "1", Data: []byte("row")}}
	return c
}

func faultLeavesAllOrNothing(w *world, p ordering.Point, prepare func(*world) ordering.Commit) {
	w.Helper()
	if w.excused(w.h.features.NoFaults) {
		return
	}
	c := prepare(w)
	before := w.look(c)
	w.h.Faults.Inject(p, errInjected)
	_, err := w.commit(c)
	w.h.Faults.Clear()
	after := w.look(c)
	if err == nil || !reflect.DeepEqual(after, before) {
		w.everything(c, before, after)
	}
	if _, err := w.commit(c); err != nil {
		w.Errorf("the same commit again, after a fault at %s: %v", p, err)
	}
	w.everything(c, before, w.look(c))
}

// faultBesideOthers breaks one of many commits that run at once, and demands that each is wholly true or not at all,
// and that trying all of them again makes each true exactly once.
func faultBesideOthers(w *world, p ordering.Point) {
	w.Helper()
	if w.excused(w.h.features.NoFaults) {
		return
	}
	w.seed("A", 100)
	commits := make([]ordering.Commit, racers/2)
	for i := range commits {
		commits[i] = w.place(w.cart(want{"A", 1})).commit
	}
	before := make([]found, len(commits))
	for i, c := range commits {
		before[i] = w.glance(c)
	}
	w.h.Faults.Inject(p, errInjected)
	answers := w.race(commits...)
	w.h.Faults.Clear()
	var written int64
	for i, a := range answers {
		after := w.glance(a.commit)
		if after.Record == nil && len(after.Orders) == 0 {
			w.same("the cart of a commit that failed", after.Carts, before[i].Carts)
			if a.accepted() {
				w.Errorf("a commit was accepted beside a fault at %s and is not there", p)
			}
			continue
		}
		written++
		w.written(a.commit, before[i], after)
	}
	w.levels("A", 100, written)
	for i, a := range w.race(commits...) {
		if a.err != nil {
			w.Errorf("a commit again, after a fault at %s beside it: %v", p, a.err)
		}
		w.written(a.commit, before[i], w.glance(a.commit))
	}
	w.levels("A", 100, int64(len(commits)))
	told := map[string]int{}
	for _, e := range w.told() {
		told[e.ID.String()]++
	}
	for _, c := range commits {
		for _, e := range c.Events {
			if n := told[e.ID.String()]; n != 1 {
				w.Errorf("an event was told %d times after a fault at %s", n, p)
			}
		}
	}
}

func shortLine(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 10)
	w.seed("B", 1)
	c := w.place(w.cart(want{"A", 2}, want{"B", 2})).commit
	c.Attach = []ordering.Attachment{{Kind: "erp", Key: "1", Data: []byte("row")}}
	before := w.look(c)
	if _, err := w.commit(c); err == nil {
		w.Errorf("a commit whose stock is short was accepted")
	}
	w.nothing(before, w.look(c))
}

func stalePayment(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := fullSettlement(w)
	c.Payments[0].Expected += 3
	c.Payments[0].State.Version += 3
	before := w.look(c)
	if _, err := w.commit(c); err == nil {
		w.Errorf("a commit with a payment that does not follow was accepted")
	}
	w.nothing(before, w.look(c))
}

// readersSeeNoPart watches for the record of each commit; once it is there all else must be.
func readersSeeNoPart(t TB, open func(TB) Harness) {
	w := begin(t, open)
	const n = 20
	w.seed("A", n)
	orders := make([]placed, n)
	for i := range orders {
		orders[i] = w.place(w.cart(want{"A", 1}))
	}
	var readers sync.WaitGroup
	faults := make(chan string, n)
	for i, p := range orders {
		readers.Go(func() { faults <- watch(w, p, int64(i+1)) })
		if i%4 == 3 { // A few watch at a time.
			for _, p := range orders[i-3 : i+1] {
				w.accept(p.commit)
			}
			readers.Wait()
		}
	}
	close(faults)
	for f := range faults {
		if f != "" {
			w.Errorf("a reader saw a part of a commit: %s", f)
		}
	}
}

// watch waits for the record of an order's command, and says what is missing then.
func watch(w *world, p placed, reserved int64) string {
	for {
		r, err := w.h.Commands.Find(w.Context(), p.commit.Command.Key)
		if err != nil {
			return err.Error()
		}
		if r != nil {
			break
		}
		runtime.Gosched()
	}
	if _, payments, err := w.h.Orders.Order(w.Context(), p.order.ID); err != nil || len(payments) != 1 {
		return fmt.Sprintf("the order with %d payments (%v)", len(payments), err)
	}
	if cart, err := w.h.Carts.Cart(w.Context(), p.cart.ID); err != nil || cart.Status != ordering.CartDone {
		return fmt.Sprintf("the cart is %q (%v)", cart.Status, err)
	}
	position, err := w.h.Stock.Position(w.Context(), "A")
	if _, now := position.Totals(); err != nil || now < reserved {
		return fmt.Sprintf("%d are reserved, want %d or more (%v)", now, reserved, err)
	}
	return ""
}

// unavailable tells whether the error says that surely nothing was done.
func unavailable(err error) bool { return err != nil && fault.KindOf(err) == fault.Unavailable }
