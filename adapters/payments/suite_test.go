package payments_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

func openManual(*testing.T) orderingtest.ProviderHarness {
	return orderingtest.ProviderHarness{Provider: payments.Manual{}}
}

func openTest(*testing.T) orderingtest.ProviderHarness {
	p := payments.NewTest()
	return orderingtest.ProviderHarness{
		Provider: p, Good: payments.TokenOK, Declined: payments.TokenDecline,
		Taken: func(orderingtest.TB) map[ref.PaymentID]money.Money {
			out := map[ref.PaymentID]money.Money{}
			for _, c := range p.Charges() {
				if c.Result.State == ordering.ChargeCaptured {
					out[c.Payment] = c.Amount
				}
			}
			return out
		},
	}
}

func TestManualProvider(t *testing.T) {
	t.Parallel()
	orderingtest.TestPaymentProvider(t, openManual, orderingtest.ProviderFeatures{
		NoDecline: "nobody is asked", NoFaults: "nobody is asked", NoTaken: "it takes nothing",
	})
}

func TestTestProvider(t *testing.T) {
	t.Parallel()
	orderingtest.TestPaymentProvider(t, openTest, orderingtest.ProviderFeatures{NoFaults: "its answers do not get lost"})
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) orderingtest.ProviderHarness{"manual": openManual, "test": openTest} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			orderingtest.TestPaymentCapabilities(t, open, "tok_of_someone_else")
		})
	}
}
