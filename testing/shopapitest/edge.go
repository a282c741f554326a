package shopapitest

import (
	"bytes"
	"crypto/rand"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func edgeClauses() []clause {
	return []clause{
		{"edge/request id", edgeRequestID},
		{"edge/paths", edgePaths},
		{"edge/methods", edgeMethods},
		{"edge/parameters", edgeParameters},
		{"edge/scope", edgeScope},
		{"edge/json", edgeJSON},
		{"edge/media type", edgeMediaType},
		{"edge/size", edgeSize},
		{"edge/admin nowhere", edgeAdminNowhere},
	}
}

// example is a request for each operation of the document that is right but for what a clause spoils.
type example struct {
	op   *operation
	path string
	cart cart
}

// examples makes them on a cart of their own. An operation that the suite does not know of gets an "x" for each
// parameter.
func (s *suite) examples(t *testing.T) []example {
	t.Helper()
	c := s.newCart(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1})
	var out []example
	for _, op := range s.document.operations {
		template := strings.Split(op.path, "/")
		for i, part := range template {
			switch {
			case !isParameter(part):
			case i > 0 && template[i-1] == "carts":
				template[i] = c.ID
			case i > 0 && template[i-1] == "lines":
				template[i] = c.Lines[0].ID
			case i > 0 && template[i-1] == "products":
				template[i] = s.shelf.product.Slug
			case op.path == mediaTemplate:
				template[i] = "drawn/blue-mug.svg"
			default:
				template[i] = "x"
			}
		}
		out = append(out, example{op, strings.Join(template, "/"), c})
	}
	return out
}

// members lists the names of the body's members, the first that a caller might send twice.
func (s *suite) members(t *testing.T, op *operation) []string {
	t.Helper()
	schema := op.body
	for range 8 {
		pointer, ok := schema["$ref"].(string)
		if !ok {
			break
		}
		schema, _ = s.document.follow(pointer).(map[string]any)
	}
	known, _ := schema["properties"].(map[string]any)
	if len(known) == 0 {
		t.Errorf("%s: the schema of the body has no properties", op)
		return []string{"x"}
	}
	return slices.Sorted(maps.Keys(known))
}

// send sends an example with a body, as who may call it. An idempotency key goes with it, as some operations need one.
func (s *suite) send(t *testing.T, e example, body string, pairs ...string) answer {
	t.Helper()
	return s.call(t, e.op.method, e.path, body, slices.Concat([]string{keyHeader, rand.Text()}, s.credentials(t, e.op), pairs)...)
}

// edgeRequestID brings an id of its own to answers of every kind, and such as must not come back.
func edgeRequestID(t *testing.T, s *suite) {
	t.Helper()
	for _, request := range [][2]string{
		{http.MethodGet, "/api/v1/products"},
		{http.MethodGet, "/health"},
		{http.MethodGet, "/metrics"},
		{http.MethodGet, "/docs"},
		{http.MethodGet, "/nowhere"},
		{http.MethodDelete, "/api/v1/products"},
		{"FROB", "/"},
		{http.MethodPost, cartsPath},
	} {
		id := "brought-" + rand.Text()
		if got := s.call(t, request[0], request[1], "", "X-Request-Id", id).header.Get("X-Request-Id"); got != id {
			t.Errorf("%v: X-Request-Id %q, want %q", request, got, id)
		}
		for _, unfit := range []string{"a b", "a\tb", `"<script>`, strings.Repeat("x", 200), "caf\u00e9"} {
			if got := s.call(t, request[0], request[1], "", "X-Request-Id", unfit).header.Get("X-Request-Id"); got == unfit {
				t.Errorf("%v: X-Request-Id %q came back", request, unfit)
			}
		}
	}
	one, other := s.call(t, http.MethodGet, "/health/live", ""), s.call(t, http.MethodGet, "/health/live", "")
	if one.header.Get("X-Request-Id") == other.header.Get("X-Request-Id") {
		t.Error("two requests have one id")
	}
}

func edgePaths(t *testing.T, s *suite) {
	t.Helper()
	for _, path := range []string{
		"/nowhere", "/api", "/api/v1", "/api/v1/nowhere", "/api/v2/products", "/api/v1/products/", "/api/v1/products/x/y",
		"/api/v1/carts/x/lines/y/z", "/api/v1/orders", "/health/", "/health/nowhere", "/.env", "/admin.php", "/%C3%A9",
	} {
		s.call(t, http.MethodGet, path, "").refused(t, http.StatusNotFound, "not_found")
	}
}

// edgeMethods asks each address for the methods that it does not document. An address may be of several templates, as
// /stock/counts is of /stock/{sku} too.
func edgeMethods(t *testing.T, s *suite) {
	t.Helper()
	documented := make(map[string][]string)
	paths := make(map[string]string)
	for _, e := range s.examples(t) {
		paths[e.op.path] = e.path
	}
	for template, path := range paths {
		for _, op := range s.document.operations {
			if op.matches(path) && !slices.Contains(documented[template], op.method) {
				documented[template] = append(documented[template], op.method)
			}
		}
	}
	for template, methods := range documented {
		if slices.Contains(methods, http.MethodGet) {
			methods = append(methods, http.MethodHead)
		}
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			if slices.Contains(methods, method) {
				continue
			}
			a := s.call(t, method, paths[template], "")
			if a.status != http.StatusMethodNotAllowed {
				t.Errorf("%s: want 405", a)
				continue
			}
			if method != http.MethodHead {
				a.refused(t, http.StatusMethodNotAllowed, "method_not_allowed")
			}
			allowed := strings.Split(strings.ReplaceAll(a.header.Get("Allow"), " ", ""), ",")
			allowed = slices.DeleteFunc(allowed, func(method string) bool { return method == http.MethodOptions })
			slices.Sort(allowed)
			if want := slices.Sorted(slices.Values(methods)); !slices.Equal(allowed, want) {
				t.Errorf("%s: Allow %q, documented are %v", a, a.header.Get("Allow"), want)
			}
		}
		for _, method := range []string{"FROB", "get", "PROPFIND"} {
			s.call(t, method, paths[template], "").refused(t, http.StatusNotImplemented, "method_unknown")
		}
	}
}

