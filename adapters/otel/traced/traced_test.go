package traced_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/otel/traced"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// provider is a payment provider that can look charges up, and that needs no call.
type provider struct{ ordering.PaymentProvider }

func (provider) Name() string { return "own" }

func (provider) Charge(context.Context, ordering.Charge) (ordering.ChargeResult, error) {
	return ordering.ChargeResult{}, fault.Down.New("away")
}

func (provider) Lookup(context.Context, ref.PaymentID) (ordering.ChargeResult, bool, error) {
	return ordering.ChargeResult{}, true, nil
}

func (provider) Offline() bool { return true }

func TestDecoratorsHideNothing(t *testing.T) {
	t.Parallel()
	var spans []string
	trace := observe.Trace(func(ctx context.Context, layer observe.Layer, name string) (context.Context, func(error)) {
		return ctx, func(err error) { spans = append(spans, fmt.Sprint(layer, " ", name, " ", err != nil)) }
	})
	p := traced.OrderingPaymentProvider(provider{}, trace)
	lookup, ok := ports.As[ordering.ChargeLookup](p)
	offline, known := ports.As[ordering.OfflineProvider](p)
	if _, refunds := ports.As[ordering.Refunder](p); !ok || !known || !offline.Offline() || refunds {
		t.Fatalf("lookup %v, offline %v, refunds %v", ok, known, refunds)
	}
	call := func(ctx context.Context) {
		if _, err := p.Charge(ctx, ordering.Charge{}); !fault.Is(err, fault.Down) {
			t.Errorf("the error is %v", err)
		}
		if _, found, err := lookup.Lookup(ctx, ref.PaymentID{}); !found || err != nil {
			t.Errorf("found %v, %v", found, err)
		}
	}
	call(t.Context())
	if len(spans) > 0 || p.Name() != "own" {
		t.Errorf("nobody traces and there are spans %q", spans)
	}
	call(observe.With(t.Context(), observe.Correlation{Sampled: true}))
	if want := []string{"port ordering.PaymentProvider.Charge true", "port ordering.ChargeLookup.Lookup false"}; !slices.Equal(spans, want) {
		t.Errorf("%q, want %q", spans, want)
	}
}
