package portstest

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// TestOutbox proves an adapter of ports.Outbox. Open gives an empty store for each subtest.
func TestOutbox(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	s := storeSuite{open}
	t.Run("outbox-after gives whole events in one order", s.outboxWhole)
	t.Run("outbox-after gives at most the limit", s.outboxLimit)
	t.Run("outbox-after tells when the caller is gone", s.outboxGone)
	t.Run("outbox-committed has nothing of a refused commit", s.outboxRefused)
	t.Run("outbox-committed skips none while many commit", s.outboxRace)
	t.Run("outbox-aggregate keeps the order of commits", s.outboxAggregate)
	t.Run("outbox-ack starts behind the cursor", s.outboxAck)
	t.Run("outbox-ack never goes back", s.outboxAckOlder)
	t.Run("outbox-ack keeps consumers apart", s.outboxConsumers)
	t.Run("outbox-ack outlives a restart", s.outboxReopened)
	t.Run("outbox-ack moves the oldest that is owed", s.outboxOldest)
	t.Run("outbox-wake has a value after a commit with events", s.outboxWake)
}

// consumer is whom most subtests read for.
const consumer = "portstest"

// pending reads what is owed to the consumer.
func (h Harness) pending(t *testing.T, consumer string, limit int) []ports.Delivery {
	t.Helper()
	got, err := h.Outbox.Pending(t.Context(), consumer, limit)
	if err != nil {
		t.Fatalf("Pending: %v", err)
	}
	return got
}

// patience is how long a suite waits for what a store must do soon.
const patience = 10 * time.Second

// await reads what is owed to the consumer until it is n events or more: a store shows an event only once nothing can
// come before it any more, which may be a moment after its commit.
func (h Harness) await(t *testing.T, consumer string, n int) []ports.Delivery {
	t.Helper()
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		got := h.pending(t, consumer, n+100)
		if len(got) >= n {
			return got
		}
		if time.Since(start) > patience {
			t.Fatalf("%d events are pending after %s, want %d", len(got), patience, n)
		}
	}
}

// ack moves the consumer's cursor.
func (h Harness) ack(t *testing.T, through ports.Cursor) {
	t.Helper()
	if err := h.Outbox.Ack(t.Context(), consumer, through); err != nil {
		t.Fatalf("Ack: %v", err)
	}
}

// wantEvents fails unless these events, and all of them, are delivered in this order.
func wantEvents(t *testing.T, got []ports.Delivery, want ...event.Event) {
	t.Helper()
	var ids, wanted []ref.EventID
	for _, d := range got {
		ids = append(ids, d.Event.ID)
	}
	for _, e := range want {
		wanted = append(wanted, e.ID)
	}
	if !slices.Equal(ids, wanted) {
		t.Errorf("got events %v, want %v", ids, wanted)
	}
}

func (s storeSuite) outboxWhole(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	wantEvents(t, h.pending(t, consumer, 10))
	a, b, c := about(3, "x_1"), about(1, "x_2"), about(2, "x_1")
	h.tell(t, a, b)
	h.tell(t, c)
	first := h.await(t, consumer, 3)
	wantEvents(t, first, a, b, c)
	for i, want := range []event.Event{a, b, c} {
		got := first[i].Event
		if got.Name != want.Name || got.Aggregate != want.Aggregate || got.At != want.At || compact(t, got.Data) != compact(t, want.Data) {
			t.Errorf("got event %+v (%s), want %+v (%s)", got, got.Data, want, want.Data)
		}
	}
	again := h.await(t, "another", 3)
	wantEvents(t, again, a, b, c)
	for i := range again {
		if again[i].Cursor != first[i].Cursor {
			t.Errorf("place %d is %v for one consumer and %v for another", i, first[i].Cursor, again[i].Cursor)
		}
	}
}

