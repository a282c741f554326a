package fiberhttp_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

type document struct {
	OpenAPI    string                               `json:"openapi"`
	Paths      map[string]map[string]map[string]any `json:"paths"`
	Components struct {
		Schemas map[string]map[string]any `json:"schemas"`
	} `json:"components"`
}

func documentOf(t *testing.T, s *shop) document {
	t.Helper()
	got := s.call(t, http.MethodGet, "/openapi.json", "")
	var out document
	if err := json.Unmarshal(got.body, &out); err != nil || got.header.Get("Content-Type") != "application/openapi+json" {
		t.Fatalf("%v %v", err, got.header)
	}
	return out
}

func statusesOf(t *testing.T, d document, path, method string) string {
	t.Helper()
	responses, ok := d.Paths[path][method]["responses"].(map[string]any)
	if !ok {
		t.Fatalf("%s %s is not in the document", method, path)
	}
	var out []string
	for status := range responses {
		out = append(out, status)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestDocumentNamesExactlyTheStatuses(t *testing.T) {
	t.Parallel()
	d := documentOf(t, newShop(t))
	if d.OpenAPI != "3.1.0" {
		t.Errorf("version %s", d.OpenAPI)
	}
	for _, c := range []struct{ path, method, statuses string }{
		{"/api/v1/carts/{id}/checkout", "post", "201 400 402 403 409 413 415 422 500 503"},
		{"/api/v1/products", "get", "200 304 400 422"},
		{"/api/v1/keep/{id}", "get", "200 400 404"},
		{"/api/v1/fail/{case}", "get", "200 400"},
		{"/health", "get", "200 400"},
		{"/health/live", "get", "200 400"},
		{"/health/ready", "get", "200 400 503"},
		{"/media/{key}", "get", "200 304 400 404"},
	} {
		if got := statusesOf(t, d, c.path, c.method); got != c.statuses {
			t.Errorf("%s %s: %s, want %s", c.method, c.path, got, c.statuses)
		}
	}
	for _, name := range []string{"ErrorModel", "ErrorDetail"} {
		if d.Components.Schemas[name] != nil {
			t.Errorf("huma's %s is in the document", name)
		}
	}
	if d.Components.Schemas["Problem"]["additionalProperties"] != true {
		t.Errorf("%v", d.Components.Schemas["Problem"])
	}
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, reference := range regexp.MustCompile(`#/components/schemas/(\w+)`).FindAllStringSubmatch(string(raw), -1) {
		if d.Components.Schemas[reference[1]] == nil {
			t.Errorf("no schema %s", reference[1])
		}
	}
	if !strings.Contains(string(raw), "Conflict: `out_of_stock`") {
		t.Error("the codes of 409 are not named")
	}
}

func TestRoutesAndDocumentAgree(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := documentOf(t, s)
	parameter := regexp.MustCompile(`:(\w+)`)
	routed := make(map[string]bool)
	for _, route := range s.App().GetRoutes(true) {
		path := parameter.ReplaceAllString(strings.Replace(route.Path, "/+", "/{key}", 1), "{$1}")
		routed[route.Method+" "+path] = true
		method := strings.ToLower(route.Method)
		if method == "head" {
			method = "get"
		}
		if d.Paths[path][method] == nil && !fiberhttp.Undocumented(route.Method, path) {
			t.Errorf("%s %s is not in the document", route.Method, path)
		}
	}
	for path, methods := range d.Paths {
		for method := range methods {
			if !routed[strings.ToUpper(method)+" "+path] || method == "get" && !routed["HEAD "+path] {
				t.Errorf("%s %s is documented and not routed", method, path)
			}
		}
	}
}

func TestDocsShowEveryOperationAndError(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	got := s.call(t, http.MethodGet, "/docs", "")
	html := string(got.body)
	for path, methods := range documentOf(t, s).Paths {
		for _, op := range methods {
			if !strings.Contains(html, `id="`+op["operationId"].(string)+`"`) || !strings.Contains(html, path) {
				t.Errorf("%s is not shown", path)
			}
		}
	}
	for _, code := range []string{"out_of_stock", "malformed_json", "not_found", "internal", "headers_too_large"} {
		if !strings.Contains(html, `id="error-`+code+`"`) {
			t.Errorf("%s is not shown", code)
		}
	}
	for _, link := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		if anchor, ok := strings.CutPrefix(link[1], "#"); ok && !strings.Contains(html, `id="`+anchor+`"`) {
			t.Errorf("%s leads nowhere", link[1])
		}
	}
}

func TestPagesNeedNoForeignHostAndNoScript(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	for _, path := range []string{"/", "/docs"} {
		got := s.call(t, http.MethodGet, path, "")
		html := string(got.body)
		if got.status != 200 || got.header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %d %v", path, got.status, got.header)
		}
		if strings.Contains(html, "<script") || strings.Contains(html, "http://") || strings.Contains(html, "https://") || strings.Contains(html, "ZgotmplZ") {
			t.Errorf("%s needs more than itself", path)
		}
		sum := sha256.Sum256([]byte(style.FindStringSubmatch(html)[1]))
		if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(got.header.Get("Content-Security-Policy"), want) {
			t.Errorf("%s: %s lacks %s", path, got.header.Get("Content-Security-Policy"), want)
		}
	}
	for _, address := range []string{"/docs", "/openapi.json", "/health", "/metrics"} {
		if !strings.Contains(string(s.call(t, http.MethodGet, "/", "").body), `href="`+address+`"`) {
			t.Errorf("the landing page does not name %s", address)
		}
	}
}
