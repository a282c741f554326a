package fiberhttp_test

import (
	"net/http"
	"strings"
	"testing"
)

const (
	orderPath = "/api/v1/carts/c1/checkout"
	goodOrder = `{"email":"ann@example.com","lines":[{"sku":"MUG","quantity":2}]}`
)

// TestStrictness holds what huma and Fiber let pass by default.
func TestStrictness(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	line := func(fields string) string {
		return `{"email":"a@b.example","lines":[{"sku":"A","quantity":1},{` + fields + `}]}`
	}
	for name, c := range map[string]struct {
		body    string
		headers []string
		status  int
		code    string
		fields  string // Of errors, with their codes.
	}{
		"good":             {goodOrder, nil, 201, "", ""},
		"charset":          {goodOrder, []string{"Content-Type", "", "Content-Type", "application/json; charset=UTF-8"}, 201, "", ""},
		"no key":           {goodOrder, []string{"Idempotency-Key", ""}, 400, "missing_idempotency_key", "Idempotency-Key missing_idempotency_key"},
		"bad key":          {goodOrder, []string{"Idempotency-Key", "", "Idempotency-Key", "a b"}, 422, "invalid", "Idempotency-Key invalid"},
		"long key":         {goodOrder, []string{"Idempotency-Key", "", "Idempotency-Key", strings.Repeat("k", 256)}, 422, "invalid", "Idempotency-Key invalid"},
		"two keys":         {goodOrder, []string{"Idempotency-Key", "other"}, 400, "unknown_parameter", "Idempotency-Key unknown_parameter"},
		"null array":       {`{"email":"a@b.example","lines":null}`, nil, 422, "invalid", "lines invalid"},
		"empty array":      {`{"email":"a@b.example","lines":[]}`, nil, 422, "invalid", "lines invalid"},
		"case":             {`{"Email":"a@b.example","lines":[{"sku":"A","quantity":1}]}`, nil, 400, "unknown_field", "Email unknown_field,email invalid"},
		"both cases":       {strings.Replace(goodOrder, "{", `{"Email":"x@y.example",`, 1), nil, 400, "unknown_field", "Email unknown_field"},
		"duplicate":        {line(`"sku":"A","sku":"B","quantity":1`), nil, 400, "duplicate_field", "lines[1].sku duplicate_field"},
		"NUL":              {line(`"sku":"\u0000","quantity":1`), nil, 400, "malformed_json", "lines[1].sku malformed_json"},
		"trailing":         {goodOrder + "{}", nil, 400, "malformed_json", ""},
		"exponent":         {line(`"sku":"A","quantity":1e400`), nil, 400, "malformed_json", "lines[1].quantity malformed_json"},
		"one point zero":   {line(`"sku":"A","quantity":1.0`), nil, 422, "invalid", "lines[1].quantity invalid"},
		"fraction":         {line(`"sku":"A","quantity":1.5`), nil, 422, "invalid", "lines[1].quantity invalid"},
		"too large":        {`{"email":"a@b.example","lines":[{"sku":"A","quantity":1}],"big":9223372036854775808,"tiny":1000}`, nil, 422, "invalid", "big invalid,tiny invalid"},
		"own type":         {`{"email":"a@b.example","lines":[{"sku":"A","quantity":1}],"shade":"mauve"}`, nil, 422, "invalid", "shade.name malformed_amount"},
		"wrong types":      {`{"email":1,"lines":[{"sku":true,"quantity":"2","gift":0}],"address":"x","notes":{"a":1}}`, nil, 422, "invalid", "address invalid,email invalid,lines[0].gift invalid,lines[0].quantity invalid,lines[0].sku invalid,notes.a invalid"},
		"one a field":      {line(`"sku":"","quantity":1`), nil, 422, "invalid", "lines[1].sku invalid"},
		"required":         {line(`"sku":"A"`), nil, 422, "invalid", "lines[1].quantity invalid"},
		"required deep":    {`{"email":"a@b.example","lines":[{"sku":"A","quantity":1}],"address":{}}`, nil, 422, "invalid", "address.city invalid"},
		"unknown":          {line(`"sku":"A","quantity":1,"z":1,"colour":"red"`), nil, 400, "unknown_field", "lines[1].colour unknown_field,lines[1].z unknown_field"},
		"unknown at top":   {strings.Replace(goodOrder, "{", `{"$schema":"x",`, 1), nil, 400, "unknown_field", "$schema unknown_field"},
		"no body":          {"", nil, 400, "malformed_json", ""},
		"null body":        {"null", nil, 422, "invalid", " invalid"},
		"array body":       {"[]", nil, 422, "invalid", " invalid"},
		"latin1":           {goodOrder, []string{"Content-Type", "", "Content-Type", "application/json; charset=latin1"}, 415, "unsupported_media_type", ""},
		"vendor type":      {goodOrder, []string{"Content-Type", "", "Content-Type", "application/vnd.shop+json"}, 415, "unsupported_media_type", ""},
		"form":             {goodOrder, []string{"Content-Type", "", "Content-Type", "application/x-www-form-urlencoded"}, 415, "unsupported_media_type", ""},
		"no type":          {goodOrder, []string{"Content-Type", ""}, 415, "unsupported_media_type", ""},
		"malformed type":   {goodOrder, []string{"Content-Type", "", "Content-Type", "application/json; ="}, 415, "unsupported_media_type", ""},
		"identity":         {goodOrder, []string{"Content-Encoding", "identity"}, 415, "unsupported_media_type", ""},
		"e-mail":           {strings.Replace(goodOrder, "ann@example.com", "ann", 1), nil, 422, "invalid", "email invalid"},
		"unknown and type": {`{"email":1,"lines":[{"sku":"A","quantity":1}],"x":1}`, nil, 400, "unknown_field", "x unknown_field,email invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			headers := append([]string{"Idempotency-Key", "k1"}, c.headers...)
			got := s.call(t, http.MethodPost, orderPath, c.body, headers...)
			if got.status != c.status {
				t.Fatalf("%d, want %d: %s", got.status, c.status, got.body)
			}
			if c.status < 400 {
				return
			}
			checkProblem(t, got, c.code, c.fields)
		})
	}
}

