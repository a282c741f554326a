package payments_test

import (
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/testing/shoptest"
)

// open makes a shop that takes the test provider and sweeps every ten seconds.
func open(t *testing.T) (*shoptest.Shop, *payments.Test) {
	t.Helper()
	p := payments.NewTest()
	shop := shoptest.New(t, &shoptest.Options{Ports: func(ports shoptest.Ports) shoptest.Ports {
		ports.Providers = append(ports.Providers, p)
		return ports
	}})
	shop.Every(10*time.Second, func() {
		if _, err := shop.Ordering.SweepOrders(t.Context(), 100); err != nil {
			t.Errorf("sweeping: %v", err)
		}
	})
	return shop, p
}

// buy checks a cart out with a token.
func buy(t *testing.T, shop *shoptest.Shop, token string) (ordering.PlacedOrder, error) {
	t.Helper()
	r := shop.Request(t, shoptest.Order{})
	r.Provider, r.Token = payments.TestName, token
	return shop.Ordering.Checkout(t.Context(), shop.Scope(), r)
}

// minute lets a minute pass.
func minute(t *testing.T, shop *shoptest.Shop) {
	t.Helper()
	if err := shop.Advance(t.Context(), time.Minute); err != nil {
		t.Errorf("a minute passes: %v", err)
	}
}

// stands checks where an order stands.
func stands(t *testing.T, shop *shoptest.Shop, p ordering.PlacedOrder, status ordering.Status, payment ordering.PaymentStatus) {
	t.Helper()
	s, err := shop.Ordering.Sale(t.Context(), p.Order.ID)
	if err != nil || s.Order.Status != status || s.PaymentStatus() != payment {
		t.Errorf("the order is %s and %s, %v; want %s and %s", s.Order.Status, s.PaymentStatus(), err, status, payment)
	}
}

// TestOutcomes buys with each token: what the shop says at once, and what has become of it a minute later.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]struct {
		now, later         ordering.Status
		paid, paidLater    ordering.PaymentStatus
		charged, cartOpens bool
	}{
		payments.TokenOK:        {ordering.Placed, ordering.Placed, ordering.PaymentPaid, ordering.PaymentPaid, true, false},
		payments.TokenAuthorize: {ordering.Placed, ordering.Placed, ordering.PaymentAuthorized, ordering.PaymentAuthorized, false, false},
		payments.TokenTimeout:   {ordering.Pending, ordering.Cancelled, ordering.PaymentPending, ordering.PaymentNone, false, true},
		payments.TokenUnknown:   {ordering.Pending, ordering.Placed, ordering.PaymentPending, ordering.PaymentPaid, true, false},
		payments.TokenAsync:     {ordering.Pending, ordering.Pending, ordering.PaymentPending, ordering.PaymentPending, false, false},
	} {
		t.Run(token, func(t *testing.T) {
			t.Parallel()
			shop, provider := open(t)
			p, err := buy(t, shop, token)
			if err != nil {
				t.Fatal(err)
			}
			stands(t, shop, p, want.now, want.paid)
			minute(t, shop)
			stands(t, shop, p, want.later, want.paidLater)
			charged := int64(0)
			for _, c := range provider.Charges() {
				charged += c.Captured
			}
			if (charged > 0) != want.charged {
				t.Errorf("%d was taken", charged)
			}
			q, err := shop.Ordering.Cart(t.Context(), shop.Scope(), p.Order.Cart)
			if err != nil || (q.Cart.Status == ordering.CartActive) != want.cartOpens {
				t.Errorf("its cart is %s, %v", q.Cart.Status, err)
			}
		})
	}
}

func TestDeclineOpensTheCart(t *testing.T) {
	t.Parallel()
	shop, _ := open(t)
	p, err := buy(t, shop, payments.TokenDecline)
	if !fault.Is(err, ordering.PaymentDeclined) || fault.Of(err).Message() != payments.DeclineMessage {
		t.Fatalf("got %v", err)
	}
	stands(t, shop, p, ordering.Cancelled, ordering.PaymentNone)
	if q, err := shop.Ordering.Cart(t.Context(), shop.Scope(), p.Order.Cart); err != nil || q.Cart.Status != ordering.CartActive {
		t.Errorf("its cart is %s, %v", q.Cart.Status, err)
	}
}

// TestAsyncOutcomes: an event decides, by the subscription or by a lookup should it get lost.
func TestAsyncOutcomes(t *testing.T) {
	t.Parallel()
	for _, subscribed := range []bool{true, false} {
		for succeeded, want := range map[bool]ordering.Status{true: ordering.Placed, false: ordering.Cancelled} {
			shop, provider := open(t)
			if subscribed {
				provider.Subscribe(func(e ordering.PaymentEvent) {
					if err := shop.Ordering.ApplyEvent(t.Context(), e); err != nil {
						t.Error(err)
					}
				})
			}
			p, err := buy(t, shop, payments.TokenAsync)
			if err != nil {
				t.Fatal(err)
			}
			provider.Settle(p.Payments[0].ID, succeeded)
			if !subscribed {
				minute(t, shop)
			}
			if s, err := shop.Ordering.Sale(t.Context(), p.Order.ID); err != nil || s.Order.Status != want {
				t.Errorf("subscribed %v, succeeded %v: %s, %v", subscribed, succeeded, s.Order.Status, err)
			}
		}
	}
}
