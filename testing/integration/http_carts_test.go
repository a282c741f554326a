package integration_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

const cartsPath = "/api/v1/carts"

func TestHTTPCart(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	a := s.want(t, http.StatusCreated, http.MethodPost, cartsPath, `{"currency":"GBP"}`)
	cart := a.header.Get("Location")
	if cart != cartsPath+"/"+a.text(t, "id") || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", a.header)
	}
	if a.at(t, "version") != 1.0 || a.text(t, "currency") != "GBP" || a.text(t, "status") != "active" || len(a.at(t, "lines").([]any)) != 0 ||
		a.text(t, "requirements", 0, "code") != "empty" || len(a.at(t, "warnings").([]any)) != 0 || a.pounds(t, "totals", "total") != "0.00" {
		t.Errorf("an empty cart: %s", a.body)
	}
	variant := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/shirt", "").text(t, "variants", 0, "id")
	s.want(t, http.StatusOK, http.MethodPost, cart+"/lines", `{"sku":"MUG","quantity":2}`)
	s.want(t, http.StatusOK, http.MethodPost, cart+"/lines", `{"variant_id":"`+variant+`","quantity":1}`)
	a = s.want(t, http.StatusOK, http.MethodPost, cart+"/lines", `{"sku":"PIN","quantity":1500}`)
	a = s.want(t, http.StatusOK, http.MethodPost, cart+"/lines", `{"sku":"MUG","quantity":1}`)
	for i, want := range []string{"MUG 12.50 37.50", "SHIRT-S 19.99 19.99", "PIN 0.001 1.50"} {
		got := a.text(t, "lines", i, "sku") + " " + a.pounds(t, "lines", i, "unit_price") + " " + a.pounds(t, "lines", i, "total")
		if got != want {
			t.Errorf("line %d: %s, want %s", i, got, want)
		}
	}
	if got := a.text(t, "lines", 1, "title") + ", " + a.text(t, "lines", 1, "variant_title"); got != "The shirt, S / Blue" {
		t.Error(got)
	}
	if a.at(t, "lines", 0, "quantity") != 3.0 || a.pounds(t, "totals", "subtotal") != "58.99" || a.pounds(t, "totals", "total") != "58.99" ||
		len(a.at(t, "requirements").([]any)) != 0 || a.at(t, "version") != 5.0 {
		t.Errorf("a full cart: %s", a.body)
	}
	for _, member := range []string{"discount", "shipping", "tax"} {
		if got := a.pounds(t, "totals", member); got != "0.00" {
			t.Errorf("%s %s", member, got)
		}
	}
	line := func(i int) string { return cart + "/lines/" + a.text(t, "lines", i, "id") }
	if got := s.want(t, http.StatusOK, http.MethodPatch, line(0), `{"quantity":7}`); got.at(t, "lines", 0, "quantity") != 7.0 {
		t.Errorf("set: %s", got.body)
	}
	if got := s.want(t, http.StatusOK, http.MethodPatch, line(1), `{"quantity":0}`); len(got.at(t, "lines").([]any)) != 2 {
		t.Errorf("set to 0: %s", got.body)
	}
	last := s.want(t, http.StatusOK, http.MethodDelete, line(2), "")
	if len(last.at(t, "lines").([]any)) != 1 {
		t.Errorf("removed: %s", last.body)
	}
	if got := s.want(t, http.StatusOK, http.MethodGet, cart, ""); got.body != last.body || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("read: %s, changed: %s", got.body, last.body)
	}
	if got := s.call(t, http.MethodDelete, line(2), "").problem(t); got != "404 not_found" {
		t.Errorf("removed twice: %s", got)
	}
}

