package faulty_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// till is a committer that counts what it is given.
type till struct{ got []ordering.Commit }

func (l *till) Commit(ctx context.Context, c ordering.Commit) (ordering.Outcome, error) {
	if err := ctx.Err(); err != nil {
		return ordering.Outcome{}, err
	}
	l.got = append(l.got, c)
	return ordering.Outcome{Replay: &ports.CommandRecord{}}, nil
}

// card is a provider with a capability, and one that it hides behind another.
type card struct{ lookups int }

func (*card) Name() string { return "card" }

func (*card) Charge(context.Context, ordering.Charge) (ordering.ChargeResult, error) {
	return ordering.ChargeResult{State: ordering.ChargeCaptured}, nil
}

func (c *card) Lookup(context.Context, ref.PaymentID) (ordering.ChargeResult, bool, error) {
	c.lookups++
	return ordering.ChargeResult{State: ordering.ChargeCaptured}, true, nil
}

const (
	committer = "ordering.Committer"
	commit    = "Commit"
)

func TestKinds(t *testing.T) {
	t.Parallel()
	mine := errors.New("mine")
	for _, tc := range []struct {
		fault  faulty.Fault
		kind   fault.Kind // Of the error; Internal for mine, 0 with none.
		fails  bool
		before int // So many commits are done when the call comes back,
		after  int // and so many after the next call without a fault.
	}{
		{faulty.Fault{}, 0, false, 1, 2},
		{faulty.Fault{Kind: faulty.Before}, fault.Unavailable, true, 0, 1},
		{faulty.Fault{Kind: faulty.Before, Err: mine}, fault.Internal, true, 0, 1},
		{faulty.Fault{Kind: faulty.After}, fault.Unknown, true, 1, 2},
		{faulty.Fault{Kind: faulty.After, Err: mine}, fault.Internal, true, 1, 2},
		{faulty.Fault{Kind: faulty.Delay, Wait: time.Second}, 0, false, 1, 2},
		{faulty.Fault{Kind: faulty.Duplicate}, 0, false, 2, 3},
		{faulty.Fault{Kind: faulty.Reorder}, fault.Unknown, true, 0, 2},
		{faulty.Fault{Kind: faulty.Partial}, 0, false, 1, 2},
	} {
		t.Run(tc.fault.Kind.String(), func(t *testing.T) {
			t.Parallel()
			var waited time.Duration
			f := faulty.New(&faulty.Options{Wait: func(d time.Duration) { waited += d }})
			inner := &till{}
			c := faulty.Wrap[ordering.Committer](inner, f)
			f.On(committer, commit, tc.fault)
			out, err := c.Commit(t.Context(), ordering.Commit{})
			if (err != nil) != tc.fails || err != nil && fault.KindOf(err) != tc.kind || len(inner.got) != tc.before {
				t.Errorf("got %v after %d commits; want failure %t of kind %v and %d", err, len(inner.got), tc.fails, tc.kind, tc.before)
			}
			if (out.Replay != nil) == tc.fails {
				t.Errorf("the answer is %+v", out)
			}
			if waited != tc.fault.Wait {
				t.Errorf("waited %v", waited)
			}
			if _, err := c.Commit(t.Context(), ordering.Commit{}); err != nil || len(inner.got) != tc.after {
				t.Errorf("the next call: %v, %d commits in all, want %d", err, len(inner.got), tc.after)
			}
			if n := f.Calls(committer, commit); n != 2 {
				t.Errorf("%d calls were counted, want 2", n)
			}
		})
	}
}

func TestReorderIsDoneOnItsOwn(t *testing.T) {
	t.Parallel()
	f := faulty.New(nil)
	inner := &till{}
	c := faulty.Wrap[ordering.Committer](inner, f)
	f.On(committer, commit, faulty.Fault{Kind: faulty.Reorder}, faulty.Fault{Kind: faulty.Before})
	ctx, cancel := context.WithCancel(t.Context())
	_, _ = c.Commit(ctx, ordering.Commit{})
	cancel()
	_, _ = c.Commit(t.Context(), ordering.Commit{})
	if f.Late() != 1 || len(inner.got) != 0 {
		t.Errorf("%d late, %d done", f.Late(), len(inner.got))
	}
	f.On(committer, commit, faulty.Fault{Kind: faulty.Before})
	f.Heal()
	if f.Late() != 0 || len(inner.got) != 1 {
		t.Errorf("healed: %d late, %d done; want 0 and 1", f.Late(), len(inner.got))
	}
	if _, err := c.Commit(t.Context(), ordering.Commit{}); err != nil {
		t.Errorf("after healing: %v", err)
	}
}

