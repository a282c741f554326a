package integration_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
	"github.com/ipswich-retail/commerce/adapters/bun/sqlite"
	"github.com/ipswich-retail/commerce/apps/shop/cli"
	"github.com/ipswich-retail/commerce/testing/containers"
)

// copyReport is what these tests read of the report of a copy.
type copyReport struct {
	From, To string
	Tables   []carry.Copied
	Rows     int64
	Doctor   struct{ Count int64 }
	Export   struct {
		From, To struct{ Products, Bytes int64 }
	}
}

// adasAddress is that of a customer.
const adasAddress = "ada@example.org"

// past is what a shop's people remember of it: an order and how it was placed, and how they were let in.
type past struct {
	order     shownOrder
	cart, key string
	session   string // Of the owner.
	customer  string // Session of a customer.
	apiKey    string
	open      string // A cart that nobody ordered yet.
}

// TestCopyMovesAShop moves a shop in which every table has rows from a file to PostgreSQL and back to another file, by the
// command: each time all rows are the same, doctor finds nothing and the exports agree. Then both new shops know their
// past, and go on.
func TestCopyMovesAShop(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	folder := t.TempDir()
	file, back := filepath.Join(folder, "shop.db"), filepath.Join(folder, "back.db")
	dsn := containers.Postgres(t).Database(t) // Without a schema.
	then := lively(t, file)
	withEveryTable(t, file)
	there := movedShop(t, "sqlite:"+file, dsn)
	for _, table := range there.Tables {
		if table.Rows == 0 {
			t.Errorf("%s has no rows: nothing is tried with it", table.Name)
		}
	}
	again := movedShop(t, dsn, "sqlite:"+back)
	if !slices.Equal(there.Tables, again.Tables) || there.Export != again.Export || there.Export.From.Products == 0 {
		t.Errorf("there %+v\nand back %+v", there, again)
	}
	sellsOn(t, then, "--store", "postgres", "--database-url", dsn)
	sellsOn(t, then, "--store", "sqlite", "--sqlite-file", back)
}

// movedShop copies a shop by the command and gives the report.
func movedShop(t *testing.T, from, to string) (r copyReport) {
	t.Helper()
	code, out, failure := shopCommand(t, "", "copy --format json --from "+from+" --to "+to)
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != cli.ExitDone || failure != "" {
		t.Fatalf("exit %d, %v\n%s%s", code, err, out, failure)
	}
	if strings.Contains(out, "password") || r.Doctor.Count != 0 || r.Export.From != r.Export.To || r.Rows == 0 {
		t.Errorf("%s", out)
	}
	return r
}

// lively serves a shop in a file for a while.
func lively(t *testing.T, file string) (then past) {
	t.Helper()
	mail := t.TempDir()
	p := startShop(t, "--store", "sqlite", "--sqlite-file", file, "--admin-email", ownerEmail, "--admin-password", goodPassword, "--mail", mail)
	c := newClient(t, p.base)
	sku := listed(t, c)
	then.cart, then.key = c.mustCart(t, line{sku, 2}), "key-from-before"
	order, err := c.mustCheckout(t, then.cart, then.key, wish("tok_ok")).order()
	if err != nil {
		t.Fatal(err)
	}
	then.order = order
	then.open = c.mustCart(t, line{sku, 1})
	var session struct {
		AccessToken string `json:"access_token"`
	}
	c.into(t, http.StatusCreated, http.MethodPost, "/api/v1/sessions", map[string]string{"email": ownerEmail, "password": goodPassword}, &session)
	then.session = session.AccessToken
	var made struct{ Key string }
	c.into(t, http.StatusCreated, http.MethodPost, "/api/v1/admin/api-keys", map[string]any{"name": "till", "scopes": []string{"orders.read"}, "expires_at": time.Now().Add(time.Hour)}, &made,
		"Authorization", "Bearer "+then.session)
	then.apiKey = made.Key
	(&peopleShop{mails: mail, servers: []*client{c}}).customer(t, adasAddress)
	then.customer = c.signIn(t, adasAddress, goodPassword).Access
	c.demand(t, http.StatusCreated, http.MethodPost, "/api/v1/me/addresses", wish("")["shipping_address"], bearer(then.customer)...)
	c.demand(t, http.StatusNoContent, http.MethodPut, "/api/v1/me/consents/newsletter", body{"given": true}, bearer(then.customer)...)
	p.stop(t)
	return then
}

