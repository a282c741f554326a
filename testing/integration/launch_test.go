package integration_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// offStock is stock whose next commits fail.
type offStock struct {
	inventory.Stock

	fail *atomic.Pointer[error]
}

func (o offStock) Commit(ctx context.Context, c inventory.Commit) error {
	if err := o.fail.Load(); err != nil {
		return *err
	}
	return o.Stock.Commit(ctx, c)
}

// TestLaunchIsNeverHalfDone cuts a launch off between its parts: what stands is a draft that the error names, and the same
// launch again finishes the work, once.
func TestLaunchIsNeverHalfDone(t *testing.T) {
	t.Parallel()
	clock, ids := system.NewClock(), system.NewIDs()
	store := memory.New(clock, nil)
	fail := &atomic.Pointer[error]{}
	shelves, prices := catalogOn(store, clock, ids), pricing.NewService(store.Prices(), store.Pricing(), clock, ids)
	stock := inventory.NewService(offStock{store.Stock(), fail}, clock, ids)
	launcher := bridge.NewLauncher(shelves, prices, stock)
	scope := ref.Scope{Channel: ref.DefaultChannel, Currency: money.MustCurrency("GBP"), At: ref.Instant(clock.Now())}
	p := catalog.Product{ID: ref.NewID[ref.ProductKind](ids.New()), Title: "Mug", Status: catalog.Active, Variants: []catalog.Variant{
		{ID: ref.NewID[ref.VariantKind](ids.New()), SKU: "MUG"},
	}}
	costs := []pricing.Price{{Key: pricing.Key{Variant: p.Variants[0].ID}, Amount: money.NewUnitPrice(5_000_000, scope.Currency)}}
	counts := []inventory.Adjustment{{Key: "launch", LevelKey: inventory.LevelKey{SKU: "MUG"}, Kind: inventory.MoveCount, Quantity: 3}}
	for _, c := range []struct {
		err   error
		class fault.Class
	}{{fault.Down.New("away"), fault.Lost}, {fault.Lost.New("lost"), fault.Lost}, {inventory.CountChanged.New("somebody counted"), catalog.Incomplete}} {
		fail.Store(&c.err)
		_, err := launcher.Launch(t.Context(), scope, p, costs, counts)
		if !fault.Is(err, c.class) || fault.Of(err).Details()["product"] != p.ID.String() {
			t.Errorf("cut off by %v: %v", c.err, err)
		}
		if stands, err := shelves.Get(t.Context(), p.ID); err != nil || stands.Status != catalog.Draft {
			t.Errorf("cut off by %v: %s stands, %v", c.err, stands.Status, err)
		}
	}
	fail.Store(nil)
	for range 2 {
		if done, err := launcher.Launch(t.Context(), scope, p, costs, counts); err != nil || done.Status != catalog.Active {
			t.Fatalf("again: %s, %v", done.Status, err)
		}
	}
	if position, err := stock.Position(t.Context(), "MUG"); err != nil || position.Movements != 1 || position.OnHandSum != 3 {
		t.Errorf("the stock: %+v, %v", position, err)
	}
	now, err := prices.Current(t.Context(), scope, []ref.VariantID{p.Variants[0].ID})
	if err != nil || now[p.Variants[0].ID].Amount != costs[0].Amount || now[p.Variants[0].ID].Source.Version != 1 {
		t.Errorf("the price: %+v, %v", now, err)
	}
}

// TestAnEmptyShopIsFilledOverHTTP fills a shop by calls alone, and then browses it and buys from it.
func TestAnEmptyShopIsFilledOverHTTP(t *testing.T) {
	t.Parallel()
	s := openHTTPShop(t)
	if got := s.want(t, http.StatusOK, http.MethodGet, productsPath, "").slugsOf(t); got != "" {
		t.Fatalf("the shop is not empty: %s", got)
	}
	kitchen := s.wantAdmin(t, http.StatusCreated, http.MethodPost, "/categories", `{"name":"Kitchen"}`).text(t, "id")
	brand := s.wantAdmin(t, http.StatusCreated, http.MethodPost, "/brands", `{"name":"Ebb Lane"}`).text(t, "id")
	mug := s.wantAdmin(t, http.StatusCreated, http.MethodPost, "/products", `{"title":"Mug","brand_id":"`+brand+`","categories":["`+kitchen+`"],"featured":true,
		"tags":["blue"],"variants":[{"sku":"MUG","price":{"amount":"12.00","currency":"GBP"},"stock":5}]}`).text(t, "id")
	s.wantAdmin(t, http.StatusCreated, http.MethodPost, "/collections", `{"name":"Spring","products":["`+mug+`"]}`)
	for path, want := range map[string]string{
		productsPath + "?q=mug":                 "mug",
		productsPath + "?category=kitchen":      "mug",
		productsPath + "?brand=ebb-lane":        "mug",
		productsPath + "?in_stock=true":         "mug",
		"/api/v1/categories":                    "kitchen",
		"/api/v1/brands":                        "ebb-lane",
		"/api/v1/collections":                   "spring",
		"/api/v1/collections/spring":            "mug",
		productsPath + "?price_max=11.99":       "",
		productsPath + "?featured=true&limit=1": "mug",
	} {
		if got := s.want(t, http.StatusOK, http.MethodGet, path, "").slugsOf(t); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	cart, _ := s.cart(t, `{"sku":"MUG","quantity":5}`)
	s.want(t, http.StatusCreated, http.MethodPost, cart+"/checkout", checkoutBody("test", "tok_ok", ""), "Idempotency-Key", "k")
	if got := s.want(t, http.StatusOK, http.MethodGet, productsPath+"?in_stock=false", "").slugsOf(t); got != "mug" {
		t.Errorf("sold out: %q", got)
	}
	ledger := s.wantAdmin(t, http.StatusOK, http.MethodGet, "/stock/MUG", "")
	if ledger.at(t, "reserved") != 5.0 || ledger.at(t, "available") != 0.0 || ledger.text(t, "movements", 0, "kind") != "claim" {
		t.Errorf("the stock: %s", ledger.body)
	}
	for _, renamed := range []struct{ admin, body, from, to string }{
		{"/products/" + mug, `{"slug":"beaker"}`, productsPath + "/mug", productsPath + "/beaker"},
		{"/categories/" + kitchen, `{"slug":"home"}`, "/api/v1/categories/kitchen", "/api/v1/categories/home"},
		{"/brands/" + brand, `{"slug":"ebb"}`, "/api/v1/brands/ebb-lane", "/api/v1/brands/ebb"},
	} {
		s.wantAdmin(t, http.StatusOK, http.MethodPatch, renamed.admin, renamed.body)
		if got := s.call(t, http.MethodGet, renamed.from, ""); got.status != http.StatusMovedPermanently || got.header.Get("Location") != renamed.to {
			t.Errorf("%s: %d to %q", renamed.from, got.status, got.header.Get("Location"))
		}
	}
	entries, err := s.Access.Entries(t.Context(), access.System("test"), access.AuditQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, e := range entries {
		actions = append(actions, e.Action)
	}
	for _, action := range []string{"catalog.product_created", "catalog.category_changed", "catalog.brand_created"} {
		if !strings.Contains(strings.Join(actions, " "), action) {
			t.Errorf("%s is not in the audit log: %v", action, actions)
		}
	}
}
