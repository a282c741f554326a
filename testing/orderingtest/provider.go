package orderingtest

import (
	"maps"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// ProviderHarness is a payment provider with what the suite needs to steer it.
type ProviderHarness struct {
	Provider ordering.PaymentProvider
	// Good is a token whose charge is not declined.
	Good string
	// Declined is a token whose charge is.
	Declined string
	// Lose makes the answer of the next charge, capture, void or refund get lost, what was asked for being done, and
	// Refuse makes the next one fail for sure.
	Lose, Refuse func(t TB)
	// Held is a token whose charge is held and not taken yet; "" when the provider takes all money at once.
	Held string
	// Moved is what was really done with the money of each payment; nil when that cannot be seen.
	Moved func(t TB) map[ref.PaymentID]Moved
	// Sends is how the provider's messages are made; nil when it sends none.
	Sends *Sender
	// Taken is what each charge that stands took.
	Taken func(t TB) map[ref.PaymentID]money.Money

	features ProviderFeatures
}

// ProviderFeatures gives, in words, the reasons why a provider cannot do a thing; see Features.
type ProviderFeatures struct {
	NoDecline string // Why it declines nothing.
	NoFaults  string // Why its charges cannot be made to fail.
	NoTaken   string // Why it cannot be seen what was taken.
}

// TestPaymentProvider proves an ordering.PaymentProvider. Open makes a fresh one for each subtest.
func TestPaymentProvider(t *testing.T, open func(t *testing.T) ProviderHarness, f ProviderFeatures) {
	t.Helper()
	run(t, ProviderClauses(), func(t *testing.T) ProviderHarness {
		t.Helper()
		h := open(t)
		h.features = f
		return h
	})
}

// ProviderClauses are the clauses of ordering.PaymentProvider.
func ProviderClauses() []Clause[ProviderHarness] {
	return []Clause[ProviderHarness]{
		{ID: "provider-idempotent", Case: "the same payment again", Run: chargeAgain},
		{ID: "provider-idempotent", Case: "many at once", Run: chargeRace},
		{ID: "provider-decline", Case: "a refusal is a result", Run: chargeDeclined},
		{ID: "provider-unknown", Case: "an answer that is lost", Run: chargeLost},
		{ID: "provider-unknown", Case: "a charge that fails", Run: chargeFails},
		{ID: "provider-amount", Case: "all of it or nothing", Run: chargeAmounts},
	}
}

// charge makes the n-th charge, of an amount.
func charge(n byte, token string, minor int64) ordering.Charge {
	return ordering.Charge{
		Payment: ref.NewID[ref.PaymentKind]([16]byte{0: 1, 6: 0x70, 8: 0x80, 15: n}), Number: "261123-7K3M9Q2X",
		Amount: money.New(minor, money.GBP), Token: token,
	}
}

// excuse logs why the provider cannot do what comes next, if it cannot.
func excuse(t TB, reason string) bool {
	t.Helper()
	if reason != "" {
		t.Logf("excused: %s", reason)
	}
	return reason != ""
}

// took checks what was taken, in all.
func took(t TB, h ProviderHarness, wanted ...ordering.Charge) {
	t.Helper()
	if excuse(t, h.features.NoTaken) {
		return
	}
	amounts := map[ref.PaymentID]money.Money{}
	for _, c := range wanted {
		amounts[c.Payment] = c.Amount
	}
	if got := h.Taken(t); !maps.Equal(got, amounts) {
		t.Errorf("the charges took %v, want %v", got, amounts)
	}
}

// tookTimes checks how many charges stand.
func tookTimes(t TB, h ProviderHarness, wanted int) {
	t.Helper()
	if excuse(t, h.features.NoTaken) {
		return
	}
	if got := len(h.Taken(t)); got != wanted {
		t.Errorf("%d charges stand, want %d", got, wanted)
	}
}

// good makes a charge that is not declined.
func good(t TB, h ProviderHarness, c ordering.Charge) ordering.ChargeResult {
	t.Helper()
	r, err := h.Provider.Charge(t.Context(), c)
	if err != nil {
		t.Fatalf("charging: %v", err)
	}
	switch r.State {
	case ordering.ChargeAuthorized, ordering.ChargeCaptured, ordering.ChargePending:
	case ordering.ChargeDeclined:
		t.Errorf("a good token was declined: %s", r.Message)
	default:
		t.Errorf("a charge came to %q", r.State)
	}
	return r
}

func chargeAgain(t TB, open func(TB) ProviderHarness) {
	h := open(t)
	first := good(t, h, charge(1, h.Good, 1999))
	for range 3 {
		if again := good(t, h, charge(1, h.Good, 1999)); again != first {
			t.Errorf("the same payment came to %+v, then to %+v", first, again)
		}
	}
	good(t, h, charge(2, h.Good, 1999))
	tookTimes(t, h, 2)
}

func chargeRace(t TB, open func(TB) ProviderHarness) {
	h := open(t)
	results, errs := make([]ordering.ChargeResult, racers), make([]error, racers)
	var all sync.WaitGroup
	for i := range racers {
		all.Go(func() { results[i], errs[i] = h.Provider.Charge(t.Context(), charge(1, h.Good, 1999)) })
	}
	all.Wait()
	for i := range racers {
		if errs[i] != nil || results[i] != results[0] {
			t.Errorf("one payment came to %+v and to %+v, %v", results[0], results[i], errs[i])
		}
	}
	tookTimes(t, h, 1)
}

func chargeDeclined(t TB, open func(TB) ProviderHarness) {
	h := open(t)
	if excuse(t, h.features.NoDecline) {
		return
	}
	for range 2 {
		r, err := h.Provider.Charge(t.Context(), charge(1, h.Declined, 1999))
		if err != nil || r.State != ordering.ChargeDeclined || r.Message == "" {
			t.Errorf("a refusal came to %+v, %v, want declined with a message", r, err)
		}
	}
}

func chargeLost(t TB, open func(TB) ProviderHarness) {
	h := open(t)
	if excuse(t, h.features.NoFaults) {
		return
	}
	h.Lose(t)
	if _, err := h.Provider.Charge(t.Context(), charge(1, h.Good, 1999)); err == nil || fault.KindOf(err) != fault.Unknown {
		t.Errorf("a lost answer is answered with %v, want kind unknown", err)
	}
	if lookup, ok := ports.As[ordering.ChargeLookup](h.Provider); ok {
		if _, found, err := lookup.Lookup(t.Context(), charge(1, h.Good, 1999).Payment); err != nil || !found {
			t.Errorf("a charge whose answer was lost is looked up with %v, %v", found, err)
		}
	}
	good(t, h, charge(1, h.Good, 1999))
	tookTimes(t, h, 1)
}

func chargeFails(t TB, open func(TB) ProviderHarness) {
	h := open(t)
	if excuse(t, h.features.NoFaults) {
		return
	}
	h.Refuse(t)
	if _, err := h.Provider.Charge(t.Context(), charge(1, h.Good, 1999)); err == nil || fault.KindOf(err) == fault.Unknown {
		t.Errorf("a charge that surely failed is answered with %v", err)
	}
	tookTimes(t, h, 0)
	if lookup, ok := ports.As[ordering.ChargeLookup](h.Provider); ok {
		if _, found, err := lookup.Lookup(t.Context(), charge(1, h.Good, 1999).Payment); err != nil || found {
			t.Errorf("a charge that was never made is looked up with %v, %v", found, err)
		}
	}
}

func chargeAmounts(t TB, open func(TB) ProviderHarness) {
	h := open(t)
	charges := []ordering.Charge{charge(1, h.Good, 1), charge(2, h.Good, 1999), charge(3, h.Good, 900_000_000_000_000)}
	for _, c := range charges {
		good(t, h, c)
	}
	took(t, h, charges...)
}
