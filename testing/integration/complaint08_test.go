package integration_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

// Shops lose events between the commit and the broker, when a server dies, when a slow transaction commits behind a
// reader's back, and when one event that cannot be handled stops all that follow. Here each event has its effect, once
// and in order for each aggregate, whatever dies.
func TestComplaint08LostEvent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(t *testing.T, h portstest.Harness){
		"crash between commit and publish":  lostInACrash,
		"relays that die while many commit": lostAmongRelays,
		"an event that cannot be handled":   lostBehindPoison,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Run("memory", func(t *testing.T) {
				t.Parallel()
				test(t, memoryStore().ports(t))
			})
			t.Run("sqlite", func(t *testing.T) {
				t.Parallel()
				test(t, sqliteStore().ports(t))
			})
			t.Run("postgres", func(t *testing.T) {
				t.Parallel()
				if needsDatabase(t) {
					test(t, postgresStore(t).ports(t))
				}
			})
		})
	}
	t.Run("a slow transaction with a lower position", func(t *testing.T) {
		t.Parallel()
		if needsDatabase(t) {
			lostBehindASlowTransaction(t)
		}
	})
}

// effects is a consumer that drops what it has seen, as consumers do, and keeps what remains. Safe for concurrent use.
type effects struct {
	mu      sync.Mutex
	seen    map[ref.EventID]bool
	got     map[string][]ref.EventID
	doubles int
}

func newEffects() *effects {
	return &effects{seen: map[ref.EventID]bool{}, got: map[string][]ref.EventID{}}
}

func (x *effects) take(e event.Event) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.seen[e.ID] {
		x.doubles++
		return
	}
	x.seen[e.ID] = true
	x.got[e.Aggregate] = append(x.got[e.Aggregate], e.ID)
}

func (x *effects) count() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.seen)
}

// want checks that an aggregate's events had their effect, all of them and in order.
func (x *effects) want(t *testing.T, told map[string][]ref.EventID) {
	t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	for aggregate, want := range told {
		if !slices.Equal(x.got[aggregate], want) {
			t.Errorf("%s: took %v, want %v", aggregate, x.got[aggregate], want)
		}
	}
}

// teller commits events and remembers them by aggregate, in the order of the commits. Safe for concurrent use with an
// aggregate a goroutine.
type teller struct {
	t    *testing.T
	h    portstest.Harness
	ids  *system.IDs
	mu   sync.Mutex
	told map[string][]ref.EventID
}

func newTeller(t *testing.T, h portstest.Harness) *teller {
	t.Helper()
	return &teller{t: t, h: h, ids: system.NewIDs(), told: map[string][]ref.EventID{}}
}

