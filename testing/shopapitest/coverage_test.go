package shopapitest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// small is a document with what paths can have.
const small = `{
	"openapi": "3.1.0",
	"paths": {
		"/api/v1/products": {"summary": "x", "get": {"operationId": "list", "responses": {"200": {}, "400": {}}}},
		"/api/v1/products/{product}": {"get": {"operationId": "read", "responses": {"200": {}, "404": {}}}},
		"/api/v1/products/newest": {"get": {"operationId": "newest", "responses": {"204": {}}}},
		"/api/v1/carts/{cart}/lines/{line}": {
			"patch": {"operationId": "set", "responses": {"200": {}}}, "delete": {"operationId": "drop", "responses": {"200": {}, "409": {}}}
		},
		"/media/{key}": {"get": {"operationId": "media", "responses": {"200": {}}}}
	}
}`

func coverage(t *testing.T) *shopapitest.Coverage {
	t.Helper()
	out, err := shopapitest.NewCoverage([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRecord(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method, path string
		status       int
		line         string // "" when nothing is recorded.
		documented   bool
	}{
		"literal":        {"GET", "/api/v1/products", 200, "GET /api/v1/products 200", true},
		"query":          {"GET", "/api/v1/products?limit=/x", 400, "GET /api/v1/products 400", true},
		"parameter":      {"GET", "/api/v1/products/a%2Fb", 404, "GET /api/v1/products/{product} 404", true},
		"literal first":  {"GET", "/api/v1/products/newest", 204, "GET /api/v1/products/newest 204", true},
		"two parameters": {"DELETE", "/api/v1/carts/c/lines/l", 409, "DELETE /api/v1/carts/{cart}/lines/{line} 409", true},
		"key":            {"GET", "/media/demo/a/b.svg", 200, "GET /media/{key} 200", true},
		"head":           {"HEAD", "/api/v1/products", 200, "", true},
		"status":         {"GET", "/api/v1/products", 500, "", false},
		"other's status": {"PATCH", "/api/v1/carts/c/lines/l", 409, "", false},
		"method":         {"POST", "/api/v1/products", 200, "", false},
		"deeper":         {"GET", "/api/v1/products/a/b", 200, "", false},
		"empty":          {"GET", "/api/v1/products/", 200, "", false},
		"empty key":      {"GET", "/media/", 200, "", false},
		"nowhere":        {"GET", "/", 200, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := coverage(t)
			all := seen.Missing()
			if got := seen.Record(c.method, c.path, c.status); got != c.documented {
				t.Errorf("documented %v, want %v", got, c.documented)
			}
			want := []string{}
			if c.line != "" {
				want = append(want, c.line)
			}
			if got := seen.Lines(); !slices.Equal(got, want) {
				t.Errorf("lines %q, want %q", got, want)
			}
			left := slices.DeleteFunc(slices.Clone(all), func(line string) bool { return line == c.line })
			if got := seen.Missing(); !slices.Equal(got, left) || len(all) != 9 {
				t.Errorf("missing %q of %q", got, all)
			}
		})
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	one, other := coverage(t), coverage(t)
	one.Record("GET", "/api/v1/products", 200)
	if err := other.Add(one.Lines()); err != nil || !slices.Equal(other.Lines(), one.Lines()) {
		t.Errorf("%v, %q", err, other.Lines())
	}
	err := other.Add([]string{"GET /api/v1/products 418", "GET /api/v1/products/{product} 404", ""})
	if err == nil || !strings.Contains(err.Error(), `"GET /api/v1/products 418", ""`) {
		t.Errorf("error %v", err)
	}
	if got := other.Lines(); len(got) != 2 {
		t.Errorf("lines %q", got)
	}
}

func TestParseDocument(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ document, part string }{
		"no JSON":   {`{`, "no OpenAPI document"},
		"array":     {`[]`, "no OpenAPI document"},
		"version":   {strings.Replace(small, "3.1.0", "3.0.3", 1), "not 3.1"},
		"version 2": {strings.Replace(small, "3.1.0", "3.10.0", 1), "not 3.1"},
		"no paths":  {`{"openapi":"3.1.0"}`, "no paths"},
		"default":   {strings.Replace(small, `"204"`, `"default"`, 1), `GET /api/v1/products/newest: answer "default"`},
		"range":     {strings.Replace(small, `"204"`, `"2XX"`, 1), `answer "2XX"`},
		"no answer": {strings.Replace(small, `{"204": {}}`, `{}`, 1), "no answers"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := shopapitest.ParseDocument([]byte(c.document)); err == nil || !strings.Contains(err.Error(), c.part) {
				t.Errorf("error %v, want one about %s", err, c.part)
			}
		})
	}
}
