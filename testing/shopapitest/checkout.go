package shopapitest

import (
	"crypto/rand"
	"math/big"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/money"
)

const (
	keyHeader      = "Idempotency-Key"
	replayedHeader = "Idempotent-Replayed"
)

func checkoutClauses() []clause {
	return []clause{
		{"checkout/manual", checkoutManual},
		{"checkout/paid", checkoutPaid},
		{"checkout/declined", checkoutDeclined},
		{"checkout/replay", checkoutReplay},
		{"checkout/at once", checkoutAtOnce},
		{"checkout/price changed", checkoutPriceChanged},
		{"checkout/out of stock", checkoutOutOfStock},
		{"checkout/completed", checkoutCompleted},
		{"checkout/requirements", checkoutRequirements},
		{"checkout/fields", checkoutFields},
		{"checkout/key", checkoutKey},
	}
}

// purchase is the body of a checkout.
func (s *suite) purchase(t *testing.T, provider, token string, expected *amount) string {
	t.Helper()
	body := map[string]any{
		"email": "ada@example.com", "shipping_address": address(), "payment": map[string]string{"provider": provider},
	}
	if token != "" {
		body["payment"] = map[string]string{"provider": provider, "token": token}
	}
	if expected != nil {
		body["expected_total"] = expected
	}
	return jsonOf(t, body)
}

func address() map[string]string {
	return map[string]string{
		"name": "Ada Okafor", "line1": "7 Tide Mill Way", "city": "Ipswich", "postal_code": "IP4 1AA", "country": "GB",
	}
}

// order sends a checkout with a key.
func (s *suite) order(t *testing.T, c cart, body, key string) answer {
	t.Helper()
	return s.call(t, http.MethodPost, cartPath(c.ID)+"/checkout", body, keyHeader, key)
}

// holdOrder checks that an order is what a cart was.
func holdOrder(t *testing.T, o order, c cart, statuses ...string) {
	t.Helper()
	if got := []string{o.Status, o.PaymentStatus, o.FulfilmentStatus}; !reflect.DeepEqual(got, statuses) {
		t.Errorf("order %s: status, payment_status and fulfilment_status are %v, want %v", o.Number, got, statuses)
	}
	if o.Totals != c.Totals || o.Email != "ada@example.com" || len(o.Lines) != len(c.Lines) {
		t.Fatalf("the order %+v is not the cart %+v", o, c)
	}
	for i, l := range o.Lines {
		was := c.Lines[i]
		l.ID, was.ID = "", ""
		if l != was {
			t.Errorf("line %d of the order is %+v, of the cart %+v", i, l, was)
		}
	}
}

// fresh gives the header of a first answer, which is marked by none.
func fresh(t *testing.T, a answer) answer {
	t.Helper()
	if got := a.header.Get(replayedHeader); got != "" {
		t.Errorf("%s: a first answer has %s %q", a, replayedHeader, got)
	}
	return a
}

func checkoutManual(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, s.unit(t), s.unit(t))
	a := fresh(t, s.order(t, c, s.purchase(t, "manual", "", &c.Totals.Total), rand.Text()))
	holdOrder(t, readOrder(t, a, http.StatusCreated), c, "placed", "pending", "unfulfilled")
	members := a.members(t)
	if !strings.Contains(jsonOf(t, members["addresses"]), `"7 Tide Mill Way"`) {
		t.Errorf("%s: the address is not among the addresses", a)
	}
	if timeline, ok := members["timeline"].([]any); !ok || len(timeline) == 0 {
		t.Errorf("%s: the timeline is empty", a)
	}
	billed := s.newCart(t, s.unit(t))
	body := map[string]any{
		"email": "ada@example.com", "shipping_address": address(), "billing_address": address(), "shipping_option": "standard",
		"payment": map[string]string{"provider": "manual"},
	}
	holdOrder(t, readOrder(t, s.order(t, billed, jsonOf(t, body), rand.Text()), http.StatusCreated), billed, "placed", "pending", "unfulfilled")
}

