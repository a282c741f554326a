package shopapitest

import (
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
)

func tamperClauses() []clause {
	return []clause{
		{"tamper/quantities", tamperQuantities},
		{"tamper/headers", tamperHeaders},
		{"tamper/order", tamperOrder},
	}
}

// quantities are what shops have sold by mistake, and whether each is one that a line may have.
var quantities = []struct {
	literal string
	line    bool // A line may have it.
	whole   bool // Setting a line may have it, as 0 removes.
}{
	{"1", true, true},
	{"2", true, true},
	{"0", false, true},
	{"-0", false, true},
	{"-1", false, false},
	{"-9223372036854775808", false, false},
	{"9223372036854775807", false, false},
	{"9223372036854775808", false, false},
	{"18446744073709551617", false, false},
	{"4294967297", false, false},
	{"1000001", false, false},
	{"1e3", false, false},
	{"1E0", false, false},
	{"1.5", false, false},
	{"1.0", false, false},
	{"0.1", false, false},
	{"1e309", false, false},
	{`"1"`, false, false},
	{`""`, false, false},
	{"null", false, false},
	{"true", false, false},
	{"[]", false, false},
	{"[1]", false, false},
	{"{}", false, false},
	{"NaN", false, false},
	{"01", false, false},
}

// tamperQuantities offers each quantity everywhere where one is taken. The cart that comes of it is computed anew, and
// one that was refused is as it was.
func tamperQuantities(t *testing.T, s *suite) {
	t.Helper()
	sku := s.shelf.first.SKU
	c := s.newCart(t, wanted{SKU: sku, Quantity: 1})
	add, set := cartPath(c.ID)+"/lines", linePath(c, c.Lines[0].ID)
	for _, q := range quantities {
		line := `{"sku":"` + sku + `","quantity":` + q.literal + `}`
		for _, call := range []struct {
			method, path, body string
			good               bool
			status             int
		}{
			{http.MethodPost, cartsPath, `{"lines":[` + line + `]}`, q.line, http.StatusCreated},
			{http.MethodPost, add, line, q.line, http.StatusOK},
			{http.MethodPatch, set, `{"quantity":` + q.literal + `}`, q.whole, http.StatusOK},
		} {
			a := s.call(t, call.method, call.path, call.body)
			switch {
			case call.good:
				now := readCart(t, a, call.status)
				if call.path == set && (q.literal == "0" || q.literal == "-0") {
					c = s.newCart(t, wanted{SKU: sku, Quantity: 1})
					add, set = cartPath(c.ID)+"/lines", linePath(c, c.Lines[0].ID)
				}
				for _, l := range now.Lines {
					if l.Quantity < 1 || l.UnitPrice != *s.shelf.first.Price {
						t.Errorf("%s: %+v", a, l)
					}
				}
			case a.status != http.StatusUnprocessableEntity && a.status != http.StatusBadRequest:
				t.Errorf("%s: want a refusal of the quantity %s", a, q.literal)
			}
		}
	}
}

// tamperHeaders sends what other shops have taken for facts: none of it changes anything.
func tamperHeaders(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1})
	for name, value := range map[string]string{
		"X-Price": "0.01", "X-Total": "0.01", "X-Discount": "100", "X-Customer-Id": "1", "X-User-Id": "1", "X-Role": "admin", "X-Permissions": "*", "X-Is-Admin": "true",
		"X-Forwarded-User": "admin", "X-Remote-User": "admin", "X-Original-Url": "/api/v1/admin/orders", "X-Rewrite-Url": "/api/v1/admin/orders", "X-Http-Method-Override": "DELETE",
		"Cookie": "role=admin; cart=" + c.ID,
	} {
		now := readCart(t, s.call(t, http.MethodGet, cartPath(c.ID), "", name, value), http.StatusOK)
		if now.Version != c.Version || now.Totals != c.Totals {
			t.Errorf("%s: %s changed the cart to %+v", name, value, now)
		}
	}
	for _, query := range []string{"price=0.01", "total=0", "is_admin=1", "customer_id=1", "_method=DELETE", "currency=JPY"} {
		s.call(t, http.MethodGet, cartPath(c.ID)+"?"+query, "").refused(t, http.StatusBadRequest, "unknown_parameter", query[:strings.IndexByte(query, '=')])
	}
	s.call(t, http.MethodGet, cartPath(c.ID), "", "X-Currency", "JPY").refused(t, http.StatusUnprocessableEntity, "invalid", "X-Currency")
}

// tamperOrder names its own price, total, status and owner while it orders; each try is refused, and what is stored in
// the end is what the shop computed from its own facts.
func tamperOrder(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, s.unit(t))
	good := s.purchase(t, "manual", "", nil)
	for _, member := range []string{
		`"price":{"amount":"0.01","currency":"GBP"}`, `"total":"0.01"`, `"totals":{"total":{"amount":"0.01","currency":"GBP"}}`, `"amount":"0.01"`, `"currency":"JPY"`,
		`"discount":"100"`, `"tax":"0"`, `"status":"completed"`, `"payment_status":"paid"`, `"fulfilment_status":"delivered"`, `"owner":"x"`, `"customer_id":"x"`,
		`"role":"admin"`, `"permissions":["*"]`, `"is_admin":true`, `"created_at":"2020-01-01T00:00:00Z"`, `"version":1`, `"id":"x"`, `"lines":[]`, `"token":"x"`,
	} {
		name := member[1 : 1+strings.IndexByte(member[1:], '"')]
		s.order(t, c, "{"+member+","+good[1:], rand.Text()).refused(t, http.StatusBadRequest, "unknown_field", name)
	}
	for name, body := range map[string]string{
		"shipping_address.customer_id": strings.Replace(good, `"city":`, `"customer_id":"x","city":`, 1),
		"payment.amount":               strings.Replace(good, `"provider":`, `"amount":"0.01","provider":`, 1),
	} {
		s.order(t, c, body, rand.Text()).refused(t, http.StatusBadRequest, "unknown_field", name)
	}
	cheap := c.Totals.Total
	cheap.Amount = strings.Map(func(r rune) rune {
		if r >= '1' && r <= '9' {
			return '0'
		}
		return r
	}, cheap.Amount)
	if whole, part, some := strings.Cut(cheap.Amount, "."); some && len(whole) > 1 {
		cheap.Amount = "0." + part // An amount has no leading zeros.
	}
	if cheap != c.Totals.Total {
		s.order(t, c, s.purchase(t, "manual", "", &cheap), rand.Text()).refused(t, http.StatusConflict, "price_changed")
	}
	o := readOrder(t, s.order(t, c, good, rand.Text()), http.StatusCreated)
	stored := readOrder(t, s.call(t, http.MethodGet, "/api/v1/orders/"+o.ID, "", "X-Order-Token", o.Token), http.StatusOK)
	for _, one := range []order{o, stored} {
		if one.Totals != c.Totals || one.Lines[0].UnitPrice != c.Lines[0].UnitPrice || one.PaymentStatus != "pending" || one.FulfilmentStatus != "unfulfilled" {
			t.Errorf("the order is %+v and the cart was %+v", one, c)
		}
	}
}