// TestHTTPQuantities holds the limits of the document against those of the domain.
func TestHTTPQuantities(t *testing.T) {
	t.Parallel()
	if ordering.QuantityMax != 1_000_000 || ordering.LinesMax != 1000 {
		t.Fatal("the schemas of carts name other limits than the domain")
	}
	s := newHTTPShop(t)
	cart, a := s.cart(t, `{"sku":"MUG","quantity":1}`)
	line := cart + "/lines/" + a.text(t, "lines", 0, "id")
	for quantity, want := range map[string]string{
		`0`:                    "422 invalid quantity=invalid",
		`-1`:                   "422 invalid quantity=invalid",
		`1.5`:                  "422 invalid quantity=invalid",
		`1.0`:                  "422 invalid quantity=invalid",
		`"1"`:                  "422 invalid quantity=invalid",
		`null`:                 "422 invalid quantity=invalid",
		`true`:                 "422 invalid quantity=invalid",
		`[1]`:                  "422 invalid quantity=invalid",
		`1e3`:                  "400 malformed_json quantity=malformed_json",
		`1000001`:              "422 invalid quantity=invalid",
		`9223372036854775807`:  "422 invalid quantity=invalid",
		`9223372036854775808`:  "422 invalid quantity=invalid",
		`-9223372036854775809`: "422 invalid quantity=invalid",
	} {
		body := `{"sku":"MUG","quantity":` + quantity + `}`
		if got := s.call(t, http.MethodPost, cart+"/lines", body).problem(t); got != want {
			t.Errorf("add %s: %s, want %s", quantity, got, want)
		}
		inList := strings.ReplaceAll(want, "quantity=", "lines[0].quantity=")
		if got := s.call(t, http.MethodPost, cartsPath, `{"lines":[`+body+`]}`).problem(t); got != inList {
			t.Errorf("create %s: %s, want %s", quantity, got, inList)
		}
		if quantity == "0" {
			continue // It removes the line.
		}
		if got := s.call(t, http.MethodPatch, line, `{"quantity":`+quantity+`}`).problem(t); got != want {
			t.Errorf("set %s: %s, want %s", quantity, got, want)
		}
	}
	s.want(t, http.StatusOK, http.MethodPatch, line, `{"quantity":1000000}`)
	if got := s.call(t, http.MethodPost, cart+"/lines", `{"sku":"MUG","quantity":1}`).problem(t); got != "422 invalid quantity=order_rule" {
		t.Errorf("more than the most: %s", got)
	}
	if got := s.call(t, http.MethodPost, cart+"/lines", `{"sku":"MUG"}`).problem(t); got != "422 invalid quantity=invalid" {
		t.Errorf("none: %s", got)
	}
}