func checkProblem(t *testing.T, got answer, code, fields string) {
	t.Helper()
	problem := got.problem(t)
	if problem["code"] != code {
		t.Errorf("code %v, want %s: %s", problem["code"], code, got.body)
	}
	var found []string
	entries, _ := problem["errors"].([]any)
	for _, entry := range entries {
		member := entry.(map[string]any)
		found = append(found, member["field"].(string)+" "+member["code"].(string))
	}
	if all := strings.Join(found, ","); all != fields {
		t.Errorf("errors %q, want %q: %s", all, fields, got.body)
	}
	for _, leak := range []string{"Go ", "struct", "json:", "fiberhttp", "secret", "mail:", "unmarshal"} {
		if strings.Contains(string(got.body), leak) {
			t.Errorf("leaks %q: %s", leak, got.body)
		}
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for name, c := range map[string]struct {
		target string
		status int
		code   string
		fields string
	}{
		"none":            {"/api/v1/products", 200, "", ""},
		"known":           {"/api/v1/products?limit=5&cursor=x%20y", 200, "", ""},
		"unknown":         {"/api/v1/products?limit=5&page=2&size=3&size=4", 400, "unknown_parameter", "page unknown_parameter,size unknown_parameter"},
		"case":            {"/api/v1/products?Limit=5", 400, "unknown_parameter", "Limit unknown_parameter"},
		"repeated":        {"/api/v1/products?limit=5&limit=6", 400, "unknown_parameter", "limit unknown_parameter"},
		"wrong type":      {"/api/v1/products?limit=x", 422, "invalid", "limit invalid"},
		"with a sign":     {"/api/v1/products?limit=%2B5", 422, "invalid", "limit invalid"},
		"with a zero":     {"/api/v1/products?limit=05", 422, "invalid", "limit invalid"},
		"out of range":    {"/api/v1/products?limit=101", 422, "invalid", "limit invalid"},
		"encoding":        {"/api/v1/products?cursor=%zz", 400, "malformed_request", ""},
		"cut encoding":    {"/api/v1/products?cursor=%4", 400, "malformed_request", ""},
		"query NUL":       {"/api/v1/products?cursor=%00", 400, "malformed_request", ""},
		"query UTF-8":     {"/api/v1/products?cursor=%ff", 400, "malformed_request", ""},
		"path NUL":        {"/api/v1/keep/a%00", 400, "malformed_request", ""},
		"path UTF-8":      {"/api/v1/keep/%c3%28", 400, "malformed_request", ""},
		"path rule":       {"/api/v1/keep/" + strings.Repeat("x", 41), 404, "not_found", ""},
		"nowhere":         {"/api/v1/nothing", 404, "not_found", ""},
		"slash":           {"/api/v1/products/", 404, "not_found", ""},
		"upper case":      {"/API/v1/products", 404, "not_found", ""},
		"health, unknown": {"/health?x=1", 400, "unknown_parameter", "x unknown_parameter"},
		"media, unknown":  {"/media/drawn/mug.svg?x=1", 400, "unknown_parameter", "x unknown_parameter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := s.call(t, http.MethodGet, c.target, "")
			if got.status != c.status {
				t.Fatalf("%d, want %d: %s", got.status, c.status, got.body)
			}
			if c.status >= 400 {
				checkProblem(t, got, c.code, c.fields)
			}
		})
	}
}

