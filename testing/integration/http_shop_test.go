package integration_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/adapters/otter"
	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// httpShop is a shop in memory behind its real HTTP server, which is called without a socket.
type httpShop struct {
	*fiberhttp.Server
	fiberhttp.Services

	ids   *system.IDs
	store *memory.Store // Behind the services: what is changed here, another process changed.
}

// goods describe one product of an httpShop: each variant with its price ("" for none) and stock.
type goods struct {
	slug, brand, kind string
	status            catalog.Status
	options           []string
	variants          []goodsVariant
	media             []catalog.Media
}

type goodsVariant struct {
	sku, price, was string
	values          []string
	stock           int64
}

// shelf is what an httpShop sells, oldest first.
var shelf = []goods{
	{slug: "mug", brand: "Orwell", kind: "Kitchen", variants: []goodsVariant{{sku: "MUG", price: "12.50", stock: 10}}},
	{
		slug: "shirt", options: []string{"Size", "Colour"},
		variants: []goodsVariant{
			{sku: "SHIRT-S", price: "19.99", was: "25.00", values: []string{"S", "Blue"}, stock: 3},
			{sku: "SHIRT-M", price: "17.99", was: "24.00", values: []string{"M", "Blue"}},
			{sku: "SHIRT-X", values: []string{"X", "Blue"}, stock: 1},
		},
		media: []catalog.Media{
			{SourceURL: "https://cdn.example/shirt.png", Alt: "elsewhere"},
			{Key: "demo/shirt blue.svg", SourceURL: "https://cdn.example/2.png", Alt: "A blue shirt"},
		},
	},
	{slug: "pin", variants: []goodsVariant{{sku: "PIN", price: "0.001", stock: 1_000_000}}},
	{slug: "ghost", variants: []goodsVariant{{sku: "GHOST"}}},
	{slug: "crème_brûlée.1", variants: []goodsVariant{{sku: "CREME", price: "4.00", stock: 1}}},
	{slug: "hidden", status: catalog.Draft, variants: []goodsVariant{{sku: "HIDDEN", price: "1.00", stock: 1}}},
}

// catalogOn is the catalogue of a store in memory.
func catalogOn(s *memory.Store, clock ports.Clock, ids ports.IDs) *catalog.Service {
	return freshCatalogOn(s, bridge.NewFresh(nil), clock, ids)
}

// freshCatalogOn is the same, and tells what is kept ready of its changes.
func freshCatalogOn(s *memory.Store, fresh *bridge.Fresh, clock ports.Clock, ids ports.IDs) *catalog.Service {
	return catalog.NewService(catalog.Parts{
		Products: s.Products(), Upkeep: s.Upkeep(), Categories: s.Categories(), Brands: s.Brands(), Collections: s.Collections(), Directory: s.Directory(),
		Listings: s.Listings(), Committer: fresh.Catalog(s.Catalog()), Slugger: system.NewSlugger(), Clock: clock, IDs: ids,
	})
}

// newHTTPShop opens a shop that sells the shelf.
func newHTTPShop(t testing.TB) *httpShop {
	t.Helper()
	s := openHTTPShop(t)
	for _, g := range shelf {
		s.stock(t, g)
	}
	return s
}

// openHTTPShop opens an empty shop. What it keeps ready it keeps long, so that a change that it is not told of is seen to be
// missing.
func openHTTPShop(t testing.TB) *httpShop {
	t.Helper()
	return openHTTPShopAt(t, system.NewClock(), time.Hour)
}

