package integration_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// zeroOrder is a well-formed id of no order.
const zeroOrder = "/api/v1/orders/ord_00000000000000000000000000"

func TestHTTPPurchase(t *testing.T) {
	t.Parallel()
	for provider, want := range map[string]struct{ token, payment, timeline string }{
		"manual": {"", "pending", "placed"},
		"test":   {"tok_ok", "paid", "pending,payment_captured,placed"},
	} {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			s := newHTTPShop(t)
			cart, _ := s.cart(t, `{"sku":"MUG","quantity":2},{"sku":"PIN","quantity":1500}`)
			body := checkoutBody(provider, want.token, `,"expected_total":{"amount":"26.50","currency":"GBP"},"shipping_option":"standard"`)
			a := s.want(t, http.StatusCreated, http.MethodPost, cart+"/checkout", body, "Idempotency-Key", "one")
			if got := a.text(t, "status") + " " + a.text(t, "payment_status") + " " + a.text(t, "fulfilment_status"); got != "placed "+want.payment+" unfulfilled" {
				t.Error(got)
			}
			if a.header.Get("Location") != "/api/v1/orders/"+a.text(t, "id") || a.header.Get("Idempotent-Replayed") != "" || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("headers %v", a.header)
			}
			var kinds []string
			for i := range a.at(t, "timeline").([]any) {
				kinds = append(kinds, a.text(t, "timeline", i, "kind"))
				if at := a.text(t, "timeline", i, "at"); !strings.HasSuffix(at, "Z") {
					t.Errorf("at %s", at)
				}
			}
			if got := strings.Join(kinds, ","); got != want.timeline {
				t.Errorf("timeline %s, want %s", got, want.timeline)
			}
			for i, line := range []string{"MUG The mug 12.50 25.00", "PIN The pin 0.001 1.50"} {
				got := a.text(t, "lines", i, "sku") + " " + a.text(t, "lines", i, "title") + " " +
					a.pounds(t, "lines", i, "unit_price") + " " + a.pounds(t, "lines", i, "total")
				if got != line {
					t.Errorf("line %d: %s, want %s", i, got, line)
				}
			}
			if a.pounds(t, "totals", "total") != "26.50" || a.text(t, "shipping", 0, "code") != "standard" ||
				a.text(t, "addresses", "billing", "city") != "Ipswich" || a.text(t, "number") == "" || a.text(t, "email") != "ann@example.com" {
				t.Errorf("order %s", a.body)
			}
			s.readsOrder(t, a)
			again := s.want(t, http.StatusCreated, http.MethodPost, cart+"/checkout", body, "Idempotency-Key", "one")
			if again.body != a.body || again.header.Get("Idempotent-Replayed") != "true" || again.header.Get("Location") != a.header.Get("Location") {
				t.Errorf("replay: %v %s, first %s", again.header, again.body, a.body)
			}
			if got := s.call(t, http.MethodPost, cart+"/checkout", checkoutBody(provider, want.token, ""), "Idempotency-Key", "one").problem(t); got != "422 idempotency_mismatch" {
				t.Errorf("another body: %s", got)
			}
			if got := s.call(t, http.MethodPost, cart+"/checkout", body, "Idempotency-Key", "two").problem(t); got != "409 cart_completed" {
				t.Errorf("another key: %s", got)
			}
			if got := s.call(t, http.MethodPost, cart+"/lines", `{"sku":"MUG","quantity":1}`).problem(t); got != "409 cart_completed" {
				t.Errorf("a change of the cart: %s", got)
			}
			if got := s.want(t, http.StatusOK, http.MethodGet, cart, "").text(t, "status"); got != "completed" {
				t.Errorf("the cart is %s", got)
			}
		})
	}
}

// readsOrder reads the order that a checkout gave, with its token and without.
func (s *httpShop) readsOrder(t *testing.T, a httpAnswer) {
	t.Helper()
	path, token := a.header.Get("Location"), a.text(t, "token")
	if got := s.want(t, http.StatusOK, http.MethodGet, path, "", "X-Order-Token", token); got.body != a.body || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("read %s, made %s", got.body, a.body)
	}
	for name, pairs := range map[string][]string{
		path: nil, path + "?": {"X-Order-Token", token + "x"}, zeroOrder: {"X-Order-Token", token}, "/api/v1/orders/1": {"X-Order-Token", token},
	} {
		if got := s.call(t, http.MethodGet, name, "", pairs...).problem(t); got != "404 not_found" {
			t.Errorf("%s %v: %s", name, pairs, got)
		}
	}
}

func TestHTTPDeclineAndRetry(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	cart, _ := s.cart(t, `{"sku":"MUG","quantity":2}`)
	body := checkoutBody("test", "tok_decline", "")
	a := s.call(t, http.MethodPost, cart+"/checkout", body, "Idempotency-Key", "one")
	if got := a.problem(t); got != "402 payment_declined" || a.header.Get("Idempotent-Replayed") != "" {
		t.Fatalf("declined: %s %v", got, a.header)
	}
	again := s.call(t, http.MethodPost, cart+"/checkout", body, "Idempotency-Key", "one")
	if got := again.problem(t); got != "402 payment_declined" || again.header.Get("Idempotent-Replayed") != "true" || again.text(t, "detail") != a.text(t, "detail") {
		t.Errorf("replay: %s %v %s", got, again.header, again.body)
	}
	if got := s.want(t, http.StatusOK, http.MethodGet, cart, "").text(t, "status"); got != "active" {
		t.Errorf("the cart is %s", got)
	}
	placed := s.want(t, http.StatusCreated, http.MethodPost, cart+"/checkout", checkoutBody("test", "tok_ok", ""), "Idempotency-Key", "two")
	if got := placed.text(t, "payment_status"); got != "paid" {
		t.Errorf("paid anew: %s", got)
	}
	if got := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/mug", "").at(t, "variants", 0, "available"); got != 8.0 {
		t.Errorf("available %v: the declined order must have given its stock back", got)
	}
}