// edgeParameters asks each operation for something that it does not know.
func edgeParameters(t *testing.T, s *suite) {
	t.Helper()
	for _, e := range s.examples(t) {
		body := ""
		if e.op.body != nil {
			body = "{}"
		}
		asked := e
		asked.path += "?no_such_parameter=1"
		s.send(t, asked, body).refused(t, http.StatusBadRequest, "unknown_parameter", "no_such_parameter")
	}
}

// edgeScope sends each operation that reads the scope a country that is none.
func edgeScope(t *testing.T, s *suite) {
	t.Helper()
	for _, e := range s.examples(t) {
		if !slices.Contains(e.op.parameters, parameter{"X-Country", "header"}) {
			continue
		}
		body := ""
		if e.op.body != nil {
			body = "{}"
		}
		p := s.send(t, e, body, "X-Country", "nowhere").refused(t, http.StatusUnprocessableEntity, "invalid")
		if !slices.ContainsFunc(p.Errors, func(entry problemEntry) bool { return entry.Field == "X-Country" }) {
			t.Errorf("%s: the errors should name X-Country: %+v", e.op, p.Errors)
		}
	}
}

// edgeJSON sends each operation with a body what is no strict JSON.
func edgeJSON(t *testing.T, s *suite) {
	t.Helper()
	for _, e := range s.examples(t) {
		if e.op.body == nil {
			continue
		}
		name := s.members(t, e.op)[0]
		for _, body := range []string{
			" ", "{", "}", "{}{}", "{} x", "[1,]", `{"` + name + `":}`, `{'` + name + `':1}`, `{"` + name + `":01}`, `{"` + name + `":NaN}`,
			`{"` + name + `":"` + "\xff" + `"}`, `{"` + name + `":"` + "\x01" + `"}`, `{"` + name + `":"\ud800"}`, "\ufeff{}",
			strings.Repeat("[", 10_000), strings.Repeat(`{"a":`, 10_000), "nul", "{}//",
		} {
			s.send(t, e, body).refused(t, http.StatusBadRequest, "malformed_json")
		}
		s.send(t, e, "", "Content-Type", jsonType).refused(t, http.StatusBadRequest, "malformed_json")
		s.send(t, e, `{"`+name+`":1,"`+name+`":1}`).refused(t, http.StatusBadRequest, "duplicate_field", name)
		s.send(t, e, `{"no_such_field":1}`).refused(t, http.StatusBadRequest, "unknown_field", "no_such_field")
		s.send(t, e, `{"`+strings.ToUpper(name)+`":1}`).refused(t, http.StatusBadRequest, "unknown_field", strings.ToUpper(name))
		for _, body := range []string{"null", "[]", `"x"`, "1", "true"} {
			s.send(t, e, body).refused(t, http.StatusUnprocessableEntity, "invalid")
		}
	}
}

// edgeMediaType sends bodies that are not declared as plain JSON.
func edgeMediaType(t *testing.T, s *suite) {
	t.Helper()
	for _, e := range s.examples(t) {
		body := ""
		if e.op.body != nil {
			body = "{}"
			for _, mediaType := range []string{
				"", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1",
				"application/vnd.shop+json", "application/merge-patch+json", "json", "application/json; =",
			} {
				s.send(t, e, body, "Content-Type", mediaType).refused(t, http.StatusUnsupportedMediaType, "unsupported_media_type")
			}
			s.send(t, e, "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n", "Content-Type", "multipart/form-data; boundary=x").
				refused(t, http.StatusUnsupportedMediaType, "unsupported_media_type")
			if a := s.send(t, e, `{"no_such_field":1}`, "Content-Type", "application/json; charset=UTF-8"); a.status != http.StatusBadRequest {
				t.Errorf("%s: JSON in UTF-8 is read: want 400", a)
			}
		}
		for _, encoding := range []string{"gzip", "br", "identity", "x"} {
			s.send(t, e, body, "Content-Encoding", encoding).refused(t, http.StatusUnsupportedMediaType, "unsupported_media_type")
		}
	}
}

// The sizes that no shop reads: what a cart of a thousand lines needs is a tenth of it.
const (
	bodyBeyond   = 16 << 20
	headerBeyond = 256 << 10
)

func edgeSize(t *testing.T, s *suite) {
	t.Helper()
	large := string(bytes.Repeat([]byte(" "), bodyBeyond))
	for _, e := range s.examples(t) {
		if e.op.body != nil {
			s.send(t, e, large).refused(t, http.StatusRequestEntityTooLarge, "body_too_large")
		}
	}
	s.call(t, http.MethodGet, "/health/live", "", "X-Filler", strings.Repeat("x", headerBeyond)).
		refused(t, http.StatusRequestHeaderFieldsTooLarge, "headers_too_large")
	s.call(t, http.MethodGet, "/health/live", "").want(t, http.StatusOK)
}

// edgeAdminNowhere holds that credentials do not change what an address without an operation answers.
func edgeAdminNowhere(t *testing.T, s *suite) {
	t.Helper()
	s.admin(t, http.MethodGet, "/nowhere", "").refused(t, http.StatusNotFound, "not_found")
	s.call(t, http.MethodGet, "/api/v1/admin/nowhere", "").refused(t, http.StatusNotFound, "not_found")
}
