package shopapitest

import (
	"crypto/rand"
	"maps"
	"net/http"
	"strings"
	"testing"
)

// checkoutFields breaks one field at a time; each is named, nothing is ordered.
func checkoutFields(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1})
	good := map[string]any{"email": "ada@example.com", "shipping_address": address(), "payment": map[string]string{"provider": "manual"}}
	try := func(field string, value any, where string) {
		t.Helper()
		body := maps.Clone(good)
		if body[field] = value; value == nil {
			delete(body, field)
		}
		s.order(t, c, jsonOf(t, body), rand.Text()).refused(t, http.StatusUnprocessableEntity, "invalid", where)
	}
	for _, email := range []any{nil, "", " ", "ada", "ada@", "@example.com", "a b@example.com", "ada@example.com\n", 1, strings.Repeat("a", 250) + "@example.com"} {
		try("email", email, "email")
	}
	for _, part := range []string{"name", "line1", "city", "postal_code", "country"} {
		for _, value := range []any{nil, "", "a\u0000b", "a\nb", strings.Repeat("x", 256), 7} {
			broken := make(map[string]any)
			for name, text := range address() {
				broken[name] = text
			}
			if broken[part] = value; value == nil {
				delete(broken, part)
			}
			if text, ok := value.(string); ok && strings.Contains(text, "\u0000") {
				body := maps.Clone(good)
				body["shipping_address"] = broken
				s.order(t, c, jsonOf(t, body), rand.Text()).refused(t, http.StatusBadRequest, "malformed_json")
				continue
			}
			try("shipping_address", broken, "shipping_address."+part)
			try("billing_address", broken, "billing_address."+part)
		}
	}
	for _, country := range []string{"gb", "GBR", "G1", "United Kingdom"} {
		broken := address()
		broken["country"] = country
		try("shipping_address", broken, "shipping_address.country")
	}
	try("shipping_address", nil, "shipping_address")
	try("payment", nil, "payment")
	try("payment", map[string]string{}, "payment.provider")
	try("payment", map[string]string{"provider": "nobody"}, "payment.provider")
	try("payment", map[string]string{"provider": "test", "token": "tok_nonsense"}, "payment.token")
	try("payment", map[string]string{"provider": "test"}, "payment.token")
	try("shipping_option", "teleport", "shipping_option")
	for _, value := range []string{"1.234567", "x", "", "1,00", "1e3", " 1.00"} {
		body := maps.Clone(good)
		body["expected_total"] = amount{value, c.Currency}
		p := s.order(t, c, jsonOf(t, body), rand.Text()).refused(t, http.StatusUnprocessableEntity, "invalid")
		if len(p.Errors) == 0 || !strings.HasPrefix(p.Errors[0].Field, "expected_total") {
			t.Errorf("expected_total %q: the errors should be about it: %+v", value, p.Errors)
		}
	}
	if now := readCart(t, s.call(t, http.MethodGet, cartPath(c.ID), ""), http.StatusOK); now.Version != c.Version {
		t.Errorf("a refused checkout changed the cart: %+v", now)
	}
}

// checkoutKey leaves the key out or sends one that is none.
func checkoutKey(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, s.unit(t))
	body := s.purchase(t, "manual", "", nil)
	s.call(t, http.MethodPost, cartPath(c.ID)+"/checkout", body).refused(t, http.StatusBadRequest, "missing_idempotency_key")
	for _, key := range []string{"a b", strings.Repeat("k", 256), "caf\u00e9"} {
		s.order(t, c, body, key).refused(t, http.StatusUnprocessableEntity, "invalid", keyHeader)
	}
	s.order(t, c, body, strings.Repeat("k", 255)).want(t, http.StatusCreated)
}