func TestHTTPCheckoutConflicts(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	cart, _ := s.cart(t, `{"sku":"PIN","quantity":1},{"sku":"SHIRT-S","quantity":4},{"sku":"SHIRT-M","quantity":1}`)
	a := s.call(t, http.MethodPost, cart+"/checkout", checkoutBody("manual", "", ""), "Idempotency-Key", "one")
	if got := a.problem(t); got != "409 out_of_stock lines[1].quantity=out_of_stock lines[2].quantity=out_of_stock" {
		t.Errorf("short: %s", got)
	}
	if a.text(t, "errors", 0, "sku") != "SHIRT-S" || a.at(t, "errors", 0, "available") != 3.0 || a.at(t, "errors", 1, "available") != 0.0 {
		t.Errorf("short: %s", a.body)
	}
	cart, _ = s.cart(t, `{"sku":"MUG","quantity":1}`)
	a = s.call(t, http.MethodPost, cart+"/checkout", checkoutBody("manual", "", `,"expected_total":{"amount":"11.00","currency":"GBP"}`), "Idempotency-Key", "one")
	if got := a.problem(t); got != "409 price_changed" || a.pounds(t, "current_total") != "12.50" {
		t.Errorf("another price: %s %s", got, a.body)
	}
	for _, lines := range []string{"", `{"sku":"GHOST","quantity":1}`} {
		cart, _ := s.cart(t, lines)
		want := "422 requirements_unmet lines=requirements_unmet"
		if lines != "" {
			want = "422 requirements_unmet lines[0]=requirements_unmet"
		}
		if got := s.call(t, http.MethodPost, cart+"/checkout", checkoutBody("manual", "", ""), "Idempotency-Key", "one").problem(t); got != want {
			t.Errorf("a cart that lacks something: %s", got)
		}
	}
}

func TestHTTPRefusesCheckouts(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	cart, _ := s.cart(t, `{"sku":"MUG","quantity":1}`)
	good := checkoutBody("manual", "", "")
	for name, c := range map[string]struct{ path, body, want string }{
		"cart":             {cartsPath + "/crt_00000000000000000000000000000000", good, "404 not_found"},
		"malformed cart":   {cartsPath + "/x", good, "404 not_found"},
		"unknown field":    {cart, strings.Replace(good, `"city"`, `"town":"x","city"`, 1), "400 unknown_field shipping_address.town=unknown_field"},
		"duplicate":        {cart, strings.Replace(good, `"city"`, `"name":"x","city"`, 1), "400 duplicate_field shipping_address.name=duplicate_field"},
		"city":             {cart, strings.Replace(good, `"Ipswich"`, `""`, 1), "422 invalid shipping_address.city=invalid"},
		"blank city":       {cart, strings.Replace(good, `"Ipswich"`, `" "`, 1), "422 invalid shipping_address.city=order_rule"},
		"country":          {cart, strings.Replace(good, `"GB"`, `"UK!"`, 1), "422 invalid shipping_address.country=invalid"},
		"e-mail":           {cart, strings.Replace(good, "ann@example.com", "ann", 1), "422 invalid email=order_rule"},
		"provider":         {cart, checkoutBody("cheque", "", ""), "422 invalid payment.provider=order_rule"},
		"token":            {cart, checkoutBody("test", "tok_x", ""), "422 invalid payment.token=order_rule"},
		"shipping":         {cart, checkoutBody("manual", "", `,"shipping_option":"drone"`), "422 invalid shipping_option=order_rule"},
		"billing":          {cart, checkoutBody("manual", "", `,"billing_address":{"name":"Ann"}`), "422 invalid billing_address.line1=invalid billing_address.city=invalid billing_address.postal_code=invalid billing_address.country=invalid"},
		"amount":           {cart, checkoutBody("manual", "", `,"expected_total":{"amount":"12.505","currency":"GBP"}`), "422 invalid expected_total.amount=malformed_amount"},
		"number":           {cart, checkoutBody("manual", "", `,"expected_total":{"amount":12.5,"currency":"GBP"}`), "422 invalid expected_total.amount=invalid"},
		"member of amount": {cart, checkoutBody("manual", "", `,"expected_total":{"amount":"12.50","currency":"GBP","tax":"0"}`), "400 unknown_field expected_total.tax=unknown_field"},
		"nothing":          {cart, `{}`, "422 invalid email=invalid payment=invalid shipping_address=invalid"},
	} {
		a := s.call(t, http.MethodPost, c.path+"/checkout", c.body, "Idempotency-Key", "one")
		if got := a.problem(t); sortedEntries(got) != sortedEntries(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if got := s.call(t, http.MethodPost, cart+"/checkout", good).problem(t); got != "400 missing_idempotency_key Idempotency-Key=missing_idempotency_key" {
		t.Errorf("no key: %s", got)
	}
	s.want(t, http.StatusCreated, http.MethodPost, cart+"/checkout", good, "Idempotency-Key", "one") // Refusals stored nothing.
}

// sortedEntries brings the entries of a problem's summary in order: required fields come in none.
func sortedEntries(summary string) string {
	words := strings.Fields(summary)
	slices.Sort(words[2:])
	return strings.Join(words, " ")
}