// listed is the SKU of a product that is in stock.
func listed(t *testing.T, c *client) string {
	t.Helper()
	var list struct{ Items []struct{ Slug string } }
	c.into(t, http.StatusOK, http.MethodGet, "/api/v1/products?in_stock=true&limit=1", nil, &list)
	if len(list.Items) == 0 {
		t.Fatal("the shop lists nothing")
	}
	var product struct {
		Variants []struct {
			SKU     string
			InStock bool `json:"in_stock"`
		}
	}
	c.into(t, http.StatusOK, http.MethodGet, "/api/v1/products/"+list.Items[0].Slug, nil, &product)
	for _, v := range product.Variants {
		if v.InStock {
			return v.SKU
		}
	}
	t.Fatalf("%s is in stock and none of its variants is", list.Items[0].Slug)
	return ""
}

// withEveryTable puts a row into every table that a shop of an hour has none in.
func withEveryTable(t *testing.T, file string) {
	t.Helper()
	target, err := sqlite.OpenTarget(t.Context(), sqlite.Config{File: file})
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	held, err := target.Held(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range carry.Tables {
		if slices.Contains(held, table.Name) {
			continue
		}
		row := rowsFor(t, file, table)[0]
		for i, c := range table.Columns {
			if c.Name == "owed" {
				row[i] = int64(0) // As no claim is owed to.
			}
		}
		if err := target.Put(t.Context(), table, []carry.Row{row}); err != nil {
			t.Fatalf("%s: %v", table.Name, err)
		}
	}
	if err := target.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// sellsOn serves a shop that was moved: what people remember of it holds, and it sells.
func sellsOn(t *testing.T, then past, store ...string) {
	t.Helper()
	mail := t.TempDir()
	p := startShop(t, append([]string{"--mail", mail}, store...)...)
	c := newClient(t, p.base)
	replay := c.mustCheckout(t, then.cart, then.key, wish("tok_ok"))
	if order, err := replay.order(); err != nil || !replay.replayed || replay.status != http.StatusCreated || order.ID != then.order.ID || order.Token != then.order.Token {
		t.Errorf("the key from before gives %d %+v, %v", replay.status, order, err)
	}
	var order shownOrder
	c.into(t, http.StatusOK, http.MethodGet, "/api/v1/orders/"+then.order.ID, nil, &order, "X-Order-Token", then.order.Token)
	if order.Number != then.order.Number || order.Totals != then.order.Totals || order.PaymentStatus != then.order.PaymentStatus {
		t.Errorf("the order is %+v, and was %+v", order, then.order)
	}
	c.into(t, http.StatusOK, http.MethodGet, "/api/v1/admin/orders/"+then.order.ID, nil, &order, "Authorization", "Bearer "+then.session)
	c.into(t, http.StatusOK, http.MethodGet, "/api/v1/admin/orders/"+then.order.ID, nil, &order, "X-API-Key", then.apiKey)
	book := c.demand(t, http.StatusOK, http.MethodGet, "/api/v1/me/addresses", nil, bearer(then.customer)...)
	if !strings.Contains(string(book.body), "1 Cornhill") {
		t.Errorf("the customer's addresses are %s", book.body)
	}
	// Events and jobs go on behind those from before.
	c.demand(t, http.StatusAccepted, http.MethodPost, "/api/v1/customers/password-reset", body{"email": adasAddress})
	(&peopleShop{mails: mail, servers: []*client{c}}).awaitMails(t, adasAddress, 1)
	sku := listed(t, c)
	var cart struct{ ID string }
	c.into(t, http.StatusOK, http.MethodPost, "/api/v1/carts/"+then.open+"/lines", map[string]any{"sku": sku, "quantity": 1}, &cart, "If-Match", `"1"`)
	next, err := c.mustCheckout(t, then.open, "key-of-now", wish("tok_ok")).order()
	if err != nil || next.Status != "placed" || next.Number == then.order.Number {
		t.Errorf("the next order: %+v, %v", next, err)
	}
	p.stop(t)
	code, out, failure := shopCommand(t, "", "doctor "+strings.Join(store, " "))
	if code != cli.ExitDone {
		t.Errorf("doctor: %d\n%s%s", code, out, failure)
	}
}