func checkoutPaid(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, s.unit(t))
	a := fresh(t, s.order(t, c, s.purchase(t, "test", "tok_ok", nil), rand.Text()))
	holdOrder(t, readOrder(t, a, http.StatusCreated), c, "placed", "paid", "unfulfilled")
}

// checkoutDeclined is a card that is declined: the cart is open again, the key answers the same again, a new key buys.
func checkoutDeclined(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, s.unit(t))
	key, body := rand.Text(), s.purchase(t, "test", "tok_decline", nil)
	first := fresh(t, s.order(t, c, body, key))
	first.refused(t, http.StatusPaymentRequired, "payment_declined")
	again := s.order(t, c, body, key)
	again.refused(t, http.StatusPaymentRequired, "payment_declined")
	if again.header.Get(replayedHeader) != "true" {
		t.Errorf("%s: the second answer lacks %s", again, replayedHeader)
	}
	s.order(t, c, s.purchase(t, "test", "tok_ok", nil), key).refused(t, http.StatusUnprocessableEntity, "idempotency_mismatch")
	open := readCart(t, s.call(t, http.MethodPatch, linePath(c, c.Lines[0].ID), `{"quantity":1}`), http.StatusOK)
	holdOrder(t, readOrder(t, fresh(t, s.order(t, c, s.purchase(t, "test", "tok_ok", nil), rand.Text())), http.StatusCreated), open, "placed", "paid", "unfulfilled")
	s.order(t, c, body, key).refused(t, http.StatusPaymentRequired, "payment_declined")
}

func checkoutReplay(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, s.unit(t))
	key, body := rand.Text(), s.purchase(t, "manual", "", nil)
	first := fresh(t, s.order(t, c, body, key))
	want := readOrder(t, first, http.StatusCreated)
	for range 2 {
		again := s.order(t, c, body, key)
		if got := readOrder(t, again, http.StatusCreated); !reflect.DeepEqual(got, want) || again.header.Get(replayedHeader) != "true" {
			t.Errorf("%s, %s %q: the first answer was %s", again, replayedHeader, again.header.Get(replayedHeader), first)
		}
	}
	s.order(t, c, s.purchase(t, "manual", "", &c.Totals.Total), key).refused(t, http.StatusUnprocessableEntity, "idempotency_mismatch")
	s.order(t, c, s.purchase(t, "test", "tok_ok", nil), key).refused(t, http.StatusUnprocessableEntity, "idempotency_mismatch")
	other := s.newCart(t, s.unit(t))
	if got := readOrder(t, fresh(t, s.order(t, other, body, key)), http.StatusCreated); got.ID == want.ID {
		t.Errorf("a key of one cart answered for another")
	}
}

// checkoutAtOnce sends one checkout several times at once: one order comes of it, and one answer at most is the first.
func checkoutAtOnce(t *testing.T, s *suite) {
	t.Helper()
	const callers = 8
	c := s.newCart(t, s.unit(t))
	key, body := rand.Text(), s.purchase(t, "test", "tok_ok", nil)
	answers := make(chan answer, callers)
	t.Run("together", func(t *testing.T) {
		for i := range callers {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				answers <- s.order(t, c, body, key)
			})
		}
	})
	close(answers)
	firsts := 0
	ids := make(map[string]bool)
	for a := range answers {
		if a.status == http.StatusConflict {
			a.refused(t, http.StatusConflict, "in_progress")
			continue
		}
		ids[readOrder(t, a, http.StatusCreated).ID] = true
		if a.header.Get(replayedHeader) == "" {
			firsts++
		}
	}
	if len(ids) != 1 || firsts != 1 {
		t.Errorf("%d orders and %d first answers of one checkout", len(ids), firsts)
	}
	last := s.order(t, c, body, key)
	if readOrder(t, last, http.StatusCreated); last.header.Get(replayedHeader) != "true" {
		t.Errorf("%s: lacks %s", last, replayedHeader)
	}
}

