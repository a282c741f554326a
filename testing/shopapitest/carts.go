package shopapitest

import (
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

const cartsPath = "/api/v1/carts"

func cartClauses() []clause {
	return []clause{
		{"carts/create", cartCreate},
		{"carts/lines", cartLines},
		{"carts/version", cartVersion},
		{"carts/quantity", cartQuantity},
		{"carts/variant", cartVariant},
		{"carts/missing", cartMissing},
	}
}

// wanted is a line that a body asks for.
type wanted struct {
	SKU      string `json:"sku,omitempty"`
	Variant  string `json:"variant_id,omitempty"`
	Quantity int64  `json:"quantity"`
}

// newCart makes a cart with these lines.
func (s *suite) newCart(t *testing.T, lines ...wanted) cart {
	t.Helper()
	body := "{}"
	if len(lines) > 0 {
		body = `{"lines":` + jsonOf(t, lines) + `}`
	}
	return readCart(t, s.call(t, http.MethodPost, cartsPath, body), http.StatusCreated)
}

func cartPath(id string) string { return cartsPath + "/" + id }

func linePath(c cart, id string) string { return cartPath(c.ID) + "/lines/" + id }

func cartCreate(t *testing.T, s *suite) {
	t.Helper()
	empty := s.newCart(t)
	if len(empty.Lines) != 0 {
		t.Errorf("a new cart has lines: %+v", empty.Lines)
	}
	currency := s.shelf.first.Price.Currency
	if empty.Currency != currency {
		t.Errorf("a new cart is in %s, prices are in %s", empty.Currency, currency)
	}
	made := s.call(t, http.MethodPost, cartsPath, fmt.Sprintf(`{"currency":%q,"lines":[{"sku":%q,"quantity":3},{"variant_id":%q,"quantity":2}]}`,
		currency, s.shelf.first.SKU, s.shelf.second.ID))
	c := readCart(t, made, http.StatusCreated)
	for i, want := range []struct {
		variant
		quantity int64
	}{{s.shelf.first, 3}, {s.shelf.second, 2}} {
		if len(c.Lines) != 2 {
			t.Fatalf("%s: want two lines", made)
		}
		got := c.Lines[i]
		if got.SKU != want.SKU || got.VariantID != want.ID || got.Quantity != want.quantity || got.UnitPrice != *want.Price {
			t.Errorf("line %d is %+v, want %d of %+v at %+v", i, got, want.quantity, want.variant, *want.Price)
		}
	}
	read := s.call(t, http.MethodGet, cartPath(c.ID), "").want(t, http.StatusOK)
	if !reflect.DeepEqual(read.members(t), made.members(t)) {
		t.Errorf("the cart that was made and that was read differ: %s and %s", made, read)
	}
	if other := s.newCart(t); other.ID == empty.ID || len(other.ID) < 22 {
		t.Errorf("cart ids %q and %q are credentials: fresh and of 128 bits or more", empty.ID, other.ID)
	}
	for body, field := range map[string]string{
		`{"currency":"XTS"}`: "currency", `{"currency":"gbp"}`: "currency", `{"currency":1}`: "currency", `{"lines":{}}`: "lines", `{"lines":[null]}`: "lines[0]", `{"lines":[{"sku":"x"}]}`: "lines[0].quantity",
	} {
		s.call(t, http.MethodPost, cartsPath, body).refused(t, http.StatusUnprocessableEntity, "invalid", field)
	}
}

// cartLines adds, sets and removes; the answer is the whole cart each time, and its version grows.
func cartLines(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t)
	step := func(method, path, body string, quantities ...int64) {
		t.Helper()
		a := s.call(t, method, path, body)
		next := readCart(t, a, http.StatusOK)
		if next.ID != c.ID || next.Version <= c.Version {
			t.Errorf("%s: the version was %d before", a, c.Version)
		}
		var got []int64
		for _, l := range next.Lines {
			got = append(got, l.Quantity)
		}
		if fmt.Sprint(got) != fmt.Sprint(quantities) {
			t.Errorf("%s: quantities %v, want %v", a, got, quantities)
		}
		if read := readCart(t, s.call(t, http.MethodGet, cartPath(c.ID), ""), http.StatusOK); !reflect.DeepEqual(read, next) {
			t.Errorf("%s: and when it is read: %+v", a, read)
		}
		c = next
	}
	lines := cartPath(c.ID) + "/lines"
	step(http.MethodPost, lines, jsonOf(t, wanted{SKU: s.shelf.first.SKU, Quantity: 2}), 2)
	first := c.Lines[0].ID
	step(http.MethodPost, lines, jsonOf(t, wanted{Variant: s.shelf.first.ID, Quantity: 5}), 7)
	step(http.MethodPost, lines, jsonOf(t, wanted{Variant: s.shelf.second.ID, Quantity: 1}), 7, 1)
	second := c.Lines[1].ID
	if c.Lines[0].ID != first {
		t.Errorf("the line's id changed from %s to %s when more was added", first, c.Lines[0].ID)
	}
	step(http.MethodPatch, linePath(c, first), `{"quantity":3}`, 3, 1)
	step(http.MethodPatch, linePath(c, second), `{"quantity":1000}`, 3, 1000)
	step(http.MethodPatch, linePath(c, first), `{"quantity":0}`, 1000)
	step(http.MethodPost, lines, jsonOf(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1}), 1000, 1)
	step(http.MethodDelete, linePath(c, second), "", 1)
	step(http.MethodDelete, linePath(c, c.Lines[0].ID), "")
}

