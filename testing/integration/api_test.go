package integration_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// TestAPI runs the black-box suite against the program on each store. What a healthy shop does not answer, 500 and 503,
// is answered before by one whose database is broken; without a database nobody waits for it.
func TestAPI(t *testing.T) {
	t.Parallel()
	target := shopapitest.Target{Also: seenLimited(t), Elsewhere: []int{http.StatusInternalServerError, http.StatusServiceUnavailable}}
	arguments := map[string][]string{"memory": {"--store", "memory"}, "sqlite": {"--store", "sqlite"}}
	if needsDatabase(t) {
		target = shopapitest.Target{Also: append(seenBroken(t), target.Also...)}
		arguments["postgres"] = []string{"--store", "postgres", "--database-url", database(t), "--conns", "8"}
	}
	target.Also = append(target.Also, seenInside(t)...)
	for name, store := range arguments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on := target
			mails := t.TempDir()
			on.AdminKey, on.Owner = adminKey, shopapitest.Credentials{Email: ownerEmail, Password: goodPassword}
			on.Mail = func() ([]shopapitest.Mail, error) { return readMails(mails) }
			on.BaseURL = startShop(t, append(store, "--mail", mails, "--rate-mail", "60/1h", "--rate-signin", "60/15m",
				"--admin-email", ownerEmail, "--admin-password", goodPassword)...).base
			shopapitest.Test(t, on)
		})
	}
}

// brokenCall is a call that needs the database. A document's operation that no such call stands for is looked up by
// coverage and found missing.
type brokenCall struct {
	method, path, body string
	token              string   // Of an order.
	headers            []string // Names and values of more.
	guarded            bool     // It is for staff.
}

// seenBroken gives the lines of coverage that only a broken shop answers: 500 while its tables are not there, 503
// while its database is not.
func seenBroken(t *testing.T) []string {
	t.Helper()
	dsn := database(t)
	between, through := newProxy(t, dsn)
	base := startShop(t, "--store", "postgres", "--database-url", through, "--conns", "4", "--cache-size", "0").base // What is kept ready needs no database.
	coverage, err := shopapitest.NewCoverage(ask(t, base, brokenCall{method: http.MethodGet, path: "/openapi.json"}).body)
	if err != nil {
		t.Fatal(err)
	}
	calls := slices.Concat(brokenCalls(t, base), peopleCalls(), guardedCalls(t))
	document := ask(t, base, brokenCall{method: http.MethodGet, path: "/openapi.json"}).body
	conn := connect(t, dsn)
	rename := func(from, to string) {
		if _, err := conn.Exec(t.Context(), fmt.Sprintf("ALTER SCHEMA %s RENAME TO %s", from, to)); err != nil {
			t.Fatal(err)
		}
	}
	rename("commerce", "elsewhere")
	for _, c := range calls {
		wantBroken(t, coverage, base, c, http.StatusInternalServerError, "internal")
	}
	if err := coverage.Add(seenWebhooks(t)); err != nil { // What no provider signed never comes so far.
		t.Error(err)
	}
	rest := everyOperation(t, document, coverage.Missing())
	for _, c := range rest {
		wantBroken(t, coverage, base, c, http.StatusInternalServerError, "internal")
	}
	rename("elsewhere", "commerce")
	wantHonestBehindTheDoor(t, coverage, base, conn, everyOperation(t, document, nil))
	if got := ask(t, base, brokenCall{method: http.MethodGet, path: "/api/v1/products"}); got.status != http.StatusOK {
		t.Errorf("after the tables came back: %d %s", got.status, got.body)
	}
	between.cut()
	for _, c := range append(calls, rest...) {
		wantBroken(t, coverage, base, c, http.StatusServiceUnavailable, "unavailable", "outcome_unknown")
	}
	for path, status := range map[string]int{"/health": http.StatusOK, "/health/live": http.StatusOK, "/health/ready": http.StatusServiceUnavailable} {
		got := ask(t, base, brokenCall{method: http.MethodGet, path: path})
		if got.status != status {
			t.Errorf("%s without a database: %d %s, want %d", path, got.status, got.body, status)
		}
		check(t, coverage, http.MethodGet, path, got)
	}
	return slices.DeleteFunc(coverage.Lines(), func(line string) bool {
		return !strings.HasSuffix(line, " 500") && !strings.HasSuffix(line, " 503")
	})
}

