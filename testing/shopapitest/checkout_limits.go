package shopapitest

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"testing"
)

func checkoutLimitClauses() []clause {
	return []clause{{"limits/checkout", limitsCheckout}}
}

// checkoutsMost is how often a cart may be checked out within a minute.
const checkoutsMost = 120

// limitsCheckout checks a cart out until it was too often. Replays do not count, are answered beyond the limit too, and
// another cart is not in the way.
func limitsCheckout(t *testing.T, s *suite) {
	t.Helper()
	one := wanted{SKU: s.shelf.first.SKU, Quantity: 1}
	c, other := s.newCart(t, one), s.newCart(t, one)
	declined := s.purchase(t, "test", "tok_decline", nil)
	key := rand.Text()
	s.order(t, c, declined, key).refused(t, http.StatusPaymentRequired, "payment_declined")
	changed := s.purchase(t, "test", "tok_ok", &amount{Amount: "0.01", Currency: c.Currency})
	for range checkoutsMost - 1 {
		if a := s.order(t, c, declined, key); a.status != http.StatusPaymentRequired || a.header.Get(replayedHeader) != "true" {
			t.Fatalf("%s: a replay: %v", a, a.header)
		}
		s.order(t, c, changed, rand.Text()).want(t, http.StatusConflict)
	}
	a := s.order(t, c, changed, rand.Text())
	a.refused(t, http.StatusTooManyRequests, "rate_limited")
	if seconds, err := strconv.Atoi(a.header.Get("Retry-After")); err != nil || seconds < 1 || seconds > 60 {
		t.Errorf("%s: Retry-After %q, want 1 to 60", a, a.header.Get("Retry-After"))
	}
	if a := s.order(t, c, declined, key); a.status != http.StatusPaymentRequired || a.header.Get(replayedHeader) != "true" {
		t.Errorf("%s: a replay beyond the limit: %v", a, a.header)
	}
	s.order(t, other, changed, rand.Text()).want(t, http.StatusConflict)
}