// version is how If-Match names one.
func version(n int64) string { return `"` + strconv.FormatInt(n, 10) + `"` }

// cartVersion sends If-Match with the present version and with others.
func cartVersion(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1}, wanted{SKU: s.shelf.second.SKU, Quantity: 1})
	calls := []struct{ method, path, body string }{
		{http.MethodPost, cartPath(c.ID) + "/lines", jsonOf(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1})},
		{http.MethodPatch, linePath(c, c.Lines[0].ID), `{"quantity":9}`},
		{http.MethodDelete, linePath(c, c.Lines[1].ID), ""},
	}
	for _, one := range calls {
		for _, stale := range []string{version(c.Version + 1), `"999999999"`} {
			s.call(t, one.method, one.path, one.body, "If-Match", stale).refused(t, http.StatusPreconditionFailed, "precondition_failed")
		}
		for _, malformed := range []string{"1", `"x"`, `"-1"`, `W/"1"`, `"99999999999999999999"`} {
			if a := s.call(t, one.method, one.path, one.body, "If-Match", malformed); a.status != http.StatusUnprocessableEntity && a.status != http.StatusPreconditionFailed {
				t.Errorf("%s: If-Match %s: want 422 or 412", a, malformed)
			}
		}
		if now := readCart(t, s.call(t, http.MethodGet, cartPath(c.ID), ""), http.StatusOK); !reflect.DeepEqual(now, c) {
			t.Errorf("a refused %s changed the cart: %+v, before %+v", one.method, now, c)
		}
		c = readCart(t, s.call(t, one.method, one.path, one.body, "If-Match", version(c.Version)), http.StatusOK)
	}
}

// cartQuantity is the matrix of quantities: only whole numbers inside the limits pass, whatever they are written as.
func cartQuantity(t *testing.T, s *suite) {
	t.Helper()
	const most = 1_000_000
	for _, quantity := range []string{
		"-1", "1.5", "1.0", "1000001", "9223372036854775807", "9223372036854775808", "-9223372036854775809", `"2"`, `""`, "true", "null", "[]", "{}",
	} {
		c := s.newCart(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1})
		add := fmt.Sprintf(`{"sku":%q,"quantity":%s}`, s.shelf.second.SKU, quantity)
		s.call(t, http.MethodPost, cartPath(c.ID)+"/lines", add).refused(t, http.StatusUnprocessableEntity, "invalid", "quantity")
		s.call(t, http.MethodPatch, linePath(c, c.Lines[0].ID), `{"quantity":`+quantity+`}`).refused(t, http.StatusUnprocessableEntity, "invalid", "quantity")
		s.call(t, http.MethodPost, cartsPath, `{"lines":[`+add+`]}`).refused(t, http.StatusUnprocessableEntity, "invalid", "lines[0].quantity")
		if now := readCart(t, s.call(t, http.MethodGet, cartPath(c.ID), ""), http.StatusOK); !reflect.DeepEqual(now, c) {
			t.Errorf("quantity %s was refused and changed the cart: %+v", quantity, now)
		}
	}
	c := s.newCart(t, wanted{SKU: s.shelf.first.SKU, Quantity: most})
	s.call(t, http.MethodPost, cartPath(c.ID)+"/lines", jsonOf(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1})).
		refused(t, http.StatusUnprocessableEntity, "invalid", "quantity")
	s.call(t, http.MethodPost, cartPath(c.ID)+"/lines", jsonOf(t, wanted{SKU: s.shelf.second.SKU})).
		refused(t, http.StatusUnprocessableEntity, "invalid", "quantity")
	s.call(t, http.MethodPatch, linePath(c, c.Lines[0].ID), `{}`).refused(t, http.StatusUnprocessableEntity, "invalid", "quantity")
	for _, exponent := range []string{"1e2", "1E0", "1e400", "1e-400"} {
		s.call(t, http.MethodPatch, linePath(c, c.Lines[0].ID), `{"quantity":`+exponent+`}`).refused(t, http.StatusBadRequest, "malformed_json")
	}
}

