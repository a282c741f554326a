package integration_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// atOnce are how many show one token at once.
const atOnce = 50

// shownAtOnce shows a token by many at once, at all servers in turns, and gives how many were let; the others must be told
// that the token is none. Whom a busy machine turns away asks again, as it was told to.
func (c *peopleShop) shownAtOnce(t *testing.T, path string, in func(i int) body) int64 {
	t.Helper()
	var all sync.WaitGroup
	var won atomic.Int64
	for i := range atOnce {
		all.Go(func() {
			server := c.servers[i%len(c.servers)]
			a := server.ask(t, http.MethodPost, path, in(i))
			for a.status == http.StatusServiceUnavailable && strings.Contains(string(a.body), `"unavailable"`) {
				a = server.ask(t, http.MethodPost, path, in(i))
			}
			switch a.status {
			case http.StatusNoContent:
				won.Add(1)
				if len(a.body) > 0 || a.header.Get("Set-Cookie") != "" {
					t.Errorf("%s signs in: %s", path, a.body)
				}
			case http.StatusUnprocessableEntity:
				if !strings.Contains(string(a.body), `"token_invalid"`) {
					t.Errorf("%s: %s", path, a.body)
				}
			default:
				t.Errorf("%s: %d %s", path, a.status, a.body)
			}
		})
	}
	all.Wait()
	return won.Load()
}

// Scenario E8: a token that was mailed works once, however many show it at once at two servers; a newer one kills it;
// the database holds no token; using one signs nobody in; a reset ends all sessions, and the owner is told.
func TestMailedTokens(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	c := openPeopleShop(t, 2, "--rate-mail", "off")
	one, two := c.servers[0], c.servers[1]
	const ada = "ada@example.org"
	register := body{"email": ada, "password": goodPassword, "name": "Ada"}
	one.demand(t, http.StatusAccepted, http.MethodPost, "/api/v1/customers", register)
	older := c.mailed(t, ada, 1)
	two.demand(t, http.StatusAccepted, http.MethodPost, "/api/v1/customers", register)
	newer := c.mailed(t, ada, 2)
	conn := connect(t, c.dsn)
	wantNowhere(t, conn, older, newer)
	if a := one.ask(t, http.MethodPost, "/api/v1/customers/verify", body{"token": older}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a link that a newer one replaced: %d %s", a.status, a.body)
	}
	if n := c.shownAtOnce(t, "/api/v1/customers/verify", func(int) body { return body{"token": newer} }); n != 1 {
		t.Errorf("%d of %d uses of a token to verify won, want 1", n, atOnce)
	}
	if n := number(t, conn, "SELECT count(*) FROM commerce.sessions"); n != 0 {
		t.Errorf("proving an address began %d sessions", n)
	}

	in := two.signIn(t, ada, goodPassword)
	wantNowhere(t, conn, in.Access, in.Refresh, in.Device, goodPassword)
	ask := body{"email": ada}
	one.demand(t, http.StatusAccepted, http.MethodPost, "/api/v1/customers/password-reset", ask)
	older = c.mailed(t, ada, 3)
	two.demand(t, http.StatusAccepted, http.MethodPost, "/api/v1/customers/password-reset", ask)
	newer = c.mailed(t, ada, 4)
	wantNowhere(t, conn, older, newer)
	reset := func(token string, i int) body {
		return body{"token": token, "password": fmt.Sprintf("another good password %d", i)}
	}
	if a := one.ask(t, http.MethodPost, "/api/v1/customers/password", reset(older, 0)); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a link that a newer one replaced: %d %s", a.status, a.body)
	}
	c.stands(t, in)
	if n := c.shownAtOnce(t, "/api/v1/customers/password", func(i int) body { return reset(newer, i) }); n != 1 {
		t.Errorf("%d of %d uses of a token to reset won, want 1", n, atOnce)
	}
	c.over(t, "a reset", in)
	if n := number(t, conn, "SELECT count(*) FROM commerce.sessions"); n != 1 {
		t.Errorf("there are %d sessions, want the one of before", n)
	}
	if told := c.awaitMails(t, ada, 5)[4]; strings.Contains(told.Text, "#") || !strings.Contains(told.Subject, "password was changed") {
		t.Errorf("the owner was told by %+v", told)
	}
}

// Scenario E8: whatever a request says of hosts, the links in mails lead where the shop's settings say; and who moves an
// account to another address has the old one told.
func TestLinksLeadHome(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	c := openPeopleShop(t, 1, "--rate-mail", "off", "--site", "https://home.example")
	for i, host := range []string{"evil.example", "evil.example:80", "home.example.evil.example"} {
		to := fmt.Sprintf("ada-%d@example.org", i)
		for path, text := range map[string]string{
			"/api/v1/customers":                `{"email":"` + to + `","password":"` + goodPassword + `","name":"Ada"}`,
			"/api/v1/customers/password-reset": `{"email":"` + to + `"}`,
		} {
			sendTo(t, c.servers[0].base, host, path, text)
		}
	}
	all, err := readMails(c.mails)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		all = append(all, c.awaitMails(t, fmt.Sprintf("ada-%d@example.org", i), 1)...)
	}
	for _, m := range all {
		if strings.Contains(m.Text+m.Subject, "evil") || !strings.Contains(m.Text, "https://home.example/account/") {
			t.Errorf("a mail: %+v", m)
		}
	}
	const ada, next = "ada@example.org", "ada@elsewhere.example"
	c.customer(t, ada)
	s := c.servers[0]
	in := s.signIn(t, ada, goodPassword)
	s.demand(t, http.StatusAccepted, http.MethodPut, "/api/v1/me/email", body{"password": goodPassword, "email": next}, bearer(in.Access)...)
	if told := c.awaitMails(t, ada, 2)[1]; strings.Contains(told.Text, "#") || !strings.Contains(told.Subject, "about to change") {
		t.Errorf("the old address was told by %+v", told)
	}
	s.demand(t, http.StatusNoContent, http.MethodPost, "/api/v1/customers/verify", body{"token": c.mailed(t, next, 1)})
	s.signIn(t, next, goodPassword)
}

// sendTo sends a request with a Host of its own.
func sendTo(t *testing.T, base, host, path, text string) {
	t.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nX-Forwarded-Host: %s\r\nForwarded: host=%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
		path, host, host, host, len(text), text); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusAccepted {
		t.Errorf("%s: %d", path, response.StatusCode)
	}
}

// wantNowhere looks through every row of every table: none of the secrets stands there in the clear.
func wantNowhere(t *testing.T, conn *pgx.Conn, secrets ...string) {
	t.Helper()
	rows, err := conn.Query(t.Context(), "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 10 {
		t.Fatalf("the tables are %v, %v", tables, err)
	}
	for _, table := range tables {
		for _, secret := range secrets {
			var n int
			err := conn.QueryRow(t.Context(), "SELECT count(*) FROM "+table+" AS r WHERE position($1 in r::text) > 0 OR position($2 in r::text) > 0",
				secret, fmt.Sprintf("%x", secret)).Scan(&n) // As text, and as bytes.
			if err != nil || n > 0 {
				t.Errorf("%s holds a secret in %d rows, %v", table, n, err)
			}
		}
	}
}
