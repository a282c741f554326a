package shoptest_test

import (
	"encoding/json"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
	"github.com/ipswich-retail/commerce/testing/portstest"
	"github.com/ipswich-retail/commerce/testing/shoptest"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// openProvider is the provider behind faults, by which its answers get lost.
func openProvider(*testing.T) orderingtest.ProviderHarness {
	p := shoptest.NewProvider(shoptest.NewClock(orderingtest.Moment()))
	var next atomic.Uint32
	faults := faulty.New(&faulty.Options{Choose: func(c faulty.Call) faulty.Fault {
		if c.Method == "Lookup" || c.Method == "Name" || c.Method == "TokenRule" {
			return faulty.Fault{}
		}
		return faulty.Fault{Kind: faulty.Kind(next.Swap(0))}
	}})
	arm := func(kind faulty.Kind) func(orderingtest.TB) {
		return func(orderingtest.TB) { next.Store(uint32(kind)) }
	}
	moved := func(orderingtest.TB) map[ref.PaymentID]orderingtest.Moved {
		out := map[ref.PaymentID]orderingtest.Moved{}
		for _, e := range p.Journal() {
			m, n := out[e.Payment], e.Amount.Minor()
			switch e.Kind {
			case ordering.EntryAuthorized:
				m.Held += n
			case ordering.EntryCaptured:
				if m.Captured += n; e.Effect == "" {
					m.Held += n
				}
			case ordering.EntryVoided:
				m.Voided += n
			case ordering.EntryRefunded:
				m.Refunded += n
			default:
			}
			out[e.Payment] = m
		}
		return out
	}
	return orderingtest.ProviderHarness{
		Provider: faulty.Wrap[ordering.PaymentProvider](p, faults),
		Good:     string(shoptest.Captures), Declined: string(shoptest.Declines), Held: string(shoptest.Authorizes),
		Lose: arm(faulty.After), Refuse: arm(faulty.Before), Moved: moved,
		Taken: func(t orderingtest.TB) map[ref.PaymentID]money.Money {
			t.Helper()
			out := map[ref.PaymentID]money.Money{}
			for id, m := range moved(t) {
				if m.Held > 0 {
					out[id] = money.New(m.Held, money.GBP)
				}
			}
			return out
		},
		Sends: &orderingtest.Sender{
			Event: func(t orderingtest.TB, at time.Time, e ordering.PaymentEvent) ordering.Webhook {
				t.Helper()
				body, err := json.Marshal(e)
				if err != nil {
					t.Fatalf("making a message: %v", err)
				}
				return p.Signed(at, body)
			},
			Garbage: func(_ orderingtest.TB, at time.Time) ordering.Webhook { return p.Signed(at, []byte("no { json")) },
			Strange: func(_ orderingtest.TB, at time.Time) ordering.Webhook {
				return p.Signed(at, []byte(`{"id":"evt_9","kind":"payout"}`))
			},
		},
	}
}

func TestProvider(t *testing.T) {
	t.Parallel()
	orderingtest.TestPaymentProvider(t, openProvider, orderingtest.ProviderFeatures{})
	orderingtest.TestPaymentEffects(t, openProvider, orderingtest.ProviderFeatures{})
	orderingtest.TestPaymentCapabilities(t, openProvider, "tok_of_someone_else")
	orderingtest.TestWebhookParser(t, openProvider)
}

func TestClock(t *testing.T) {
	t.Parallel()
	portstest.TestClock(t, func(*testing.T) ports.Clock { return shoptest.NewClock(shoptest.Morning()) })
}

func TestIDs(t *testing.T) {
	t.Parallel()
	portstest.TestIDs(t, func(*testing.T) ports.IDs { return shoptest.NewIDs(shoptest.NewClock(shoptest.Morning()), 1) })
}
