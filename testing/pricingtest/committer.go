package pricingtest

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/pricing"
)

// TestCommitter proves an adapter of pricing.Committer. Open gives an empty store for each subtest.
func TestCommitter(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	s := suite{open}
	t.Run("pricing-atomic writes prices and events together", s.atomicWrites)
	t.Run("pricing-atomic refuses wholly", s.atomicRefuses)
	t.Run("pricing-atomic writes nothing for a caller who is gone", s.atomicGone)
	t.Run("pricing-version refuses another version", s.versionRefused)
	t.Run("pricing-version lets one of many win", s.versionRace)
}

func (s suite) atomicWrites(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	a, b := price(1, pounds(), 1_000_000), price(2, pounds(), 2_000_000)
	c := writes(a, b)
	c.Events = []event.Event{set(1, a), set(2, b)}
	if err := h.Committer.Commit(t.Context(), c); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	want(t, h.current(t, pounds(), 2), a, b)
	if got := h.Events(t); len(got) != 2 || got[0].ID != c.Events[0].ID || got[1].ID != c.Events[1].ID {
		t.Errorf("events %v, want those of the commit in order", got)
	}
}

func (s suite) atomicRefuses(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	a := price(1, pounds(), 1_000_000)
	h.save(t, a)
	fresh, stale := price(2, pounds(), 2_000_000), price(3, pounds(), 3_000_000)
	stale.Version = 4
	for name, c := range map[string]pricing.Commit{
		"stale last":  writes(next(a, 9_000_000), fresh, stale),
		"stale first": writes(stale, fresh, next(a, 9_000_000)),
	} {
		c.Events = []event.Event{set(1, fresh)}
		if err := h.Committer.Commit(t.Context(), c); !fault.Is(err, fault.VersionConflict) {
			t.Errorf("%s: got %v, want version_conflict", name, err)
		}
		want(t, h.current(t, pounds(), 3), a)
		if got := h.Events(t); len(got) != 0 {
			t.Errorf("%s: %d events of a refused commit", name, len(got))
		}
	}
}

func (s suite) atomicGone(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	c := writes(price(1, pounds(), 1_000_000))
	c.Events = []event.Event{set(1, c.Prices[0].State)}
	wantGone(t, h.Committer.Commit(gone(t), c))
	want(t, h.current(t, pounds(), 1))
	if got := h.Events(t); len(got) != 0 {
		t.Errorf("%d events, want none", len(got))
	}
}

func (s suite) versionRefused(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	first := price(1, pounds(), 1_000_000)
	h.save(t, first)
	second := next(first, 2_000_000)
	h.save(t, second)
	wantClass(t, h.Committer.Commit(t.Context(), writes(first)), fault.VersionConflict)
	wantClass(t, h.Committer.Commit(t.Context(), writes(second)), fault.VersionConflict)
	wantClass(t, h.Committer.Commit(t.Context(), writes(next(next(second, 1), 1))), fault.VersionConflict)
	wantClass(t, h.Committer.Commit(t.Context(), writes(next(price(2, pounds(), 1), 1))), fault.VersionConflict)
	want(t, h.current(t, pounds(), 2), second)
}

func (s suite) versionRace(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	first := price(1, pounds(), 1_000_000)
	h.save(t, first)
	const racers = 16
	var won atomic.Int64
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range racers {
		c := writes(next(first, int64(2_000_000+i)))
		all.Go(func() {
			<-start
			switch err := h.Committer.Commit(t.Context(), c); {
			case err == nil:
				won.Add(1)
			case !fault.Is(err, fault.VersionConflict):
				t.Errorf("racer %d: got %v, want version_conflict", i, err)
			}
		})
	}
	close(start)
	all.Wait()
	if got := h.current(t, pounds(), 1)[variant(1)]; won.Load() != 1 || got.Version != 2 {
		t.Errorf("%d commits of one version won, version %d is stored; want one and 2", won.Load(), got.Version)
	}
}
