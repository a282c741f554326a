package system_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
)

// The tests of Run are in bubbles, where time passes only when everybody waits; those of Step keep the time themselves.

// run starts the relay and gives what stops it and waits for its end.
func run(t *testing.T, r interface{ Run(context.Context) error }) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	return func() {
		t.Helper()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v, want the context's error", err)
		}
	}
}

func TestRelayDeliversInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, k := newBox(), &taken{}
		b.tell("a", 1, 2, 3, 4, 5) // Before it starts, and more than a batch.
		b.tell("b", 11, 12, 13)
		stop := run(t, system.NewRelay(b, system.NewClock(), owner(1), consumers(k.handler), &system.RelayOptions{Batch: 4}))
		synctest.Wait()
		k.want(t, "a", "1", "2", "3", "4", "5")
		k.want(t, "b", "11", "12", "13")
		time.Sleep(system.RelayPace)
		synctest.Wait()
		start, reads := time.Now(), b.reads
		b.tell("a", 6) // After a while without events it is carried at once, and what follows soon goes together.
		synctest.Wait()
		k.want(t, "a", "1", "2", "3", "4", "5", "6")
		if time.Since(start) != 0 || b.owed() != 0 {
			t.Errorf("%d events are owed after %s, want none at once", b.owed(), time.Since(start))
		}
		b.tell("a", 7)
		b.tell("b", 14)
		b.tell("a", 8)
		time.Sleep(system.RelayPace)
		synctest.Wait()
		k.want(t, "a", "1", "2", "3", "4", "5", "6", "7", "8")
		k.want(t, "b", "11", "12", "13", "14")
		if n := b.reads - reads; n != 2 {
			t.Errorf("read %d times for what came at once and soon after, want 2", n)
		}
		stop()
		if n := b.held(); n != 0 {
			t.Errorf("a relay that stopped holds %d partitions", n)
		}
	})
}

// deaf is an outbox that wakes nobody, as when another process commits.
type deaf struct{ *box }

func (deaf) Wake() <-chan struct{} { return nil }

func TestRelayPollsAndRenews(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, k := newBox(), &taken{}
		stop := run(t, system.NewRelay(deaf{b}, system.NewClock(), owner(1), consumers(k.handler), nil))
		synctest.Wait()
		b.tell("a", 1)
		time.Sleep(system.RelayPoll)
		synctest.Wait()
		k.want(t, "a", "1")
		time.Sleep(10*system.RelayLease - system.RelayPoll)
		synctest.Wait()
		if b.claims > 32 || b.reads > 303 {
			t.Errorf("an idle relay claimed %d times and read %d times in %s", b.claims, b.reads, 10*system.RelayLease)
		}
		if b.claims < 28 {
			t.Errorf("claimed %d times in %s, so its lease was over at times", b.claims, 10*system.RelayLease)
		}
		stop()
	})
}

// broken is a handler that fails for some events until it is mended.
type broken struct {
	taken
	names string // Of the events, as words.
	err   error
	tries []time.Time
	clock ports.Clock
}

func (h *broken) handler(_ context.Context, e event.Event) error {
	if h.err != nil && strings.Contains(" "+h.names+" ", " "+e.Name+" ") {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.tries = append(h.tries, h.clock.Now())
		if len(h.tries) == 3 {
			panic("worse than broken")
		}
		return h.err
	}
	h.take(e)
	return nil
}

// settle steps until nothing moves.
func settle(t *testing.T, r interface {
	Step(context.Context) (bool, error)
},
) (errs []error) {
	t.Helper()
	for range 1000 {
		progress, err := r.Step(t.Context())
		if err != nil {
			errs = append(errs, err)
		}
		if !progress {
			return errs
		}
	}
	t.Fatal("it does not come to rest")
	return nil
}

func TestRelayParksWhatFailsAndNothingElse(t *testing.T) {
	t.Parallel()
	clock, b := newStepClock(), newBox()
	h := &broken{names: "2", err: errors.New("broken"), clock: clock}
	r := system.NewRelay(b, clock, owner(1), consumers(h.handler), &system.RelayOptions{Attempts: 5, Parallel: 1})
	b.tell("a", 1, 2, 3)
	b.tell("b", 11, 12)
	b.tell("a", 4)
	if errs := settle(t, r); len(errs) != 1 || !errors.Is(errs[0], h.err) {
		t.Errorf("told of %v", errs)
	}
	h.want(t, "a", "1")
	h.want(t, "b", "11", "12")
	start := clock.Now()
	var errs []error
	for range 100 {
		b.tell("a", 5)
		b.tell("b", 13)
		clock.advance(500 * time.Millisecond)
		errs = append(errs, settle(t, r)...)
	}
	h.want(t, "a", "1")
	if n := len(h.got["b"]); n != 102 {
		t.Errorf("%d of b are delivered while a waits, want 102", n)
	}
	wait := time.Second
	for i, at := range h.tries[1:] {
		if got := at.Sub(h.tries[i]); got != wait {
			t.Errorf("attempt %d came after %s, want %s", i+2, got, wait)
		}
		wait *= 2
	}
	if len(h.tries) != 5 || !strings.Contains(errs[1].Error(), "panic with a value of type string") {
		t.Errorf("tried %d times, told of %v", len(h.tries), errs)
	}
	f := b.failed["a"]
	if f.Attempts != 5 || !f.Due.IsZero() || f.Cause != "broken" {
		t.Errorf("after %s it is parked as %+v", clock.Now().Sub(start), f)
	}
	h.err = nil
	b.failed["a"] = ports.Failure{Due: clock.Now()} // Somebody retries it.
	b.tell("a", 6)
	settle(t, r)
	want := append([]string{"1", "2", "3", "4"}, strings.Fields(strings.Repeat("5 ", 100)+"6")...)
	h.want(t, "a", want...)
	if b.owed() != 0 {
		t.Errorf("%d events are owed", b.owed())
	}
}