// compact is JSON without spaces and with its keys sorted, since a store may keep it in its own form.
func compact(t *testing.T, data json.RawMessage) string {
	t.Helper()
	var v any
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&v); err != nil {
		t.Fatalf("the data %q is no JSON: %v", data, err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func (s storeSuite) outboxLimit(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	a, b, c := about(1, "x_1"), about(2, "x_1"), about(3, "x_1")
	h.tell(t, a, b, c)
	h.await(t, consumer, 3)
	wantEvents(t, h.pending(t, consumer, 1), a)
	wantEvents(t, h.pending(t, consumer, 2), a, b)
	wantEvents(t, h.pending(t, consumer, 3), a, b, c)
	wantEvents(t, h.pending(t, consumer, 4), a, b, c)
}

func (s storeSuite) outboxGone(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	h.tell(t, about(1, "x_1"))
	through := h.await(t, consumer, 1)[0].Cursor
	_, err := h.Outbox.Pending(gone(t), consumer, 1)
	wantGone(t, err)
	wantGone(t, h.Outbox.Ack(gone(t), consumer, through))
	_, err = h.Outbox.Oldest(gone(t), consumer)
	wantGone(t, err)
	wantEvents(t, h.await(t, consumer, 1), about(1, "x_1"))
}

func (s storeSuite) outboxRefused(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	bad := refused()
	bad.Events = []event.Event{about(1, "x_1")}
	if _, err := h.Committer.Commit(t.Context(), bad); err == nil {
		t.Fatal("the commit was accepted")
	}
	h.tell(t, about(2, "x_1")) // Once this one is here, one before it would be too.
	wantEvents(t, h.await(t, consumer, 1), about(2, "x_1"))
}

func (s storeSuite) outboxAck(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	a, b, c := about(1, "x_1"), about(2, "x_1"), about(3, "x_1")
	h.tell(t, a, b)
	got := h.await(t, consumer, 2)
	h.ack(t, got[0].Cursor)
	wantEvents(t, h.await(t, consumer, 1), b)
	h.ack(t, got[1].Cursor)
	wantEvents(t, h.pending(t, consumer, 10))
	h.tell(t, c)
	wantEvents(t, h.await(t, consumer, 1), c)
}

func (s storeSuite) outboxAckOlder(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	a, b, c := about(1, "x_1"), about(2, "x_1"), about(3, "x_1")
	h.tell(t, a, b, c)
	got := h.await(t, consumer, 3)
	h.ack(t, got[1].Cursor)
	h.ack(t, got[0].Cursor)
	h.ack(t, ports.Cursor{})
	wantEvents(t, h.await(t, consumer, 1), c)
	h.ack(t, got[1].Cursor)
	wantEvents(t, h.await(t, consumer, 1), c)
}

func (s storeSuite) outboxConsumers(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	a, b := about(1, "x_1"), about(2, "x_1")
	h.tell(t, a, b)
	h.ack(t, h.await(t, consumer, 2)[1].Cursor)
	wantEvents(t, h.pending(t, consumer, 10))
	wantEvents(t, h.await(t, "another", 2), a, b)
}

func (s storeSuite) outboxReopened(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	a, b, c := about(1, "x_1"), about(2, "x_1"), about(3, "x_1")
	h.tell(t, a, b)
	h.ack(t, h.await(t, consumer, 2)[0].Cursor)
	h = h.Reopen(t)
	wantEvents(t, h.await(t, consumer, 1), b)
	h.tell(t, c)
	wantEvents(t, h.await(t, consumer, 2), b, c)
}

func (s storeSuite) outboxOldest(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	oldest := func() time.Time {
		at, err := h.Outbox.Oldest(t.Context(), consumer)
		if err != nil {
			t.Fatalf("Oldest: %v", err)
		}
		return at
	}
	if at := oldest(); !at.IsZero() {
		t.Errorf("the oldest of nothing is %v, want the zero time", at)
	}
	h.tell(t, about(1, "x_1"))
	h.tell(t, about(2, "x_1"))
	first := oldest()
	got := h.await(t, consumer, 2)
	h.ack(t, got[0].Cursor)
	second := oldest()
	if first.IsZero() || second.IsZero() || second.Before(first) {
		t.Errorf("the oldest was %v, then %v", first, second)
	}
	h.ack(t, got[1].Cursor)
	if at := oldest(); !at.IsZero() {
		t.Errorf("with nothing owed the oldest is %v, want the zero time", at)
	}
}

func (s storeSuite) outboxWake(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	for n := range 3 {
		h.tell(t, about(n+1, "x_1"))
		select {
		case <-h.Outbox.Wake():
		case <-time.After(patience):
			t.Fatalf("nothing woke the relay after commit %d", n+1)
		}
	}
}