// brokenCalls makes a cart and an order while the shop is whole, and gives a call for each operation that reads or
// writes.
func brokenCalls(t *testing.T, base string) []brokenCall {
	t.Helper()
	var list struct{ Items []struct{ Slug string } }
	whole(t, base, brokenCall{method: http.MethodGet, path: "/api/v1/products?limit=1"}, http.StatusOK, &list)
	var product struct{ Variants []struct{ SKU string } }
	whole(t, base, brokenCall{method: http.MethodGet, path: "/api/v1/products/" + list.Items[0].Slug}, http.StatusOK, &product)
	line := fmt.Sprintf(`{"sku":%q,"quantity":1}`, product.Variants[0].SKU)
	var cart struct {
		ID    string
		Lines []struct{ ID string }
	}
	making := brokenCall{method: http.MethodPost, path: "/api/v1/carts", body: `{"lines":[` + line + `]}`}
	whole(t, base, making, http.StatusCreated, &cart)
	at := "/api/v1/carts/" + cart.ID
	buy := `{"email":"ada@example.com","payment":{"provider":"manual"},"shipping_address":{"name":"Ada","line1":"1 Quay","city":"Ipswich","postal_code":"IP4 1AA","country":"GB"}}`
	var order struct{ ID, Token string }
	whole(t, base, brokenCall{method: http.MethodPost, path: at + "/checkout", body: buy}, http.StatusCreated, &order)
	whole(t, base, making, http.StatusCreated, &cart)
	at = "/api/v1/carts/" + cart.ID
	return []brokenCall{
		{method: http.MethodPost, path: "/api/v1/payments/test/events", body: `{"order_id":"` + order.ID + `","outcome":"failed"}`},
		{method: http.MethodGet, path: "/api/v1/products"},
		{method: http.MethodGet, path: "/api/v1/products/" + list.Items[0].Slug},
		{method: http.MethodGet, path: "/api/v1/categories"},
		{method: http.MethodGet, path: "/api/v1/categories/mugs"},
		{method: http.MethodGet, path: "/api/v1/brands"},
		{method: http.MethodGet, path: "/api/v1/brands/ebb"},
		{method: http.MethodGet, path: "/api/v1/collections"},
		{method: http.MethodGet, path: "/api/v1/collections/spring"},
		making,
		{method: http.MethodGet, path: at},
		{method: http.MethodPost, path: at + "/lines", body: line},
		{method: http.MethodPatch, path: at + "/lines/" + cart.Lines[0].ID, body: `{"quantity":2}`},
		{method: http.MethodDelete, path: at + "/lines/" + cart.Lines[0].ID},
		{method: http.MethodPost, path: at + "/checkout", body: buy},
		{method: http.MethodGet, path: "/api/v1/orders/" + order.ID, token: order.Token},
	}
}

// asked is an answer that was read.
type asked struct {
	status int
	header http.Header
	body   []byte
}

// ask calls a shop.
func ask(t *testing.T, base string, c brokenCall) asked {
	t.Helper()
	return askWith(t, base, c, nil)
}

// askWith calls a shop with more headers.
func askWith(t *testing.T, base string, c brokenCall, header http.Header) asked {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), c.method, base+c.path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(request.Header, header)
	request.Header.Set("Idempotency-Key", rand.Text())
	request.Header.Set("X-Order-Token", c.token)
	for i := 0; i+1 < len(c.headers); i += 2 {
		request.Header.Set(c.headers[i], c.headers[i+1])
	}
	if c.guarded {
		request.Header.Set("X-API-Key", adminKey)
	}
	if c.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", c.method, c.path, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", c.method, c.path, err)
	}
	return asked{response.StatusCode, response.Header, body}
}

// whole reads a good answer of JSON.
func whole(t *testing.T, base string, c brokenCall, status int, into any) {
	t.Helper()
	got := ask(t, base, c)
	if got.status != status {
		t.Fatalf("%s %s: %d %s", c.method, c.path, got.status, got.body)
	}
	if err := json.Unmarshal(got.body, into); err != nil {
		t.Fatalf("%s %s: %v in %s", c.method, c.path, err, got.body)
	}
}

// wantBroken makes a call and wants a problem that says what callers may know and nothing of what broke.
func wantBroken(t *testing.T, coverage *shopapitest.Coverage, base string, c brokenCall, status int, codes ...string) {
	t.Helper()
	got := ask(t, base, c)
	var problem struct {
		Code      string
		RequestID string `json:"request_id"`
	}
	if err := json.Unmarshal(got.body, &problem); err != nil {
		t.Errorf("%s %s: %v in %s", c.method, c.path, err, got.body)
	}
	if got.status != status || !slices.Contains(codes, problem.Code) || problem.RequestID == "" || problem.RequestID != got.header.Get("X-Request-Id") {
		t.Errorf("%s %s: %d %s, want %d %v", c.method, c.path, got.status, got.body, status, codes)
		return
	}
	for _, secret := range []string{"SQLSTATE", "commerce.", "relation", "dial", "127.0.0.1", "connect", "pgx", "EOF"} {
		if strings.Contains(string(got.body), secret) {
			t.Errorf("%s %s: the answer tells %q: %s", c.method, c.path, secret, got.body)
		}
	}
	if after, err := strconv.Atoi(got.header.Get("Retry-After")); status == http.StatusServiceUnavailable && (err != nil || after < 1) {
		t.Errorf("%s %s: Retry-After %q", c.method, c.path, got.header.Get("Retry-After"))
	}
	check(t, coverage, c.method, c.path, got)
}

// check holds an answer against the document and records it.
func check(t *testing.T, coverage *shopapitest.Coverage, method, path string, got asked) {
	t.Helper()
	for _, wrong := range coverage.Document().Check(method, path, got.status, got.header.Get("Content-Type"), got.body) {
		t.Errorf("%s %s: by the document: %s", method, path, wrong)
	}
	coverage.Record(method, path, got.status)
}

// cut ends all connections and lets no other come.
func (p *proxy) cut() {
	_ = p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		for _, end := range c.open {
			_ = end.Close()
		}
	}
}
