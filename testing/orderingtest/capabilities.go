package orderingtest

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// TestPaymentCapabilities proves the capabilities of an ordering.PaymentProvider: those that it has, found by ports.As.
// Of the harness it needs Provider, Good and Declined, which is "" when nothing is declined. Wrong is a token that is
// none of the provider's own.
func TestPaymentCapabilities(t *testing.T, open func(t *testing.T) ProviderHarness, wrong string) {
	t.Helper()
	run(t, CapabilityClauses(wrong), open)
}

// CapabilityClauses are the clauses of ordering.OfflineProvider, ordering.ChargeLookup and ordering.TokenChecker.
func CapabilityClauses(wrong string) []Clause[ProviderHarness] {
	return []Clause[ProviderHarness]{
		{ID: "offline-constant", Case: "asked again", Run: offlineConstant},
		{ID: "offline-pending", Case: "charged all the same", Run: offlinePending},
		{ID: "lookup-found", Case: "after a charge", Run: lookupFound},
		{ID: "lookup-missing", Case: "without a charge", Run: lookupMissing},
		{ID: "token-rule", Case: "right and wrong tokens", Run: func(t TB, open func(TB) ProviderHarness) { tokenRule(t, open, wrong) }},
	}
}

// capability finds T; a provider without it has nothing to prove.
func capability[T any](t TB, h ProviderHarness) (T, bool) {
	t.Helper()
	c, ok := ports.As[T](h.Provider)
	if !ok {
		t.Logf("the provider %s does not have it", h.Provider.Name())
	}
	return c, ok
}

func offlineConstant(t TB, open func(TB) ProviderHarness) {
	h := open(t)
	o, ok := capability[ordering.OfflineProvider](t, h)
	if !ok {
		return
	}
	first := o.Offline()
	_, _ = h.Provider.Charge(t.Context(), charge(1, h.Good, 1999)) // Whatever comes of it must not matter.
	if o.Offline() != first {
		t.Errorf("it was offline: %v, and is not any more", first)
	}
}

func offlinePending(t TB, open func(TB) ProviderHarness) {
	h := open(t)
	if o, ok := capability[ordering.OfflineProvider](t, h); !ok || !o.Offline() {
		return
	}
	r, err := h.Provider.Charge(t.Context(), charge(1, h.Good, 1999))
	if err != nil || r.State != ordering.ChargePending {
		t.Errorf("an offline provider came to %q, %v; want pending", r.State, err)
	}
}

func lookupFound(t TB, open func(TB) ProviderHarness) {
	h := open(t)
	l, ok := capability[ordering.ChargeLookup](t, h)
	if !ok {
		return
	}
	for i, token := range []string{h.Good, h.Declined} {
		if token == "" {
			continue
		}
		c := charge(byte(i+1), token, 1999)
		want, err := h.Provider.Charge(t.Context(), c)
		if err != nil {
			t.Fatalf("charging: %v", err)
		}
		if got, found, err := l.Lookup(t.Context(), c.Payment); err != nil || !found || got != want {
			t.Errorf("the charge came to %+v and is looked up as %+v, %v, %v", want, got, found, err)
		}
	}
}

func lookupMissing(t TB, open func(TB) ProviderHarness) {
	h := open(t)
	l, ok := capability[ordering.ChargeLookup](t, h)
	if !ok {
		return
	}
	if got, found, err := l.Lookup(t.Context(), charge(9, h.Good, 1).Payment); err != nil || found {
		t.Errorf("what was never charged is looked up as %+v, %v, %v", got, found, err)
	}
}

func tokenRule(t TB, open func(TB) ProviderHarness, wrong string) {
	h := open(t)
	c, ok := capability[ordering.TokenChecker](t, h)
	if !ok {
		return
	}
	for _, token := range []string{h.Good, h.Declined} {
		if rule := c.TokenRule(token); rule != "" && (token != "" || h.Good == "") {
			t.Errorf("the token %q, which Charge takes, breaks a rule: %s", token, rule)
		}
	}
	if c.TokenRule(wrong) == "" {
		t.Errorf("the token %q, which is none of its own, breaks no rule", wrong)
	}
}
