package shopapitest

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func serviceClauses() []clause {
	return []clause{
		{"service/health", serviceHealth},
		{"service/metrics", serviceMetrics},
		{"service/openapi", serviceOpenAPI},
		{"service/docs", serviceDocs},
		{"service/media", serviceMedia},
		{"service/drawn", serviceDrawn},
	}
}

func serviceHealth(t *testing.T, s *suite) {
	t.Helper()
	for _, path := range []string{"/health", "/health/live", "/health/ready"} {
		var body struct {
			Status    string            `json:"status"`
			Version   string            `json:"version"`
			Timestamp time.Time         `json:"timestamp"`
			Services  map[string]string `json:"services"`
		}
		a := s.call(t, http.MethodGet, path, "")
		a.read(t, http.StatusOK, &body)
		wantMembers(t, path, a.members(t), "status", "version", "timestamp", "services")
		if body.Status == "" || body.Version == "" || body.Timestamp.IsZero() || body.Timestamp.Location() != time.UTC {
			t.Errorf("%s: lacks its status, its version or a time in UTC", a)
		}
		if path == "/health/live" {
			continue
		}
		if body.Services["database"] != "up" || !slices.Contains([]string{"up", "late"}, body.Services["outbox"]) {
			t.Errorf("%s: want the database up, the outbox up or late", a)
		}
	}
}

// metricNames are the samples that a shop shows, each with the labels that it must have.
var metricNames = map[string][]string{
	"shop_build_info": {"version"}, "shop_products_total": nil, "shop_products_active": nil, "shop_orders_total": nil,
	"shop_orders": {"status"}, "shop_customers_total": nil, "shop_revenue_minor": {"currency"}, "shop_outbox_oldest_seconds": nil,
	"http_requests_total": {"route", "method", "code"}, "http_request_duration_seconds_bucket": {"route", "le"},
	"http_request_duration_seconds_sum": {"route"}, "http_request_duration_seconds_count": {"route"},
}

var sample = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$`)

// serviceMetrics reads the metrics after an order was placed, so that each has a sample.
func serviceMetrics(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, s.unit(t))
	s.order(t, c, s.purchase(t, "manual", "", nil), "metrics").want(t, http.StatusCreated)
	s.call(t, http.MethodGet, "/nowhere/at-all-1", "")
	a := s.call(t, http.MethodGet, "/metrics", "").want(t, http.StatusOK)
	if got := a.header.Get("Content-Type"); !strings.HasPrefix(got, "text/plain") {
		t.Errorf("/metrics: Content-Type %q", got)
	}
	labels := make(map[string]string)
	for text := range strings.Lines(string(a.body)) {
		text = strings.TrimSpace(text)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		match := sample.FindStringSubmatch(text)
		if match == nil {
			t.Errorf("/metrics: no sample: %s", text)
			continue
		}
		labels[match[1]] += match[2] + "\n"
	}
	for name, names := range metricNames {
		found, ok := labels[name]
		if !ok {
			t.Errorf("/metrics: there is no %s", name)
		}
		for _, label := range names {
			if ok && !strings.Contains(found, label+`="`) {
				t.Errorf("/metrics: %s has no label %s: %s", name, label, found)
			}
		}
	}
	routes := labels["http_requests_total"]
	if strings.Contains(routes, c.ID) || strings.Contains(routes, "at-all-1") {
		t.Error("/metrics: routes are addresses rather than templates, which made-up addresses multiply")
	}
	if !strings.Contains(labels["shop_orders"], `status="placed"`) {
		t.Errorf("/metrics: shop_orders says nothing of placed orders: %s", labels["shop_orders"])
	}
}

func serviceOpenAPI(t *testing.T, s *suite) {
	t.Helper()
	s.holdConditional(t, "/openapi.json", false)
	ids := make(map[string]bool)
	for _, op := range s.document.operations {
		if op.id == "" || ids[op.id] {
			t.Errorf("%s: operationId %q is missing or not its own", op, op.id)
		}
		ids[op.id] = true
		for status, documented := range op.responses {
			if _, described := documented.content[problemType]; status >= 400 && !described && op.path != "/health/ready" {
				t.Errorf("%s: %d is documented without a problem", op, status)
			}
		}
	}
	for _, called := range []string{
		"GET /api/v1/products", "GET /api/v1/products/x", "POST /api/v1/carts", "GET /api/v1/carts/x", "POST /api/v1/carts/x/lines",
		"PATCH /api/v1/carts/x/lines/y", "DELETE /api/v1/carts/x/lines/y", "POST /api/v1/carts/x/checkout", "GET /api/v1/orders/x",
		"GET /health", "GET /health/live", "GET /health/ready", "GET /media/x",
	} {
		method, path, _ := strings.Cut(called, " ")
		if s.document.find(method, path) == nil {
			t.Errorf("/openapi.json does not document %s", called)
		}
	}
}