func TestPartial(t *testing.T) {
	t.Parallel()
	f := faulty.New(nil)
	inner := &till{}
	c := faulty.Wrap[ordering.Committer](inner, f)
	f.On(committer, commit, faulty.Fault{Kind: faulty.Partial})
	given := ordering.Commit{Orders: make([]ordering.Write[ordering.Order], 2), Stock: make([]ordering.StockEffect, 5)}
	if _, err := c.Commit(t.Context(), given); err != nil {
		t.Fatal(err)
	}
	if got := inner.got[0]; len(got.Stock) != 2 || len(got.Orders) != 2 || len(given.Stock) != 5 {
		t.Errorf("%d orders and %d effects got through, the caller has %d; want 2, 2 and 5", len(got.Orders), len(got.Stock), len(given.Stock))
	}
}

func TestCrash(t *testing.T) {
	t.Parallel()
	for kind, done := range map[faulty.Kind]int{faulty.CrashBefore: 0, faulty.CrashAfter: 1} {
		f := faulty.New(nil)
		inner := &till{}
		c := faulty.Wrap[ordering.Committer](inner, f)
		f.On(committer, commit, faulty.Fault{Kind: kind})
		call := func() { _, _ = c.Commit(t.Context(), ordering.Commit{}) }
		if !faulty.Survive(call) || !f.Dead() || len(inner.got) != done {
			t.Errorf("%s: dead %t, %d commits; want %d", kind, f.Dead(), len(inner.got), done)
		}
		if !faulty.Survive(call) || len(inner.got) != done {
			t.Errorf("%s: a dead caller went on", kind)
		}
		f.Revive()
		if faulty.Survive(call) || len(inner.got) != done+1 {
			t.Errorf("%s: not revived", kind)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("another panic was swallowed")
		}
	}()
	faulty.Survive(func() { panic("another") })
}

func TestCapabilitiesHaveFaultsToo(t *testing.T) {
	t.Parallel()
	f := faulty.New(nil)
	inner := &card{}
	p := faulty.Wrap[ordering.PaymentProvider](inner, f)
	lookup, ok := ports.As[ordering.ChargeLookup](p)
	if !ok {
		t.Fatal("the capability is hidden")
	}
	f.On("ordering.ChargeLookup", "Lookup", faulty.Fault{Kind: faulty.Before})
	if _, _, err := lookup.Lookup(t.Context(), ref.PaymentID{}); err == nil || inner.lookups != 0 {
		t.Errorf("got %v after %d lookups", err, inner.lookups)
	}
	if _, ok := ports.As[ordering.OfflineProvider](p); ok {
		t.Error("a capability that the provider does not have")
	}
	if own, ok := ports.As[interface{ Own() *card }](p); ok {
		t.Errorf("found %v", own)
	}
	f.On("ordering.PaymentProvider", "Name", faulty.Fault{Kind: faulty.Before})
	if name := p.Name(); name != "card" {
		t.Errorf("a method without an error failed: %q", name)
	}
}

func TestSeenAndContext(t *testing.T) {
	t.Parallel()
	var told []string
	f := faulty.New(&faulty.Options{
		Seen: func(c faulty.Call, m faulty.Moment) {
			told = append(told, c.Port+"."+c.Method+map[faulty.Moment]string{faulty.Entered: " in", faulty.Left: " out"}[m])
		},
		Context: context.WithoutCancel,
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := faulty.Wrap[ordering.Committer](&till{}, f).Commit(ctx, ordering.Commit{}); err != nil {
		t.Errorf("the adapter saw the caller's context: %v", err)
	}
	if !slices.Equal(told, []string{"ordering.Committer.Commit in", "ordering.Committer.Commit out"}) {
		t.Errorf("told %v", told)
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	inner := &till{}
	f := faulty.New(nil)
	f.On(committer, commit, faulty.Fault{Kind: faulty.Before})
	f.On("ordering.PaymentProvider", "Charge", faulty.Fault{Kind: faulty.After})
	parts := ordering.Parts{Committer: inner, Providers: []ordering.PaymentProvider{&card{}}}
	wrapped := faulty.Fields(parts, f)
	if _, err := wrapped.Committer.Commit(t.Context(), ordering.Commit{}); err == nil {
		t.Error("the committer has no faults")
	}
	if _, err := wrapped.Providers[0].Charge(t.Context(), ordering.Charge{}); err == nil {
		t.Error("the provider has no faults")
	}
	if wrapped.Carts != nil || parts.Committer != ordering.Committer(inner) {
		t.Error("more than what was set was decorated")
	}
}

func TestWrapNeedsAPort(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("an int is a port")
		}
	}()
	faulty.Wrap(1, faulty.New(nil))
}

func TestRandom(t *testing.T) {
	t.Parallel()
	draw := func(seed uint64) map[faulty.Kind]int {
		choose := faulty.Random(seed, faulty.Even(50, faulty.Kinds()...))
		out := map[faulty.Kind]int{}
		for range 4000 {
			out[choose(faulty.Call{}).Kind]++
		}
		return out
	}
	first := draw(1)
	for _, kind := range faulty.Kinds() {
		if n := first[kind]; n < 100 || n > 300 {
			t.Errorf("%s came %d times of 4000, want about 200", kind, n)
		}
		if again := draw(1); again[kind] != first[kind] {
			t.Errorf("the same seed gave %d and %d of %s", first[kind], again[kind], kind)
		}
	}
}