func TestRelayDrainsLongQueuesInOrder(t *testing.T) {
	t.Parallel()
	clock, b := newStepClock(), newBox()
	h := &broken{names: "1", err: errors.New("broken"), clock: clock}
	r := system.NewRelay(b, clock, owner(1), consumers(h.handler), &system.RelayOptions{Batch: 2, Parallel: 1})
	b.tell("a", 1, 2, 3, 4, 5, 6, 7)
	settle(t, r)
	h.err = nil
	clock.advance(time.Second)
	b.tell("a", 8, 9)
	settle(t, r)
	h.want(t, "a", "1", "2", "3", "4", "5", "6", "7", "8", "9")
}

func TestRelayLeavesAloneWhatIsDown(t *testing.T) {
	t.Parallel()
	clock, b := newStepClock(), newBox()
	tries := 0
	down := errors.New("down")
	k := &taken{}
	r := system.NewRelay(b, clock, owner(1), consumers(func(_ context.Context, e event.Event) error {
		tries++
		if down != nil {
			return down
		}
		k.take(e)
		return nil
	}), &system.RelayOptions{Attempts: 3, Parallel: 1})
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}
	for i, name := range names {
		b.tell(name, i)
	}
	for range 3600 {
		settle(t, r)
		clock.advance(time.Second)
	}
	if tries > 1000 {
		t.Errorf("tried %d times within an hour", tries)
	}
	down = nil
	for range 600 {
		settle(t, r)
		clock.advance(time.Second)
	}
	if b.owed() != 0 || len(k.all) != len(names) {
		t.Errorf("%d of %d events came, %d are owed: an outage is not the events' fault", len(k.all), len(names), b.owed())
	}
}

func TestRelaysShareAndTakeOver(t *testing.T) {
	t.Parallel()
	clock, b, k := newStepClock(), newBox(), &taken{}
	var relays []*system.Relay
	for n := range 2 {
		relays = append(relays, system.NewRelay(b, clock, owner(byte(n+1)), consumers(k.handler), &system.RelayOptions{Parallel: 1}))
	}
	for range 30 {
		settle(t, relays[0])
		settle(t, relays[1])
		clock.advance(time.Second)
	}
	count := map[[16]byte]int{}
	for _, l := range b.leases {
		count[l.Owner]++
	}
	if count[owner(1)] != 8 || count[owner(2)] != 8 {
		t.Errorf("two relays hold %v", count)
	}
	b.tell("a", 1)
	b.tell("b", 2)
	clock.advance(system.RelayLease) // One has crashed: only the other steps.
	settle(t, relays[1])
	clock.advance(system.RelayLease)
	settle(t, relays[1])
	k.want(t, "a", "1")
	k.want(t, "b", "2")
	if err := relays[1].Release(t.Context()); err != nil || b.held() != 0 {
		t.Errorf("Release: %v, %d partitions are held", err, b.held())
	}
}

func TestRelayThatLostItsLeaseWritesNothing(t *testing.T) {
	t.Parallel()
	clock, b, k := newStepClock(), newBox(), &taken{}
	other := system.NewRelay(b, clock, owner(2), consumers(k.handler), &system.RelayOptions{Parallel: 1})
	var slow taken
	r := system.NewRelay(b, clock, owner(1), consumers(func(_ context.Context, e event.Event) error {
		slow.take(e)
		if e.Name == "2" { // It hangs for longer than its lease, and the other one takes over.
			clock.advance(2 * system.RelayLease)
			settle(t, other)
		}
		return nil
	}), &system.RelayOptions{Parallel: 1})
	b.tell("a", 1, 2, 3)
	_, err := r.Step(t.Context())
	if err == nil || !strings.Contains(err.Error(), ports.LeaseLost.Code()) {
		t.Errorf("got error %v, want that the lease was lost", err)
	}
	slow.want(t, "a", "1", "2") // The third is the other's.
	k.want(t, "a", "1", "2", "3")
	if b.owed() != 0 {
		t.Errorf("%d events are owed", b.owed())
	}
}

