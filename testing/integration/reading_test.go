package integration_test

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// stillShop is a whole shop on PostgreSQL, as the program composes it but for what runs by itself: no relay, no job. So
// nothing changes but by what is asked of it.
type stillShop struct {
	server *fiberhttp.Server
	actors map[string]http.Header // Who asks, with credentials.
}

func openStillShop(t *testing.T, dsn string) *stillShop {
	t.Helper()
	s := compose.Settings{
		Currency: "GBP", Locale: "en-GB", Country: "GB", LogLevel: "info", Place: compose.Place{Store: compose.StorePostgres, DatabaseURL: dsn}, Conns: 4, CommitGroup: 64, CommitLoops: 2,
	}
	settings := compose.PeopleSettings{AdminAPIKey: adminKey, AdminEmail: "owner@example.org", AdminPassword: goodPassword}
	seeds, err := compose.ReadSeeds(s, "")
	if err != nil {
		t.Fatal(err)
	}
	var parts people
	out := &stillShop{}
	app := fx.New(
		compose.Core(s, []string{compose.ProviderManual, compose.ProviderTest}, nil, ordering.DefaultLease, zap.NewNop()),
		compose.HTTP(s, "test", 0), compose.Seed(seeds), compose.People(s, settings), compose.Edge(s, compose.EdgeSettings{}),
		fx.Populate(&out.server, &parts),
	)
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.Stop(anew(t)) })
	out.actors = map[string]http.Header{
		"nobody": {}, "the key": {"X-Api-Key": {adminKey}}, "an owner": parts.signIn(t, settings.AdminEmail), "a customer": parts.customer(t),
	}
	return out
}

// people are the parts of a shop that know who asks.
type people struct {
	fx.In

	Access    *access.Service
	Accounts  access.Accounts
	Committer access.Committer
	People    *bridge.People
}

// customer signs up, proves the address as if the mail had come, and signs in.
func (p people) customer(t *testing.T) http.Header {
	t.Helper()
	const email = "ann@example.com"
	if err := p.Access.Register(t.Context(), access.Registration{Email: email, Password: access.NewSecret(goodPassword), Name: "Ann Reed"}); err != nil {
		t.Fatal(err)
	}
	address, err := ref.ParseEmail(email)
	if err != nil {
		t.Fatal(err)
	}
	found, err := p.Accounts.ByEmail(t.Context(), address)
	if err != nil || len(found) != 1 {
		t.Fatalf("%d accounts, %v", len(found), err)
	}
	token := access.NewSecret("vfy_" + strings.Repeat("0", 32))
	issued := access.Write[access.Account]{State: found[0].Issue(access.ForVerify, token.Digest(), time.Now()), Expected: found[0].Version}
	if err := p.Committer.Commit(t.Context(), access.Commit{Accounts: []access.Write[access.Account]{issued}}); err != nil {
		t.Fatal(err)
	}
	if err := p.People.Verify(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	return p.signIn(t, email)
}

// signIn gives the credential of a session.
func (p people) signIn(t *testing.T, email string) http.Header {
	t.Helper()
	in, err := p.Access.SignIn(t.Context(), access.SignInRequest{Email: email, Password: access.NewSecret(goodPassword)})
	if err != nil {
		t.Fatal(err)
	}
	return http.Header{"Authorization": {"Bearer " + in.Tokens.Access.Reveal()}}
}

// call sends a request without a socket.
func (s *stillShop) call(t *testing.T, method, path, body string, header http.Header) asked {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	maps.Copy(request.Header, header)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", rand.Text())
	}
	response, err := s.server.App().Test(request, int(time.Minute.Milliseconds()))
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return asked{response.StatusCode, response.Header, text}
}

// make changes something, and reads what it made.
func (s *stillShop) make(t *testing.T, actor, path, body string, into any) {
	t.Helper()
	a := s.call(t, http.MethodPost, path, body, s.actors[actor])
	if err := json.Unmarshal(a.body, into); err != nil || a.status >= http.StatusBadRequest {
		t.Fatalf("POST %s: %d %s", path, a.status, a.body)
	}
}

