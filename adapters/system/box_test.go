package system_test

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// box is an outbox of one consumer, whose position is an event's place from 1; what a test breaks in it is set before.
type box struct {
	ports.Outbox

	mu      sync.Mutex
	events  []event.Event
	relays  map[[16]byte]time.Time
	leases  [ports.OutboxPartitions]ports.Lease
	cursors [ports.OutboxPartitions]uint64
	waiting map[string][]ports.Delivery
	failed  map[string]ports.Failure
	wake    chan struct{}

	claims, reads int
	breakCall     func(call string) error // Asked at the beginning of each call.
	unsettled     func() bool
}

func newBox() *box {
	b := &box{relays: map[[16]byte]time.Time{}, waiting: map[string][]ports.Delivery{}, failed: map[string]ports.Failure{}, wake: make(chan struct{})}
	for p := range b.leases {
		b.leases[p].Partition = p
	}
	return b
}

// enter locks, unless the caller has left or the test breaks the call.
func (b *box) enter(ctx context.Context, call string) error {
	if ctx.Err() != nil {
		return fault.Down.New("the caller has left").Because(ctx.Err())
	}
	b.mu.Lock()
	if b.breakCall != nil {
		if err := b.breakCall(call); err != nil {
			b.mu.Unlock()
			return err
		}
	}
	return nil
}

func (b *box) Claim(ctx context.Context, c ports.OutboxClaim) (ports.OutboxShare, error) {
	if err := b.enter(ctx, "claim"); err != nil {
		return ports.OutboxShare{}, err
	}
	defer b.mu.Unlock()
	b.claims++
	for owner, until := range b.relays {
		if !until.After(c.At) {
			delete(b.relays, owner)
		}
	}
	b.relays[c.Owner] = c.Until
	shares := ports.ShareOut(b.leases[:], slices.Collect(maps.Keys(b.relays)), c)
	for _, p := range shares.Drop {
		b.leases[p].Owner = [16]byte{}
	}
	for _, p := range shares.Take {
		b.leases[p].Owner = c.Owner
		b.leases[p].Token++
	}
	out := ports.OutboxShare{Share: shares.Share}
	for p := range b.leases {
		if l := &b.leases[p]; l.Owner == c.Owner {
			l.Until = c.Until
			out.Leases = append(out.Leases, *l)
		}
	}
	return out, nil
}

func (b *box) Release(ctx context.Context, _ string, owner [16]byte) error {
	if err := b.enter(ctx, "release"); err != nil {
		return err
	}
	defer b.mu.Unlock()
	delete(b.relays, owner)
	for p := range b.leases {
		if b.leases[p].Owner == owner {
			b.leases[p].Owner = [16]byte{}
		}
	}
	return nil
}

func (b *box) Read(ctx context.Context, r ports.OutboxRead) (ports.Reading, error) {
	if err := b.enter(ctx, "read"); err != nil {
		return ports.Reading{}, err
	}
	defer b.mu.Unlock()
	b.reads++
	out := ports.Reading{Unsettled: b.unsettled != nil && b.unsettled()}
	for _, l := range r.Leases {
		if b.leases[l.Partition] != l {
			continue
		}
		n := 0
		for i, e := range b.events {
			if at := uint64(i + 1); ports.PartitionOf(e.Aggregate) == l.Partition && at > b.cursors[l.Partition] && n < r.Limit {
				n++
				out.Fresh = append(out.Fresh, ports.Delivery{
					Event: e, Cursor: ports.Cursor{Position: at}, Partition: l.Partition, Parked: len(b.waiting[e.Aggregate]) > 0,
				})
			}
		}
		for aggregate, waiting := range b.waiting {
			f := b.failed[aggregate]
			switch {
			case ports.PartitionOf(aggregate) != l.Partition || len(waiting) == 0 || f.Due.IsZero():
			case f.Due.After(r.At):
				if out.NextDue.IsZero() || f.Due.Before(out.NextDue) {
					out.NextDue = f.Due
				}
			default:
				n := min(r.Limit, len(waiting))
				out.Due = append(out.Due, ports.DueAggregate{
					Aggregate: aggregate, Partition: l.Partition, Attempts: f.Attempts, Events: slices.Clone(waiting[:n]), More: n < len(waiting),
				})
			}
		}
	}
	return out, nil
}

func (b *box) Ack(ctx context.Context, p ports.Progress) error {
	if err := b.enter(ctx, "ack"); err != nil {
		return err
	}
	defer b.mu.Unlock()
	if now := b.leases[p.Lease.Partition]; now.Owner != p.Lease.Owner || now.Token != p.Lease.Token {
		return ports.LeaseLost.New("another has it")
	}
	b.cursors[p.Lease.Partition] = max(b.cursors[p.Lease.Partition], p.Through.Position)
	for _, d := range p.Kept {
		b.waiting[d.Event.Aggregate] = append(b.waiting[d.Event.Aggregate], d)
		if len(b.waiting[d.Event.Aggregate]) == 1 {
			b.failed[d.Event.Aggregate] = ports.Failure{Due: p.At}
		}
	}
	for _, d := range p.Took {
		b.waiting[d.Event.Aggregate] = slices.DeleteFunc(b.waiting[d.Event.Aggregate], func(o ports.Delivery) bool { return o.Cursor == d.Cursor })
	}
	for _, f := range p.Failed {
		b.failed[f.Aggregate] = f
	}
	return nil
}

func (b *box) Wake() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.wake
}

// tell writes one event of the aggregate for each number and wakes who listens.
func (b *box) tell(aggregate string, numbers ...int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range numbers {
		b.events = append(b.events, event.Event{ID: ref.NewID[ref.EventKind](ref.UUID{byte(n)}), Aggregate: aggregate, Name: strconv.Itoa(n)})
	}
	close(b.wake)
	b.wake = make(chan struct{})
}

// owed counts what the consumer has not taken.
func (b *box) owed() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, waiting := range b.waiting {
		n += len(waiting)
	}
	for i, e := range b.events {
		if uint64(i+1) > b.cursors[ports.PartitionOf(e.Aggregate)] {
			n++
		}
	}
	return n
}

// held counts the partitions that somebody holds.
func (b *box) held() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, l := range b.leases {
		if l.Owner != [16]byte{} {
			n++
		}
	}
	return n
}

// taken are the events that a handler took, by aggregate. Safe for concurrent use.
type taken struct {
	mu  sync.Mutex
	got map[string][]string
	all []string
}

func (k *taken) take(e event.Event) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.got == nil {
		k.got = map[string][]string{}
	}
	k.got[e.Aggregate] = append(k.got[e.Aggregate], e.Name)
	k.all = append(k.all, e.Name)
}

// handler takes everything.
func (k *taken) handler(_ context.Context, e event.Event) error {
	k.take(e)
	return nil
}

// want checks what was taken of an aggregate, in order.
func (k *taken) want(t *testing.T, aggregate string, want ...string) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	if !slices.Equal(k.got[aggregate], want) {
		t.Errorf("took %v of %s, want %v", k.got[aggregate], aggregate, want)
	}
}

// stepClock is a clock that stands until it is moved.
type stepClock struct {
	mu  sync.Mutex
	now time.Time
}

func newStepClock() *stepClock { return &stepClock{now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)} }

func (c *stepClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *stepClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// consumers are one, of this name.
func consumers(h system.Handler) []system.Consumer {
	return []system.Consumer{{Name: "test", Handle: h}}
}

// owner names the n-th relay.
func owner(n byte) [16]byte { return [16]byte{n} }