func TestPathParametersAreDecoded(t *testing.T) {
	t.Parallel()
	got := newShop(t).call(t, http.MethodGet, "/api/v1/keep/a%20b+c%2Fd%C3%A9", "")
	if got.status != 200 || string(got.body) != "{\"id\":\"a b+c/dé\"}\n" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	get := s.call(t, http.MethodGet, "/api/v1/products", "")
	head := s.call(t, http.MethodHead, "/api/v1/products", "")
	if head.status != 200 || len(head.body) != 0 || head.header.Get("ETag") != get.header.Get("ETag") ||
		head.header.Get("Content-Length") != "16" {
		t.Errorf("HEAD: %d %v %q", head.status, head.header, head.body)
	}
	for _, path := range []string{"/", "/docs", "/openapi.json", "/metrics", "/health", "/health/live", "/health/ready", "/media/drawn/a.svg"} {
		if got := s.call(t, http.MethodHead, path, ""); got.status != 200 || len(got.body) != 0 {
			t.Errorf("HEAD %s: %d, %d bytes", path, got.status, len(got.body))
		}
	}
	wrong := s.call(t, http.MethodDelete, "/api/v1/products", "")
	if wrong.status != 405 || wrong.header.Get("Allow") != "GET, HEAD" {
		t.Errorf("405: %d, Allow %q", wrong.status, wrong.header.Get("Allow"))
	}
	checkProblem(t, wrong, "method_not_allowed", "")
	unknown := s.call(t, "FROB", "/api/v1/products", "")
	if unknown.status != 501 {
		t.Errorf("%d %s", unknown.status, unknown.body)
	}
	checkProblem(t, unknown, "method_unknown", "")
}

func TestConditionalReads(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, path := range []string{"/api/v1/products", "/docs", "/openapi.json", "/media/drawn/blue-mug.svg"} {
		first := s.call(t, http.MethodGet, path, "")
		etag := first.header.Get("ETag")
		again := s.call(t, http.MethodGet, path, "", "If-None-Match", `"x", W/`+etag)
		if first.status != 200 || again.status != 304 || len(again.body) != 0 || again.header.Get("ETag") != etag {
			t.Errorf("%s: %d, then %d with %d bytes, ETag %q and %q", path, first.status, again.status, len(again.body), etag, again.header.Get("ETag"))
		}
		if first.header.Get("Cache-Control") == "no-store" || again.header.Get("Cache-Control") != first.header.Get("Cache-Control") {
			t.Errorf("%s: Cache-Control %q, then %q", path, first.header.Get("Cache-Control"), again.header.Get("Cache-Control"))
		}
		if other := s.call(t, http.MethodGet, path, "", "If-None-Match", `"other"`); other.status != 200 {
			t.Errorf("%s: %d for another tag", path, other.status)
		}
	}
	if got := s.call(t, http.MethodGet, "/api/v1/products", ""); got.header.Get("Content-Type") != "application/json" || string(got.body) != `{"items":["20"]}` {
		t.Errorf("%v %s", got.header, got.body)
	}
}