// openHTTPShopAt opens an empty shop with a clock, whose answers of the catalogue are kept so long.
func openHTTPShopAt(t testing.TB, clock ports.Clock, age time.Duration) *httpShop {
	t.Helper()
	ids := system.NewIDs()
	store := memory.New(clock, nil)
	tokens, err := ordering.NewOrderTokens([]ordering.TokenKey{{ID: "k1", Secret: bytes.Repeat([]byte{7}, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	cache, err := otter.NewCache(8 << 20)
	if err != nil {
		t.Fatal(err)
	}
	fresh := bridge.NewFresh(cache)
	s := &httpShop{ids: ids, store: store, Services: fiberhttp.Services{
		Catalog:   freshCatalogOn(store, fresh, clock, ids),
		Pricing:   pricing.NewService(store.Prices(), fresh.Pricing(store.Pricing()), clock, ids),
		Inventory: inventory.NewService(fresh.Stock(store.Stock()), clock, ids),
		Scope:     fiberhttp.ScopeDefaults{Channel: ref.DefaultChannel, Currency: money.MustCurrency("GBP"), Locale: "en-GB", Country: "GB"},
		Now:       clock.Now, Desk: store.Commands(), IDs: ids,
	}}
	s.Ordering = ordering.NewService(ordering.Parts{
		Committer: fresh.Ordering(store.Ordering()), Carts: store.Carts(), Orders: store.Orders(), Customers: store.CustomerOrders(), Inbox: store.PaymentInbox(), Commands: store.Commands(),
		Catalog: bridge.NewProductCatalog(s.Catalog), Prices: bridge.NewPriceBook(s.Pricing), Stock: bridge.NewAvailability(s.Inventory),
		Providers: []ordering.PaymentProvider{payments.Manual{}, payments.NewTest()}, Tokens: tokens, Clock: clock, IDs: ids,
	}, nil)
	s.Access = access.NewService(access.Parts{
		Committer: store.Access(), Accounts: store.Accounts(), Sessions: store.Sessions(), Roles: store.Roles(), Keys: store.APIKeys(),
		Audit: store.AuditLog(), Hasher: system.NewPasswordHasher(nil), Limiter: store.RateLimiter(), Clock: clock, IDs: ids,
	}, nil)
	if err := s.Access.EnsureKey(t.Context(), access.System("test"), "start", access.NewSecret(adminKey)); err != nil {
		t.Fatal(err)
	}
	s.Launcher, s.IDs = bridge.NewLauncher(s.Catalog, s.Pricing, s.Inventory), ids
	registry := prometheus.NewRegistry()
	s.Server, err = fiberhttp.New(fiberhttp.Options{
		Logger: zap.NewNop(), Registry: registry, Version: "1.2.3", Now: clock.Now, Authenticate: s.Access.Authenticate,
		NewID:   func() string { return ref.UUID(ids.New()).String() },
		Keeping: fiberhttp.Keeping{Cache: cache, Age: age},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Mount(s.Services)
	return s
}

// stock puts a product on sale.
func (s *httpShop) stock(t testing.TB, g goods) catalog.Product {
	t.Helper()
	p := catalog.Product{Slug: g.slug, Title: "The " + g.slug, Brand: g.brand, Type: g.kind, Status: g.status, Options: g.options, Media: g.media}
	if p.Status == "" {
		p.Status = catalog.Active
	}
	for i := range p.Media {
		p.Media[i].ID = ref.NewID[ref.MediaKind](s.ids.New())
	}
	var prices []pricing.Price
	var levels []inventory.Adjustment
	for _, v := range g.variants {
		id := ref.NewID[ref.VariantKind](s.ids.New())
		p.Variants = append(p.Variants, catalog.Variant{ID: id, SKU: ref.SKU(v.sku), Options: v.values})
		if v.price != "" {
			prices = append(prices, priceOf(t, id, v))
		}
		if v.stock > 0 {
			levels = append(levels, inventory.Adjustment{
				Key: "open:" + v.sku, LevelKey: inventory.LevelKey{SKU: ref.SKU(v.sku)}, Kind: inventory.MoveReceive, Delta: v.stock, Reason: "opening",
			})
		}
	}
	saved, err := s.Catalog.Save(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	scope := ref.Scope{Channel: s.Scope.Channel, Currency: s.Scope.Currency}
	if _, err := s.Pricing.Set(t.Context(), scope, prices); err != nil {
		t.Fatal(err)
	}
	if err := s.Inventory.Adjust(t.Context(), levels); err != nil {
		t.Fatal(err)
	}
	return saved
}

func priceOf(t testing.TB, id ref.VariantID, v goodsVariant) pricing.Price {
	t.Helper()
	gbp := money.MustCurrency("GBP")
	amount, err := money.ParseUnitPrice(v.price, gbp)
	if err != nil {
		t.Fatal(err)
	}
	out := pricing.Price{Key: pricing.Key{Variant: id}, Amount: amount}
	if v.was != "" {
		was, err := money.ParseUnitPrice(v.was, gbp)
		if err != nil {
			t.Fatal(err)
		}
		out.CompareAt = &was
	}
	return out
}

// httpAnswer is a response that was read; problems too are in data.
type httpAnswer struct {
	status int
	header http.Header
	body   string
	data   map[string]any
}

// call sends a request. The body is JSON text; pairs are header names and values.
func (s *httpShop) call(t *testing.T, method, target, body string, pairs ...string) httpAnswer {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, target, bytes.NewBufferString(body))
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(pairs); i += 2 {
		request.Header.Set(pairs[i], pairs[i+1])
	}
	response, err := s.App().Test(request, int(time.Minute.Milliseconds()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	out := httpAnswer{status: response.StatusCode, header: response.Header, body: string(text)}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &out.data); err != nil {
			t.Fatalf("%s %s: %d %v: %s", method, target, out.status, err, text)
		}
	}
	return out
}

// want calls and requires the status.
func (s *httpShop) want(t *testing.T, status int, method, target, body string, pairs ...string) httpAnswer {
	t.Helper()
	a := s.call(t, method, target, body, pairs...)
	if a.status != status {
		t.Fatalf("%s %s: %d, want %d: %s", method, target, a.status, status, a.body)
	}
	return a
}

// at reads a value by a path of member names and indexes.
func (a httpAnswer) at(t *testing.T, path ...any) any {
	t.Helper()
	var value any = a.data
	for _, step := range path {
		switch step := step.(type) {
		case string:
			members, _ := value.(map[string]any)
			found, ok := members[step]
			if !ok {
				t.Fatalf("no %v in %s", path, a.body)
			}
			value = found
		case int:
			elements, _ := value.([]any)
			if step >= len(elements) {
				t.Fatalf("no %v in %s", path, a.body)
			}
			value = elements[step]
		}
	}
	return value
}

// text is at for a string.
func (a httpAnswer) text(t *testing.T, path ...any) string {
	t.Helper()
	value, ok := a.at(t, path...).(string)
	if !ok {
		t.Fatalf("%v is no string in %s", path, a.body)
	}
	return value
}

// pounds reads an amount of money and requires that it is in pounds.
func (a httpAnswer) pounds(t *testing.T, path ...any) string {
	t.Helper()
	if got := a.text(t, append(path, "currency")...); got != "GBP" {
		t.Errorf("%v is in %s", path, got)
	}
	return a.text(t, append(path, "amount")...)
}

// problem summarises a problem: its code, and each entry's field and code.
func (a httpAnswer) problem(t *testing.T) string {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("%d %s: %s", a.status, got, a.body)
	}
	out := []string{fmt.Sprintf("%d %s", a.status, a.text(t, "code"))}
	entries, _ := a.data["errors"].([]any)
	for _, entry := range entries {
		members, _ := entry.(map[string]any)
		out = append(out, fmt.Sprintf("%v=%v", members["field"], members["code"]))
	}
	return strings.Join(out, " ")
}

// cart makes a cart and gives its address and answer.
func (s *httpShop) cart(t *testing.T, lines string) (string, httpAnswer) {
	t.Helper()
	a := s.want(t, http.StatusCreated, http.MethodPost, "/api/v1/carts", `{"lines":[`+lines+`]}`)
	return a.header.Get("Location"), a
}

// checkoutBody is the body of a checkout; more are members that go on, such as `,"expected_total":{…}`.
func checkoutBody(provider, token, more string) string {
	payment := `{"provider":"` + provider + `"}`
	if token != "" {
		payment = `{"provider":"` + provider + `","token":"` + token + `"}`
	}
	return `{"email":"ann@example.com","shipping_address":{"name":"Ann Reed","line1":"1 Quay Street","city":"Ipswich",` +
		`"postal_code":"IP4 1BY","country":"GB"},"payment":` + payment + more + `}`
}