func TestHTTPRefusesCarts(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	good := `{"sku":"MUG","quantity":1}`
	for name, c := range map[string]struct{ body, want string }{
		"currency":         {`{"currency":"EUR"}`, "422 invalid currency=invalid"},
		"malformed":        {`{"lines":[`, "400 malformed_json lines[0]=malformed_json"},
		"no body":          {``, "400 malformed_json"},
		"unknown field":    {`{"coupon":"X"}`, "400 unknown_field coupon=unknown_field"},
		"unknown in line":  {`{"lines":[{"sku":"MUG","quantity":1,"price":"1"}]}`, "400 unknown_field lines[0].price=unknown_field"},
		"case":             {`{"Lines":[]}`, "400 unknown_field Lines=unknown_field"},
		"duplicate":        {`{"lines":[{"sku":"MUG","sku":"PIN","quantity":1}]}`, "400 duplicate_field lines[0].sku=duplicate_field"},
		"null lines":       {`{"currency":null,"lines":[` + good + `,null]}`, "422 invalid lines[1]=invalid"},
		"both names":       {`{"lines":[{"sku":"MUG","variant_id":"var_x","quantity":1}]}`, "422 invalid lines[0].variant_id=invalid"},
		"no name":          {`{"lines":[` + good + `,{"quantity":1}]}`, "422 invalid lines[1].sku=invalid"},
		"malformed names":  {`{"lines":[{"sku":" ","quantity":1},{"variant_id":"prd_1","quantity":1}]}`, "422 invalid lines[0].sku=malformed_sku lines[1].variant_id=malformed_id"},
		"unknown sku":      {`{"lines":[` + good + `,{"sku":"NONE","quantity":1}]}`, "422 invalid lines[1].sku=unknown_item"},
		"draft":            {`{"lines":[{"sku":"HIDDEN","quantity":1}]}`, "422 invalid lines[0].sku=unknown_item"},
		"unknown variant":  {`{"lines":[{"variant_id":"var_00000000000000000000000000","quantity":1}]}`, "422 invalid lines[0].variant_id=unknown_item"},
		"other variant":    {`{"lines":[{"variant_id":"var_01jd8x5v9ke2vbrwkxtq4m6h3m","quantity":1}]}`, "422 invalid lines[0].variant_id=unknown_item"},
		"too many lines":   {`{"lines":[` + strings.Repeat(good+",", 1000) + good + `]}`, "422 invalid lines=invalid"},
		"unknown in scope": {`{"lines":[{"sku":"mug","quantity":1}]}`, "422 invalid lines[0].sku=unknown_item"},
	} {
		if got := s.call(t, http.MethodPost, cartsPath, c.body).problem(t); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	cart, a := s.cart(t, good)
	line := "/lines/" + a.text(t, "lines", 0, "id")
	for name, c := range map[string]struct{ method, path, body, want string }{
		"unknown sku":    {http.MethodPost, cart + "/lines", `{"sku":"NONE","quantity":1}`, "422 invalid sku=unknown_item"},
		"no name":        {http.MethodPost, cart + "/lines", `{"quantity":1}`, "422 invalid sku=invalid"},
		"unknown field":  {http.MethodPatch, cart + line, `{"quantity":1,"sku":"PIN"}`, "400 unknown_field sku=unknown_field"},
		"parameter":      {http.MethodGet, cart + "?expand=1", ``, "400 unknown_parameter expand=unknown_parameter"},
		"cart":           {http.MethodGet, cartsPath + "/crt_00000000000000000000000000000000", ``, "404 not_found"},
		"malformed cart": {http.MethodGet, cartsPath + "/x", ``, "404 not_found"},
		"cart of line":   {http.MethodPatch, cartsPath + "/x" + line, `{"quantity":1}`, "404 not_found"},
		"line":           {http.MethodPatch, cart + "/lines/lin_00000000000000000000000000", `{"quantity":1}`, "404 not_found"},
		"malformed line": {http.MethodDelete, cart + "/lines/1", ``, "404 not_found"},
		"method":         {http.MethodPut, cart, `{}`, "405 method_not_allowed"},
	} {
		if got := s.call(t, c.method, c.path, c.body).problem(t); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestHTTPIfMatch(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	cart, a := s.cart(t, `{"sku":"MUG","quantity":1}`)
	line := cart + "/lines/" + a.text(t, "lines", 0, "id")
	change := func(t *testing.T, tag string) httpAnswer {
		t.Helper()
		return s.call(t, http.MethodPatch, line, `{"quantity":2}`, "If-Match", tag)
	}
	if got := change(t, `"1"`); got.status != http.StatusOK || got.at(t, "version") != 2.0 {
		t.Fatalf("the present version: %d %s", got.status, got.body)
	}
	if got := change(t, `"1"`).problem(t); got != "412 precondition_failed If-Match=precondition_failed" {
		t.Errorf("an old version: %s", got)
	}
	for _, malformed := range []string{`1`, `"0"`, `"x"`, `W/"2"`, `"2", "3"`, `"99999999999999999999"`} {
		if got := change(t, malformed).problem(t); got != "422 invalid If-Match=invalid" {
			t.Errorf("%s: %s", malformed, got)
		}
	}
	if got := change(t, `*`); got.status != http.StatusOK {
		t.Errorf("any version: %d %s", got.status, got.body)
	}
	for _, c := range [][3]string{{http.MethodPost, cart + "/lines", `{"sku":"MUG","quantity":1}`}, {http.MethodDelete, line, ""}} {
		if got := s.call(t, c[0], c[1], c[2], "If-Match", `"1"`).problem(t); got != "412 precondition_failed If-Match=precondition_failed" {
			t.Errorf("%s: %s", c[0], got)
		}
	}
	if got := s.want(t, http.StatusOK, http.MethodGet, cart, "").at(t, "version"); got != 3.0 {
		t.Errorf("refused calls changed the cart: version %v", got)
	}
}