// foreign finds what a page would load from, or send to, another host.
var foreign = regexp.MustCompile(`(?i)(?:(?:src|srcset|href|action|formaction|poster|data)\s*=\s*["']?\s*|url\(\s*["']?|@import\s*["']?)(?:[a-z]+:)?//[^\s"'>)]+`)

func serviceDocs(t *testing.T, s *suite) {
	t.Helper()
	s.holdConditional(t, "/docs", false)
	a := s.call(t, http.MethodGet, "/docs", "").want(t, http.StatusOK)
	if got := a.header.Get("Content-Type"); !strings.HasPrefix(got, "text/html") {
		t.Errorf("/docs: Content-Type %q", got)
	}
	if found := foreign.FindAll(a.body, -1); len(found) > 0 {
		t.Errorf("/docs names foreign hosts: %q", found)
	}
	for _, op := range s.document.operations {
		if !strings.Contains(string(a.body), op.path) {
			t.Errorf("/docs says nothing of %s", op)
		}
	}
}

// serviceMedia reads the pictures of the newest products: all on this host, those of the shop for ever, drawn ones
// with a tag.
func serviceMedia(t *testing.T, s *suite) {
	t.Helper()
	var p page
	s.call(t, http.MethodGet, listPath(10, ""), "").read(t, http.StatusOK, &p)
	images := []string{s.shelf.product.Image}
	for _, item := range p.Items {
		images = append(images, item.Image)
	}
	for _, media := range s.shelf.product.Media {
		images = append(images, media.URL)
	}
	slices.Sort(images)
	for _, image := range slices.Compact(images) {
		if !strings.HasPrefix(image, "/media/") {
			t.Errorf("the picture %q is not on this host, below /media/", image)
			continue
		}
		s.holdImage(t, image, !strings.HasPrefix(image, "/media/drawn/"))
	}
	for _, path := range []string{"/media/", "/media/x", "/media/no/such/picture.svg", "/media/..%2Fmain.go", "/media/%2e%2e/%2e%2e/etc/passwd", "/media/demo", "/media/drawn/"} {
		if a := s.call(t, http.MethodGet, path, ""); a.status != http.StatusNotFound {
			t.Errorf("%s: want 404", a)
		}
	}
}

// serviceDrawn reads placeholders: the same slug is always the same picture, another one another.
func serviceDrawn(t *testing.T, s *suite) {
	t.Helper()
	s.holdImage(t, "/media/drawn/blue-mug.svg", false)
	one := s.call(t, http.MethodGet, "/media/drawn/blue-mug.svg", "").want(t, http.StatusOK)
	if other := s.call(t, http.MethodGet, "/media/drawn/red-mug.svg", "").want(t, http.StatusOK); string(one.body) == string(other.body) {
		t.Error("two slugs are drawn alike")
	}
	for _, key := range []string{"drawn/A.svg", "drawn/%3Cscript%3E.svg", "drawn/a", "drawn/a.png", "drawn/a--b.svg", "drawn/" + strings.Repeat("a", 2000) + ".svg"} {
		s.call(t, http.MethodGet, "/media/"+key, "").refused(t, http.StatusNotFound, "not_found")
	}
}

func (s *suite) holdImage(t *testing.T, path string, forever bool) {
	t.Helper()
	s.holdConditional(t, path, false)
	a := s.call(t, http.MethodGet, path, "").want(t, http.StatusOK)
	if got := a.header.Get("Content-Type"); !strings.HasPrefix(got, "image/") || len(a.body) == 0 {
		t.Errorf("GET %s: Content-Type %q, %d bytes", path, got, len(a.body))
	}
	cache := a.header.Get("Cache-Control")
	if !strings.Contains(cache, "public") || !strings.Contains(cache, "max-age=") || forever && !strings.Contains(cache, "immutable") {
		t.Errorf("GET %s: Cache-Control %q", path, cache)
	}
	if strings.HasPrefix(a.header.Get("Content-Type"), "image/svg") && foreign.Match(a.body) {
		t.Errorf("GET %s names a foreign host: %q", path, foreign.Find(a.body))
	}
}
