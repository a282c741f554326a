package system_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// The tests of the relay run in bubbles, where time passes only when everybody waits.

// consumer is whom the relays here carry for.
const consumer = "test"

// box is an outbox of one consumer, whose position is an event's place from 1.
type box struct {
	mu     sync.Mutex
	events []event.Event
	cursor uint64
	wake   chan struct{}
}

func newBox() *box { return &box{wake: make(chan struct{}, 1)} }

func (b *box) Pending(ctx context.Context, _ string, limit int) ([]ports.Delivery, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []ports.Delivery
	for i := int(b.cursor); i < len(b.events) && len(out) < limit; i++ {
		out = append(out, ports.Delivery{Event: b.events[i], Cursor: ports.Cursor{Position: uint64(i) + 1}})
	}
	return out, ctx.Err()
}

func (b *box) Ack(ctx context.Context, _ string, through ports.Cursor) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cursor = max(b.cursor, through.Position)
	return ctx.Err()
}

func (*box) Oldest(context.Context, string) (time.Time, error) { return time.Time{}, nil }

func (b *box) Wake() <-chan struct{} { return b.wake }

// tell writes one event for each number and wakes the relay.
func (b *box) tell(numbers ...int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range numbers {
		b.events = append(b.events, event.Event{ID: ref.NewID[ref.EventKind](ref.UUID{byte(n)}), Name: strconv.Itoa(n)})
	}
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// owed counts what the consumer still owes.
func (b *box) owed() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.events) - int(b.cursor)
}

// run starts the relay and gives what stops it and waits for its end.
func run(t *testing.T, r *system.Relay) (stop func()) {
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
		b := newBox()
		b.tell(1, 2, 3, 4, 5) // Before it starts, and more than a batch.
		var got []string
		stop := run(t, system.NewRelay(b, consumer, func(_ context.Context, e event.Event) error {
			got = append(got, e.Name)
			return nil
		}, &system.RelayOptions{Batch: 2}))
		synctest.Wait()
		if want := []string{"1", "2", "3", "4", "5"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		start := time.Now()
		b.tell(6)
		synctest.Wait()
		if time.Since(start) != 0 || len(got) != 6 {
			t.Errorf("%d events after %s, want the sixth at once", len(got), time.Since(start))
		}
		if n := b.owed(); n != 0 {
			t.Errorf("%d events are still owed", n)
		}
		stop()
	})
}

// deaf is an outbox that wakes nobody, as when another process commits.
type deaf struct{ ports.Outbox }

func (deaf) Wake() <-chan struct{} { return nil }

func TestRelayPolls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBox()
		got := 0
		stop := run(t, system.NewRelay(deaf{b}, consumer, func(context.Context, event.Event) error {
			got++
			return nil
		}, nil))
		synctest.Wait()
		b.tell(1)
		time.Sleep(system.RelayPoll)
		synctest.Wait()
		if got != 1 {
			t.Errorf("%d events after one poll, want 1", got)
		}
		stop()
	})
}

func TestRelayRetriesAndSkipsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBox()
		b.tell(1, 2, 3)
		broken := errors.New("broken")
		var got []string
		var failures []time.Duration
		var told []error
		start := time.Now()
		stop := run(t, system.NewRelay(b, consumer, func(_ context.Context, e event.Event) error {
			if e.Name == "2" && len(failures) < 8 {
				failures = append(failures, time.Since(start))
				if len(failures) == 8 {
					panic("worse than broken")
				}
				return broken
			}
			got = append(got, e.Name)
			return nil
		}, &system.RelayOptions{Poll: time.Second, OnError: func(err error) { told = append(told, err) }}))
		synctest.Wait()
		if n := b.owed(); n != 2 {
			t.Errorf("%d events are owed while the second fails, want 2: the first was taken", n)
		}
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if want := []string{"1", "2", "3"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if len(failures) != 8 || !doubling(failures) {
			t.Errorf("the failures came at %v", failures)
		}
		if len(told) != 8 || !errors.Is(told[0], broken) || !strings.Contains(told[7].Error(), "panicked: worse than broken") {
			t.Errorf("told of %v", told)
		}
		stop()
	})
}

// doubling tells whether the waits between the times double, up to 32 seconds.
func doubling(at []time.Duration) bool {
	wait := time.Second
	for i := 1; i < len(at); i++ {
		if at[i]-at[i-1] != wait {
			return false
		}
		wait = min(2*wait, 32*time.Second)
	}
	return true
}

// failing is an outbox whose calls fail as long as they are told to.
type failing struct {
	ports.Outbox
	pending, ack *int
}

func (f failing) Pending(ctx context.Context, consumer string, limit int) ([]ports.Delivery, error) {
	if *f.pending > 0 {
		*f.pending--
		return nil, errors.New("no outbox")
	}
	return f.Outbox.Pending(ctx, consumer, limit)
}

func (f failing) Ack(ctx context.Context, consumer string, through ports.Cursor) error {
	if *f.ack > 0 {
		*f.ack--
		return errors.New("no ack")
	}
	return f.Outbox.Ack(ctx, consumer, through)
}

func TestRelayDeliversAgainWhatWasNotAcknowledged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBox()
		b.tell(1)
		pending, ack, told := 2, 1, 0
		var got []string
		stop := run(t, system.NewRelay(failing{b, &pending, &ack}, consumer, func(_ context.Context, e event.Event) error {
			got = append(got, e.Name)
			return nil
		}, &system.RelayOptions{OnError: func(error) { told++ }}))
		time.Sleep(time.Minute)
		synctest.Wait()
		if !slices.Equal(got, []string{"1", "1"}) || told != 3 || b.owed() != 0 {
			t.Errorf("delivered %v, told of %d failures, %d owed; want it twice, 3, 0", got, told, b.owed())
		}
		stop()
	})
}

func TestRelayFinishesWhatItHasWhenStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBox()
		b.tell(1, 2)
		hold := make(chan struct{})
		var got []string
		stop := run(t, system.NewRelay(b, consumer, func(ctx context.Context, e event.Event) error {
			<-ctx.Done()
			<-hold
			got = append(got, e.Name)
			return nil
		}, nil))
		synctest.Wait()
		close(hold)
		stop()
		if !slices.Equal(got, []string{"1"}) || b.owed() != 1 {
			t.Errorf("took %v and owes %d; want the first taken, acknowledged, and no more begun", got, b.owed())
		}
	})
}