func TestRelayRenewsWithinALongBatch(t *testing.T) {
	t.Parallel()
	clock, b, k := newStepClock(), newBox(), &taken{}
	r := system.NewRelay(b, clock, owner(1), consumers(func(_ context.Context, e event.Event) error {
		k.take(e)
		clock.advance(system.RelayLease / 4)
		return nil
	}), &system.RelayOptions{Parallel: 1})
	b.tell("a", 1, 2, 3, 4, 5, 6, 7, 8, 9)
	if errs := settle(t, r); len(errs) != 0 {
		t.Errorf("told of %v", errs)
	}
	k.want(t, "a", "1", "2", "3", "4", "5", "6", "7", "8", "9")
	if b.claims < 4 {
		t.Errorf("claimed %d times while it delivered for %s", b.claims, 9*system.RelayLease/4)
	}
}

func TestRelayBacksOffFromAnOutboxThatIsDown(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"claim", "read"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			clock, b, k := newStepClock(), newBox(), &taken{}
			calls, down := 0, errors.New("no outbox")
			b.breakCall = func(c string) error {
				if c == call {
					calls++
					return down
				}
				return nil
			}
			r := system.NewRelay(b, clock, owner(1), consumers(k.handler), &system.RelayOptions{Parallel: 1})
			b.tell("a", 1)
			told := 0
			for range 600 { // It asks every four seconds.
				told += len(settle(t, r))
				clock.advance(time.Second)
			}
			if calls > 160 || told != calls {
				t.Errorf("asked %d times within ten minutes, told of %d", calls, told)
			}
			down = nil
			clock.advance(r.Next().Sub(clock.Now()))
			settle(t, r)
			k.want(t, "a", "1")
		})
	}
}

func TestRelayDeliversAgainWhatWasNotAcknowledged(t *testing.T) {
	t.Parallel()
	clock, b, k := newStepClock(), newBox(), &taken{}
	fails := 1
	b.breakCall = func(call string) error {
		if call == "ack" && fails > 0 {
			fails--
			return errors.New("no ack")
		}
		return nil
	}
	r := system.NewRelay(b, clock, owner(1), consumers(k.handler), &system.RelayOptions{Parallel: 1})
	b.tell("a", 1, 2)
	for range 3 {
		settle(t, r)
		clock.advance(time.Second)
	}
	k.want(t, "a", "1", "2", "1", "2")
	if b.owed() != 0 {
		t.Errorf("%d events are owed", b.owed())
	}
}

func TestRelayLooksSoonForWhatIsNotSettled(t *testing.T) {
	t.Parallel()
	clock, b := newStepClock(), newBox()
	unsettled := true
	b.unsettled = func() bool { return unsettled }
	r := system.NewRelay(b, clock, owner(1), consumers((&taken{}).handler), &system.RelayOptions{Parallel: 1})
	var waits []time.Duration
	for range 10 {
		settle(t, r)
		waits = append(waits, r.Next().Sub(clock.Now()))
		clock.advance(waits[len(waits)-1])
	}
	if waits[0] > 20*time.Millisecond || waits[9] != system.RelayPoll {
		t.Errorf("waits %v, want a short one that grows to %s", waits, system.RelayPoll)
	}
	unsettled = false
	settle(t, r)
	if wait := r.Next().Sub(clock.Now()); wait != system.RelayPoll {
		t.Errorf("waits %s", wait)
	}
}

func TestRelayFinishesWhatItHasWhenStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, k := newBox(), &taken{}
		b.tell("a", 1, 2)
		hold := make(chan struct{})
		stop := run(t, system.NewRelay(b, system.NewClock(), owner(1), consumers(func(ctx context.Context, e event.Event) error {
			<-ctx.Done()
			<-hold
			k.take(e)
			return nil
		}), nil))
		synctest.Wait()
		close(hold)
		stop()
		k.want(t, "a", "1")
		if b.owed() != 1 || b.held() != 0 {
			t.Errorf("owes %d and holds %d partitions; want the first taken, acknowledged, and no more begun", b.owed(), b.held())
		}
	})
}

func TestRelayBoundsHandlersAndDeliversSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBox()
		var mu sync.Mutex
		atWork, most := 0, 0
		names := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
		for i, name := range names {
			b.tell(name, i)
		}
		var seen []error
		stop := run(t, system.NewRelay(b, system.NewClock(), owner(1), consumers(func(ctx context.Context, _ event.Event) error {
			mu.Lock()
			atWork++
			most = max(most, atWork)
			mu.Unlock()
			<-ctx.Done()
			mu.Lock()
			defer mu.Unlock()
			atWork--
			return ctx.Err()
		}), &system.RelayOptions{Parallel: 3, OnEvent: func(_ string, _ event.Event, err error) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, err)
		}}))
		time.Sleep(system.RelayLease/2 + time.Second)
		synctest.Wait()
		mu.Lock()
		if most != 3 || len(seen) < 3 || !errors.Is(seen[0], context.DeadlineExceeded) {
			t.Errorf("%d handlers ran side by side, want 3; they ended with %v", most, seen)
		}
		mu.Unlock()
		stop()
	})
}