// cartVariant names variants in every wrong way.
func cartVariant(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t)
	for _, body := range []string{
		`{"quantity":1}`,
		fmt.Sprintf(`{"sku":%q,"variant_id":%q,"quantity":1}`, s.shelf.first.SKU, s.shelf.first.ID),
		`{"sku":null,"quantity":1}`, `{"sku":1,"quantity":1}`, `{"sku":"","quantity":1}`, `{"sku":"no such sku","quantity":1}`,
		`{"sku":"' OR 1=1 --","quantity":1}`, `{"sku":"\ud83e\uded6","quantity":1}`, `{"sku":"a\nb","quantity":1}`,
		`{"sku":"` + strings.Repeat("x", 1000) + `","quantity":1}`,
		`{"variant_id":"","quantity":1}`, `{"variant_id":"x","quantity":1}`, `{"variant_id":"var_00000000000000000000000000","quantity":1}`,
		fmt.Sprintf(`{"variant_id":%q,"quantity":1}`, s.shelf.product.ID), fmt.Sprintf(`{"sku":%q,"quantity":1}`, s.shelf.first.ID),
	} {
		s.call(t, http.MethodPost, cartPath(c.ID)+"/lines", body).refused(t, http.StatusUnprocessableEntity, "invalid")
		p := s.call(t, http.MethodPost, cartsPath, `{"lines":[`+body+`]}`).refused(t, http.StatusUnprocessableEntity, "invalid")
		if len(p.Errors) == 0 || !strings.HasPrefix(p.Errors[0].Field, "lines[0]") {
			t.Errorf("%s: the errors should be about lines[0]: %+v", body, p.Errors)
		}
	}
	if now := readCart(t, s.call(t, http.MethodGet, cartPath(c.ID), ""), http.StatusOK); len(now.Lines) != 0 {
		t.Errorf("a refused line is in the cart: %+v", now.Lines)
	}
}

func cartMissing(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1})
	other := s.newCart(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1})
	line := c.Lines[0].ID
	add := jsonOf(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1})
	for _, id := range []string{"x", strings.Repeat("A", len(c.ID)), flipped(c.ID), strings.Repeat("y", 3000), "%20", line} {
		s.call(t, http.MethodGet, cartPath(id), "").refused(t, http.StatusNotFound, "not_found")
		s.call(t, http.MethodPost, cartPath(id)+"/lines", add).refused(t, http.StatusNotFound, "not_found")
		s.call(t, http.MethodPatch, cartPath(id)+"/lines/"+line, `{"quantity":1}`).refused(t, http.StatusNotFound, "not_found")
		s.call(t, http.MethodDelete, cartPath(id)+"/lines/"+line, "").refused(t, http.StatusNotFound, "not_found")
		s.call(t, http.MethodPost, cartPath(id)+"/checkout", s.purchase(t, "manual", "", nil), keyHeader, "missing").
			refused(t, http.StatusNotFound, "not_found")
	}
	for _, id := range []string{"x", "lin_00000000000000000000000000", other.Lines[0].ID, c.ID} {
		s.call(t, http.MethodPatch, linePath(c, id), `{"quantity":1}`).refused(t, http.StatusNotFound, "not_found")
		s.call(t, http.MethodPatch, linePath(c, id), `{"quantity":0}`).refused(t, http.StatusNotFound, "not_found")
		s.call(t, http.MethodDelete, linePath(c, id), "").refused(t, http.StatusNotFound, "not_found")
	}
}