// checkoutPriceChanged expects another total: nothing is stored, so the same key buys once the total is right.
func checkoutPriceChanged(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, s.unit(t))
	key := rand.Text()
	wrong := amount{another(t, c.Totals.Total), c.Currency}
	p := s.order(t, c, s.purchase(t, "manual", "", &wrong), key).refused(t, http.StatusConflict, "price_changed")
	if p.CurrentTotal == nil || *p.CurrentTotal != c.Totals.Total {
		t.Errorf("current_total is %+v, want %+v", p.CurrentTotal, c.Totals.Total)
	}
	if p.CurrentTotal != nil {
		fresh(t, s.order(t, c, s.purchase(t, "manual", "", p.CurrentTotal), key)).want(t, http.StatusCreated)
	}
}

// another is the amount and one more unit.
func another(t *testing.T, a amount) string {
	t.Helper()
	currency, err := money.CurrencyOf(a.Currency)
	if err != nil {
		t.Fatal(err)
	}
	value := a.value(t, "the total", exactly)
	return value.Add(value, big.NewRat(1, 1)).FloatString(currency.Digits())
}

// checkoutOutOfStock asks for more than there is: the line is named with what is there, the cart stays open, and the
// same key buys what can be bought.
func checkoutOutOfStock(t *testing.T, s *suite) {
	t.Helper()
	short := s.unit(t)
	c := s.newCart(t, wanted{SKU: short.SKU, Quantity: 1_000_000})
	key, body := rand.Text(), s.purchase(t, "test", "tok_ok", nil)
	p := s.order(t, c, body, key).refused(t, http.StatusConflict, "out_of_stock", "lines[0].quantity")
	if len(p.Errors) != 1 {
		t.Fatalf("want one entry: %+v", p.Errors)
	}
	entry := p.Errors[0]
	if entry.SKU != short.SKU || entry.available() < 1 || entry.available() >= 1_000_000 {
		t.Errorf("the entry %+v is about %s, of which there are some", entry, short.SKU)
	}
	readCart(t, s.call(t, http.MethodPatch, linePath(c, c.Lines[0].ID), `{"quantity":1}`), http.StatusOK)
	fresh(t, s.order(t, c, body, key)).want(t, http.StatusCreated)
}

// checkoutCompleted touches a cart that became an order.
func checkoutCompleted(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, s.unit(t))
	body := s.purchase(t, "manual", "", nil)
	s.order(t, c, body, rand.Text()).want(t, http.StatusCreated)
	completed := func(method, path, body string) {
		t.Helper()
		s.call(t, method, path, body, keyHeader, rand.Text()).refused(t, http.StatusConflict, "cart_completed")
	}
	completed(http.MethodPost, cartPath(c.ID)+"/lines", jsonOf(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1}))
	completed(http.MethodPatch, linePath(c, c.Lines[0].ID), `{"quantity":2}`)
	completed(http.MethodDelete, linePath(c, c.Lines[0].ID), "")
	completed(http.MethodPost, cartPath(c.ID)+"/checkout", body)
	if now := readCart(t, s.call(t, http.MethodGet, cartPath(c.ID), ""), http.StatusOK); !reflect.DeepEqual(now.Lines, c.Lines) {
		t.Errorf("the completed cart has the lines %+v, before %+v", now.Lines, c.Lines)
	}
}

func checkoutRequirements(t *testing.T, s *suite) {
	t.Helper()
	p := s.order(t, s.newCart(t), s.purchase(t, "manual", "", nil), rand.Text()).
		refused(t, http.StatusUnprocessableEntity, "requirements_unmet")
	if len(p.Errors) == 0 {
		t.Errorf("the problem says nothing of what an empty cart lacks: %+v", p)
	}
}
