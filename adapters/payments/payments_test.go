package payments_test

import (
	"context"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// charge asks for the n-th payment with a token.
func charge(n byte, token string) ordering.Charge {
	return ordering.Charge{
		Payment: ref.NewID[ref.PaymentKind](ref.UUID{n}), Number: "260302-00000001",
		Amount: money.New(1999, money.MustCurrency("GBP")), Token: token,
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]ordering.PaymentProvider{"manual": payments.Manual{}, "test": payments.NewTest()} {
		if got := p.Name(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestManualIsOffline(t *testing.T) {
	t.Parallel()
	if o, ok := ports.As[ordering.OfflineProvider](payments.Manual{}); !ok || !o.Offline() {
		t.Error("manual is not offline")
	}
	if _, ok := ports.As[ordering.OfflineProvider](payments.NewTest()); ok {
		t.Error("test is offline")
	}
	r, err := payments.Manual{}.Charge(t.Context(), charge(1, ""))
	if err != nil || r.State != ordering.ChargePending {
		t.Errorf("got %+v, %v; want it pending", r, err)
	}
}

func TestTokenRules(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		provider ordering.TokenChecker
		token    string
		rule     string
	}{
		{payments.Manual{}, "", ""},
		{payments.Manual{}, "tok_ok", "the provider manual takes no token; leave it out"},
		{payments.NewTest(), "tok_ok", ""},
		{payments.NewTest(), "tok_decline", ""},
		{payments.NewTest(), "", "the tokens of the provider test are: tok_ok, tok_authorize, tok_decline, tok_timeout, tok_unknown, tok_async"},
		{payments.NewTest(), "TOK_OK", "the tokens of the provider test are: tok_ok, tok_authorize, tok_decline, tok_timeout, tok_unknown, tok_async"},
	} {
		if got := tc.provider.TokenRule(tc.token); got != tc.rule {
			t.Errorf("%T, %q: got %q, want %q", tc.provider, tc.token, got, tc.rule)
		}
	}
}

func TestChargesByToken(t *testing.T) {
	t.Parallel()
	p := payments.NewTest()
	r, err := p.Charge(t.Context(), charge(1, payments.TokenOK))
	if err != nil || r.State != ordering.ChargeCaptured || r.Reference == "" || r.Message != "" {
		t.Errorf("tok_ok: got %+v, %v; want it captured with a reference", r, err)
	}
	r, err = p.Charge(t.Context(), charge(2, payments.TokenDecline))
	if err != nil || r.State != ordering.ChargeDeclined || r.Message != payments.DeclineMessage {
		t.Errorf("tok_decline: got %+v, %v; want it declined with a message", r, err)
	}
	if _, err = p.Charge(t.Context(), charge(3, "tok_other")); !fault.Is(err, ordering.Rule) {
		t.Errorf("tok_other: got %v, want a refusal", err)
	}
	got := p.Charges()
	if len(got) != 2 || got[0].Charge != charge(1, payments.TokenOK) || got[1].Result.State != ordering.ChargeDeclined {
		t.Errorf("Charges: %+v", got)
	}
	got[0].Token = "spoilt"
	if p.Charges()[0].Token != payments.TokenOK {
		t.Error("Charges shares its memory")
	}
}

func TestOnePaymentIsOneCharge(t *testing.T) {
	t.Parallel()
	p := payments.NewTest()
	results := make([]ordering.ChargeResult, 16)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() {
			token := payments.TokenOK
			if i%2 == 1 {
				token = payments.TokenDecline // Another token does not change what came of the first.
			}
			r, err := p.Charge(t.Context(), charge(1, token))
			if err != nil {
				t.Errorf("Charge: %v", err)
			}
			results[i] = r
		})
	}
	all.Wait()
	for i, r := range results {
		if r != results[0] {
			t.Errorf("caller %d got %+v, the first %+v", i, r, results[0])
		}
	}
	if n := len(p.Charges()); n != 1 {
		t.Errorf("%d charges, want one", n)
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	p := payments.NewTest()
	want, err := p.Charge(t.Context(), charge(1, payments.TokenOK))
	if err != nil {
		t.Fatalf("Charge: %v", err)
	}
	got, found, err := p.Lookup(t.Context(), charge(1, "").Payment)
	if err != nil || !found || got != want {
		t.Errorf("got %+v, %v, %v; want %+v", got, found, err, want)
	}
	if _, found, err = p.Lookup(t.Context(), charge(2, "").Payment); err != nil || found {
		t.Errorf("of a payment that was never charged: %v, %v", found, err)
	}
}

func TestNothingIsChargedForACallerWhoIsGone(t *testing.T) {
	t.Parallel()
	p := payments.NewTest()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Charge(ctx, charge(1, payments.TokenOK)); !fault.Is(err, fault.Down) {
		t.Errorf("Charge: got %v, want unavailable", err)
	}
	if _, _, err := p.Lookup(ctx, charge(1, "").Payment); !fault.Is(err, fault.Down) {
		t.Errorf("Lookup: got %v, want unavailable", err)
	}
	if n := len(p.Charges()); n != 0 {
		t.Errorf("%d charges, want none", n)
	}
}
