package ordering_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

func TestCartFate(t *testing.T) {
	t.Parallel()
	p := ordering.DefaultCartPolicy()
	const day = 24 * time.Hour
	for name, tc := range map[string]struct {
		status ordering.CartStatus
		empty  bool
		after  time.Duration
		fate   ordering.CartFate
	}{
		"active":        {ordering.CartActive, false, time.Hour, ordering.CartIsAbandoned},
		"active, empty": {ordering.CartActive, true, 7 * day, ordering.CartExpires},
		"abandoned":     {ordering.CartAbandoned, false, 30 * day, ordering.CartExpires},
		"expired":       {ordering.CartExpired, false, 30 * day, ordering.CartIsPurged},
		"merged":        {ordering.CartMerged, true, 30 * day, ordering.CartIsPurged},
		"completed":     {ordering.CartDone, false, 0, ordering.CartStays},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := emptyCart()
			if !tc.empty {
				c = filled(t, 1)
			}
			c.Status = tc.status
			if tc.fate == ordering.CartStays {
				tc.after = 1000 * day
			} else if got := p.Fate(c, c.UpdatedAt.Add(tc.after-time.Microsecond)); got != ordering.CartStays {
				t.Errorf("just before its time: %q", got)
			}
			if got := p.Fate(c, c.UpdatedAt.Add(tc.after)); got != tc.fate {
				t.Errorf("at its time: %q, want %q", got, tc.fate)
			}
			if got := (ordering.CartPolicy{}).Fate(c, c.UpdatedAt.Add(1000*day)); got != ordering.CartStays {
				t.Errorf("without a policy: %q", got)
			}
			c.Order = orderID(1)
			if got := p.Fate(c, c.UpdatedAt.Add(1000*day)); got != ordering.CartStays {
				t.Errorf("with a live order: %q", got)
			}
		})
	}
}

// TestDueFindsEveryFate demands that a cart with a fate is one that a sweep looks for, at every moment.
func TestDueFindsEveryFate(t *testing.T) {
	t.Parallel()
	p := ordering.DefaultCartPolicy()
	for _, s := range ordering.CartMachine.States() {
		for _, c := range []ordering.Cart{emptyCart(), filled(t, 1)} {
			c.Status = s
			for d := range 24 * 40 {
				at := c.UpdatedAt.Add(time.Duration(d) * time.Hour)
				found := false
				for _, q := range p.Due(at) {
					found = found || q.Status == s && q.Empty == (len(c.Lines) == 0) && !c.UpdatedAt.After(q.Until)
				}
				if due := p.Fate(c, at) != ordering.CartStays; due != found {
					t.Fatalf("after %d hours a cart that is %s is due %v and looked for %v", d, s, due, found)
				}
			}
		}
	}
	if got := (ordering.CartPolicy{}).Due(now()); len(got) != 0 {
		t.Errorf("without a policy a sweep looks for %+v", got)
	}
}

func TestSweepCart(t *testing.T) {
	t.Parallel()
	p, ids := ordering.DefaultCartPolicy(), &orderingtest.Sequence{}
	at := now().Add(1000 * time.Hour)
	full := filled(t, 1, 2)
	full.Customer = customer(1)
	fate, c, due := ordering.SweepCart(p, full, at, ids.New)
	if err := c.Validate(); err != nil || !due || fate != ordering.CartIsAbandoned || c.Carts[0].State.Status != ordering.CartAbandoned || c.Carts[0].State.UpdatedAt != at {
		t.Fatalf("%q, %+v, %v", fate, c, err)
	}
	if e := c.Events[0]; e.Name != "ordering.cart_abandoned" || e.Aggregate != ordering.CartSubject(full.ID) || strings.Contains(string(e.Data), full.ID.Reveal()) {
		t.Errorf("event %+v", e)
	}
	if full.Status != ordering.CartActive {
		t.Error("a sweep changed what it was given")
	}
	fate, c, due = ordering.SweepCart(p, emptyCart(), at, ids.New)
	if !due || fate != ordering.CartExpires || c.Carts[0].State.Status != ordering.CartExpired || c.Events[0].Name != "ordering.cart_expired" {
		t.Errorf("an empty one: %q, %+v", fate, c)
	}
	full.Status = ordering.CartExpired
	fate, c, due = ordering.SweepCart(p, full, at, ids.New)
	if err := c.Validate(); err != nil || !due || fate != ordering.CartIsPurged || len(c.Carts) != 0 || len(c.Purges) != 1 || c.Purges[0].Expected != full.Version {
		t.Errorf("an expired one: %q, %+v, %v", fate, c, err)
	}
	full.Status, full.Order = ordering.CartDone, orderID(1)
	if _, _, due = ordering.SweepCart(p, full, at, ids.New); due {
		t.Error("a cart with an order was swept")
	}
}

func TestChangeCartTells(t *testing.T) {
	t.Parallel()
	ids := &orderingtest.Sequence{}
	for _, s := range []ordering.CartStatus{ordering.CartActive, ordering.CartAbandoned, ordering.CartExpired} {
		was := filled(t, 1)
		was.Status = s
		is, err := was.Add(line(9), item(2), 1, now())
		if err != nil {
			t.Fatal(err)
		}
		c := ordering.ChangeCart(was, is, ids.New)
		if revived := s != ordering.CartActive; revived != (len(c.Events) == 1 && c.Events[0].Name == "ordering.cart_revived") || !revived && len(c.Events) != 0 {
			t.Errorf("a change of a cart that is %s tells %+v", s, c.Events)
		}
	}
}