// digests digest each table and the sequences of a database.
func digests(t *testing.T, conn *pgx.Conn) map[string]string {
	t.Helper()
	rows, err := conn.Query(t.Context(), `SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
		WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 40 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	out := map[string]string{}
	for _, table := range tables {
		var digest string
		query := fmt.Sprintf(`SELECT count(*) || ' ' || coalesce(md5(string_agg(r::text, E'\n' ORDER BY r::text)), '') FROM %s r`, table)
		if err := conn.QueryRow(t.Context(), query).Scan(&digest); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		out[table] = digest
	}
	var sequences string
	const last = `SELECT coalesce(string_agg(schemaname || '.' || sequencename || ' ' || coalesce(last_value, 0), E'\n' ORDER BY 1), '') FROM pg_sequences`
	if err := conn.QueryRow(t.Context(), strings.Replace(last, "ORDER BY 1", "ORDER BY sequencename", 1)).Scan(&sequences); err != nil {
		t.Fatal(err)
	}
	out["sequences"] = sequences
	return out
}

// TestReadingChangesNothing runs every GET of the document, and those beside it, as nobody, with the API key that may
// everything, as an owner and as a customer who signed in: not one bit of the whole database is another afterwards.
func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	s, conn := openStillShop(t, dsn), connect(t, dsn)
	empty := digests(t, conn)
	paths := s.readable(t)
	before := digests(t, conn)
	if before["commerce.carts"] == empty["commerce.carts"] || before["commerce.outbox"] == empty["commerce.outbox"] {
		t.Fatal("an order changes nothing, so this would prove nothing")
	}
	good := map[string]bool{}
	for actor, header := range s.actors {
		for template, path := range paths.paths {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				a := s.call(t, method, path, "", header)
				good[template] = good[template] || a.status == http.StatusOK
				if a.status >= http.StatusInternalServerError {
					t.Errorf("%s %s: %d %s", method, path, a.status, a.body)
				}
			}
			after := digests(t, conn)
			for table, digest := range after {
				if before[table] != digest {
					t.Errorf("GET %s as %s changes %s: %s, then %s", path, actor, table, before[table], digest)
				}
			}
			before = after
		}
	}
	for template := range paths.paths {
		if !good[template] && !slices.Contains(paths.nothing, template) {
			t.Errorf("GET %s answers nobody with 200, so this proves little: teach the test an example", template)
		}
	}
}

// readable are the addresses to read, by their templates.
type readable struct {
	paths   map[string]string
	nothing []string // Of which a new shop has none.
}

// readable fills a shop and gives an address for each GET: with ids of things that there are, as lists show them.
func (s *stillShop) readable(t *testing.T) readable {
	t.Helper()
	text, err := s.server.Document()
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	var list struct{ Items []struct{ ID, Slug string } }
	if err := json.Unmarshal(s.call(t, http.MethodGet, "/api/v1/products?in_stock=true", "", nil).body, &list); err != nil || len(list.Items) == 0 {
		t.Fatalf("no products: %v", err)
	}
	var product struct{ Variants []struct{ SKU string } }
	if err := json.Unmarshal(s.call(t, http.MethodGet, "/api/v1/products/"+list.Items[0].Slug, "", nil).body, &product); err != nil {
		t.Fatal(err)
	}
	sku := product.Variants[0].SKU
	var cart, guest, order, entry struct{ ID string }
	line := `{"sku":"` + sku + `","quantity":1}`
	s.make(t, "a customer", "/api/v1/me/cart", "{}", &cart)
	s.make(t, "a customer", "/api/v1/carts/"+cart.ID+"/lines", line, &cart)
	s.make(t, "a customer", "/api/v1/carts/"+cart.ID+"/checkout", checkoutBody("manual", "", ""), &order)
	s.make(t, "a customer", "/api/v1/me/cart", `{}`, &cart)
	s.make(t, "a customer", "/api/v1/me/addresses", `{"name":"Ann Reed","line1":"1 Quay Street","city":"Ipswich","postal_code":"IP4 1BY","country":"GB"}`, &entry)
	s.make(t, "nobody", "/api/v1/carts", `{"lines":[`+line+`]}`, &guest)
	known := map[string]string{"cart": guest.ID, "order": order.ID, "product": list.Items[0].ID, "sku": sku, "key": "drawn/blue-mug.svg"}
	out := readable{paths: map[string]string{"/": "/", "/docs": "/docs", "/openapi.json": "/openapi.json", "/metrics": "/metrics"}}
	for template, operations := range document.Paths {
		if operations["get"] == nil {
			continue
		}
		parts := strings.Split(template, "/")
		for i, part := range parts {
			name, isParameter := strings.CutPrefix(part, "{")
			if !isParameter {
				continue
			}
			name = strings.TrimSuffix(name, "}")
			value := s.listed(t, strings.Join(parts[:i], "/"))
			if known[name] != "" {
				value = known[name]
			}
			if value == "" {
				value = "x"
				out.nothing = append(out.nothing, template)
			}
			parts[i] = value
		}
		out.paths[template] = strings.Join(parts, "/")
		if strings.HasPrefix(template, "/api/v1/admin/parked-events") {
			out.paths[template] += "?consumer=people"
		}
	}
	return out
}

// listed gives the id or slug of the first thing that a list shows, or "".
func (s *stillShop) listed(t *testing.T, path string) string {
	t.Helper()
	for _, actor := range []string{"the key", "a customer"} {
		var list struct {
			Items []struct{ ID, Slug string }
		}
		err := json.Unmarshal(s.call(t, http.MethodGet, path, "", s.actors[actor]).body, &list)
		if err == nil && len(list.Items) > 0 {
			first := list.Items[0]
			if strings.Contains(path, "/admin/") { // Staff go by ids, since slugs change.
				return first.ID
			}
			return cmp.Or(first.Slug, first.ID)
		}
	}
	return ""
}
