package integration_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/shoptest"
	faults "github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// signing is a counter whose provider signs what it tells.
type signing struct {
	*counter
	provider *payments.Test
}

func newSigning(t *testing.T, c *counter) *signing {
	t.Helper()
	p := payments.NewTestWith(payments.TestOptions{Secret: []byte("the provider's and ours")})
	ports := c.Ports
	ports.Providers = append(ports.Providers, p)
	services := shoptest.NewServices(ports, shoptest.Tokens(), nil)
	server, err := fiberhttp.New(fiberhttp.Options{
		Logger: zap.NewNop(), Registry: prometheus.NewRegistry(), Version: "1.2.3", Now: c.Clock.Now, NewID: func() string { return "id" },
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Mount(fiberhttp.Services{
		Catalog: services.Catalog, Pricing: services.Pricing, Inventory: services.Inventory, Ordering: services.Ordering, Access: services.Access,
		Customers: services.Customers, Desk: ports.CommandDesk, IDs: c.IDs, Now: c.Clock.Now,
	})
	c.Server, c.Services = server, services
	return &signing{c, p}
}

// undecided makes an order whose payment waits.
func (s *signing) undecided(t *testing.T) (ordering.PlacedOrder, ordering.Payment) {
	t.Helper()
	request := s.Request(t, shoptest.Order{})
	request.Provider, request.Token = payments.TestName, payments.TokenAsync
	o, err := s.Ordering.Checkout(t.Context(), s.Scope(), request)
	if err != nil {
		t.Fatal(err)
	}
	return o, o.Payments[0]
}

// tells sends a webhook, signed at a time.
func (s *signing) tells(t *testing.T, at time.Time, change func(body []byte) []byte, events ...ordering.PaymentEvent) asked {
	t.Helper()
	signature, body, err := s.provider.Message(at, events...)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		body = change(body)
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/payments/test/webhooks", bytes.NewReader(body))
	request.Header.Set(payments.TestSignature, signature)
	request.Header.Set("Content-Type", "application/json")
	response, err := s.App().Test(request, int(shopStart.Milliseconds()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var content bytes.Buffer
	if _, err := content.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return asked{response.StatusCode, response.Header, content.Bytes()}
}

// TestWebhooks sends what a provider signs, and what it did not, on both stores.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	onCounters(t, func(t *testing.T, c *counter) {
		s := newSigning(t, c)
		now := c.Clock.Now()
		o, p := s.undecided(t)
		captured := ordering.PaymentEvent{ID: "evt_1", Payment: p.ID, Kind: ordering.EventCaptured, Amount: p.Amount, Reference: "ch_1"}
		stands := func(when string, want ordering.Status) {
			t.Helper()
			if x, err := s.Ordering.Sale(t.Context(), o.Order.ID); err != nil || x.Order.Status != want {
				t.Errorf("%s: the order is %s, %v; want %s", when, x.Order.Status, err, want)
			}
		}
		for name, a := range map[string]asked{
			"changed on its way": s.tells(t, now, func(b []byte) []byte { return bytes.Replace(b, []byte("ch_1"), []byte("ch_2"), 1) }, captured),
			"too old":            s.tells(t, now.Add(-ordering.WebhookAge-time.Second), nil, captured),
			"from the future":    s.tells(t, now.Add(ordering.WebhookAge+2*time.Second), nil, captured),
		} {
			if a.status != http.StatusBadRequest || !bytes.Contains(a.body, []byte(`"webhook_signature"`)) {
				t.Errorf("%s: %d %s", name, a.status, a.body)
			}
		}
		if a := s.tells(t, now, nil, ordering.PaymentEvent{Kind: ordering.EventCaptured}); a.status != http.StatusBadRequest || !bytes.Contains(a.body, []byte(`"webhook_malformed"`)) {
			t.Errorf("an event of nothing: %d %s", a.status, a.body)
		}
		stands("refused messages", ordering.Pending)
		for range 2 {
			if a := s.tells(t, now, nil, captured); a.status != http.StatusNoContent {
				t.Errorf("captured: %d %s", a.status, a.body)
			}
			stands("captured", ordering.Placed)
		}

		// One that comes before its payment is kept, and answered as taken.
		early := ordering.PaymentEvent{ID: "evt_2", Payment: ref.NewID[ref.PaymentKind](c.IDs.New()), Kind: ordering.EventCaptured, Amount: money.New(1, money.GBP)}
		if a := s.tells(t, now, nil, early); a.status != http.StatusNoContent {
			t.Errorf("of an unknown payment: %d %s", a.status, a.body)
		}
		kept, err := c.Plain.Inbox.Waiting(t.Context(), now.Add(time.Hour), 10)
		if err != nil || len(kept) != 1 || kept[0].Event.ID != "evt_2" {
			t.Errorf("kept: %+v, %v", kept, err)
		}
	})
}

// seenWebhooks gives the lines of coverage of messages that a provider signed, also while the store fails.
func seenWebhooks(t *testing.T) []string {
	t.Helper()
	s := newSigning(t, newCounter(t, nil))
	_, p := s.undecided(t)
	captured := ordering.PaymentEvent{ID: "evt_1", Payment: p.ID, Kind: ordering.EventCaptured, Amount: p.Amount}
	var lines []string
	for status, f := range map[int]faults.Fault{
		http.StatusServiceUnavailable:  {Kind: faults.Before},
		http.StatusInternalServerError: {Kind: faults.Before, Err: fault.Unexpected.New("a defect")},
		http.StatusNoContent:           {},
	} {
		s.Faults.On("ordering.Orders", "OfPayment", f)
		if a := s.tells(t, s.Clock.Now(), nil, captured); a.status != status {
			t.Errorf("%v: %d %s, want %d", f, a.status, a.body, status)
		}
		lines = append(lines, fmt.Sprintf("POST /api/v1/payments/{provider}/webhooks %d", status))
	}
	return lines
}