func (w *teller) tell(aggregate string, n int) {
	w.t.Helper()
	e := event.New(ref.NewID[ref.EventKind](w.ids.New()), aggregate, orderingtest.Moment(), happened{n})
	if _, err := w.h.Committer.Commit(w.t.Context(), ordering.Commit{At: orderingtest.Moment(), Events: []event.Event{e}}); err != nil {
		w.t.Errorf("Commit: %v", err)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told[aggregate] = append(w.told[aggregate], e.ID)
}

// relayOf makes a relay that keeps no time itself.
func relayOf(h portstest.Harness, clock ports.Clock, name string, handle system.Handler) *system.Relay {
	return system.NewRelay(h.Outbox, clock, system.NewIDs().New(), []system.Consumer{{Name: name, Handle: handle}}, &system.RelayOptions{Parallel: 1, Batch: 7})
}

// until steps a relay until the condition holds.
func until(t *testing.T, r *system.Relay, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		for progress := true; progress && !holds(); {
			progress, _ = r.Step(t.Context())
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}

// carried is the consumer that these tests look at.
const carried = "carried"

// lag is how many events the consumer has not taken.
func lag(t *testing.T, h portstest.Harness) int {
	t.Helper()
	owed, err := h.Outbox.Pending(t.Context(), carried, 1_000_000)
	if err != nil {
		t.Fatalf("Pending: %v", err)
	}
	return len(owed)
}

// crash is what a server's death looks like to its relay: nothing of what it does comes true any more.
type crash struct {
	ports.Outbox
	ackedOnce bool
}

func (c *crash) Ack(context.Context, ports.Progress) error {
	c.ackedOnce = true
	return errors.New("the server is gone")
}

func lostInACrash(t *testing.T, h portstest.Harness) {
	clock := orderingtest.NewClock(orderingtest.Moment())
	w := newTeller(t, h)
	for n := range 5 {
		w.tell("x", n)
		w.tell("y", n)
	}
	x := newEffects()
	dies := &crash{Outbox: h.Outbox}
	handle := func(_ context.Context, e event.Event) error {
		x.take(e)
		return nil
	}
	until(t, relayOf(portstest.Harness{Outbox: dies}, clock, carried, handle), "a delivery", func() bool { return dies.ackedOnce })
	if lag(t, h) != 10 {
		t.Fatalf("%d events are owed after the crash, want all", lag(t, h))
	}
	next := relayOf(h, clock, carried, handle)
	if _, err := next.Step(t.Context()); err != nil || lag(t, h) != 10 {
		t.Fatalf("the next relay took over a lease that is alive: %v", err)
	}
	clock.Advance(system.RelayLease)
	until(t, next, "what the dead one owed", func() bool { return lag(t, h) == 0 })
	x.want(t, w.told)
	if x.doubles == 0 {
		t.Error("nothing was delivered twice, so nothing was lost in the crash")
	}
}

func lostAmongRelays(t *testing.T, h portstest.Harness) {
	const aggregates, each, deaths = 24, 40, 10
	clock := orderingtest.NewClock(orderingtest.Moment())
	w, x, other := newTeller(t, h), newEffects(), newEffects()
	var telling sync.WaitGroup
	for a := range aggregates {
		telling.Go(func() {
			for n := range each {
				w.tell(fmt.Sprintf("thing_%d", a), n)
			}
		})
	}
	defer telling.Wait()
	random := rand.New(rand.NewPCG(8, 8))
	unlucky := func(e event.Event) bool { return e.ID.UUID()[15] == 7 && random.IntN(3) > 0 } // Fails now and then.
	handle := func(_ context.Context, e event.Event) error {
		if unlucky(e) {
			return errors.New("not now")
		}
		x.take(e)
		return nil
	}
	start := func() *system.Relay { return relayOf(h, clock, carried, handle) }
	independent := relayOf(h, clock, "another", func(_ context.Context, e event.Event) error {
		other.take(e)
		return nil
	})
	relays := []*system.Relay{start(), start()}
	died := 0
	for deadline := time.Now().Add(3 * patience); x.count() < aggregates*each || other.count() < aggregates*each || died < deaths; {
		if time.Now().After(deadline) {
			t.Fatalf("%d and %d of %d events came, after %d deaths", x.count(), other.count(), aggregates*each, died)
		}
		for _, r := range append(relays, independent) {
			_, _ = r.Step(t.Context())
		}
		clock.Advance(time.Second)
		if random.IntN(20) == 0 { // One dies and leaves its leases, and a new one starts.
			relays[random.IntN(2)] = start()
			died++
		}
	}
	telling.Wait()
	until(t, relays[0], "no lag", func() bool {
		clock.Advance(time.Second)
		return lag(t, h) == 0
	})
	x.want(t, w.told)
	other.want(t, w.told)
}

func lostBehindPoison(t *testing.T, h portstest.Harness) {
	clock := orderingtest.NewClock(orderingtest.Moment())
	w, x := newTeller(t, h), newEffects()
	var poison ref.EventID
	r := relayOf(h, clock, carried, func(_ context.Context, e event.Event) error {
		if e.ID == poison {
			return errors.New("poison")
		}
		x.take(e)
		return nil
	})
	w.tell("bad", 0)
	poison = w.told["bad"][0]
	for n := range 20 {
		w.tell("bad", n)
		for a := range 20 { // So many that some share the partition.
			w.tell(fmt.Sprintf("good_%d", a), n)
		}
	}
	until(t, r, "the good ones", func() bool { return x.count() == 400 })
	if n := lag(t, h); n != 21 {
		t.Fatalf("%d events are owed, want those of the bad one", n)
	}
	parked := func() ports.ParkedAggregate {
		t.Helper()
		list, err := h.Parked.Parked(t.Context(), carried, "", 10)
		if err != nil || len(list) != 1 || list[0].Aggregate != "bad" {
			t.Fatalf("parked are %+v, %v", list, err)
		}
		return list[0]
	}
	until(t, r, "that it gives up", func() bool {
		clock.Advance(time.Second)
		return parked().Due.IsZero()
	})
	if p := parked(); p.Attempts != system.RelayAttempts || p.Events != 21 || p.Cause != "poison" || p.First.ID != poison {
		t.Errorf("parked is %+v", p)
	}
	err := h.Parked.Skip(t.Context(), ports.EventSkip{
		Consumer: carried, Aggregate: "bad", Event: poison.UUID(), Reason: "nobody can handle it", At: clock.Now(),
	})
	if err != nil {
		t.Fatalf("Skip: %v", err)
	}
	w.tell("bad", 20)
	until(t, r, "what waited and came after", func() bool { return x.count() == 421 }) // The lag may not show the last one yet.
	w.told["bad"] = w.told["bad"][1:]
	x.want(t, w.told)
}

func lostBehindASlowTransaction(t *testing.T) {
	dsn := database(t)
	cfg := small(dsn)
	h := portsOn(t, cfg)
	clock := orderingtest.NewClock(orderingtest.Moment())
	w, x := newTeller(t, h), newEffects()
	handle := func(_ context.Context, e event.Event) error {
		x.take(e)
		return nil
	}
	relays := []*system.Relay{relayOf(h, clock, carried, handle), relayOf(h, clock, carried, handle)}
	step := func(times int) {
		for range times {
			for _, r := range relays {
				if _, err := r.Step(t.Context()); err != nil {
					t.Errorf("Step: %v", err)
				}
			}
			clock.Advance(time.Second)
		}
	}
	step(30) // They share.
	var late []event.Event
	slow := beginSlow(t, dsn)
	for n := range 5 {
		e := event.New(ref.NewID[ref.EventKind](w.ids.New()), fmt.Sprintf("slow_%d", n), orderingtest.Moment(), happened{n})
		slow.write(e)
		late = append(late, e)
	}
	for n := range 20 {
		w.tell(fmt.Sprintf("quick_%d", n%4), n)
	}
	step(10)
	if n := x.count(); n != 0 {
		t.Errorf("%d events passed a transaction that is still running", n)
	}
	slow.exec("COMMIT")
	for deadline := time.Now().Add(patience); x.count() < 25 && time.Now().Before(deadline); {
		step(1)
	}
	for _, e := range late {
		w.told[e.Aggregate] = []ref.EventID{e.ID}
	}
	x.want(t, w.told)
	if x.doubles != 0 {
		t.Errorf("%d were delivered twice, though nobody died", x.doubles)
	}
}
