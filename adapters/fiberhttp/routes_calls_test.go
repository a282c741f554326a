package fiberhttp_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// counting is a store of many equal products that counts how often it is asked, and in which scope.
type counting struct {
	catalog.Products
	pricing.Prices
	inventory.Stock

	lists, prices, stocks int
	scopes                []ref.Scope
	failing               string // Which of the three fails.
}

func (c *counting) fail(part string) error {
	if c.failing == part {
		return fault.Down.New("the store is not reachable")
	}
	return nil
}

func (c *counting) List(_ context.Context, scope ref.Scope, q catalog.ListQuery) (catalog.Page, error) {
	c.lists++
	c.scopes = append(c.scopes, scope)
	var out catalog.Page
	for i := range q.Limit {
		p := catalog.Product{ID: ref.NewID[ref.ProductKind](ref.UUID{byte(i)}), Slug: "p-" + strconv.Itoa(i), CreatedAt: moment}
		for j := range 3 {
			p.Variants = append(p.Variants, catalog.Variant{ID: ref.NewID[ref.VariantKind](ref.UUID{byte(i), byte(j)}), SKU: ref.SKU(strconv.Itoa(i*3 + j))})
		}
		out.Items = append(out.Items, p)
	}
	return out, c.fail("list")
}

func (c *counting) Plans(_ context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]pricing.Plan, error) {
	c.prices++
	c.scopes = append(c.scopes, scope)
	out := make(map[ref.VariantID]pricing.Plan, len(variants))
	for i, v := range variants {
		out[v] = pricing.Plan{Version: 1, Prices: []pricing.Price{{Amount: money.NewUnitPrice(int64(9-i%3)*1_000_000, scope.Currency)}}}
	}
	return out, c.fail("prices")
}

func (c *counting) Available(context.Context, []ref.SKU) (map[ref.SKU]int64, error) {
	c.stocks++
	return map[ref.SKU]int64{"2": 1}, c.fail("stock")
}

// newCountingShop mounts the routes over the store.
func newCountingShop(t *testing.T, c *counting) *shop {
	t.Helper()
	s := newShop(t)
	server, err := fiberhttp.New(fiberhttp.Options{Logger: zap.NewNop(), Registry: prometheus.NewRegistry(), NewID: func() string { return "id" }, Now: func() time.Time { return moment }})
	if err != nil {
		t.Fatal(err)
	}
	server.Mount(fiberhttp.Services{
		Catalog: catalog.NewService(catalog.Parts{Products: c}), Pricing: pricing.NewService(c, nil, nil, nil), Inventory: inventory.NewService(c, nil, nil),
		Scope: fiberhttp.ScopeDefaults{Channel: "web", Currency: money.MustCurrency("GBP"), Locale: "en-GB", Country: "GB"},
		Now:   func() time.Time { return moment.Add(time.Nanosecond) },
	})
	s.Server = server
	return s
}

func TestListAsksOnceForEachFact(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{1, 100} {
		c := &counting{}
		a := newCountingShop(t, c).call(t, http.MethodGet, "/api/v1/products?limit="+strconv.Itoa(limit), "")
		var got struct {
			Items []struct {
				Price   struct{ Amount string }
				InStock bool `json:"in_stock"`
			}
		}
		if err := json.Unmarshal(a.body, &got); err != nil || a.status != http.StatusOK || len(got.Items) != limit {
			t.Fatalf("%d %v %s", a.status, err, a.body)
		}
		if got.Items[0].Price.Amount != "7.00" || !got.Items[0].InStock {
			t.Errorf("the first: %+v", got.Items[0])
		}
		if c.lists != 1 || c.prices != 1 || c.stocks != 1 {
			t.Errorf("%d products: %d lists, %d reads of prices, %d of stock", limit, c.lists, c.prices, c.stocks)
		}
	}
}

func TestScopeOfARequest(t *testing.T) {
	t.Parallel()
	c := &counting{}
	s := newCountingShop(t, c)
	s.call(t, http.MethodGet, "/api/v1/products?limit=1", "")
	s.call(t, http.MethodGet, "/api/v1/products?limit=1", "", "Accept-Language", "en;q=0.5, fr-ch", "X-Country", "CH", "X-Currency", "GBP", "X-Channel", "web")
	want := ref.Scope{Channel: "web", Currency: money.MustCurrency("GBP"), Locale: "en-GB", Country: "GB", At: moment}
	for i, scope := range c.scopes {
		if i == 2 {
			want.Locale, want.Country = "fr-CH", "CH"
		}
		if scope.Channel != want.Channel || scope.Currency != want.Currency || scope.Locale != want.Locale || scope.Country != want.Country || !scope.At.Equal(want.At) {
			t.Errorf("read %d in %+v, want %+v", i, scope, want)
		}
	}
	if len(c.scopes) != 4 {
		t.Errorf("%d reads", len(c.scopes))
	}
}

func TestListWithoutItsStore(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"list", "prices", "stock"} {
		a := newCountingShop(t, &counting{failing: part}).call(t, http.MethodGet, "/api/v1/products", "")
		if a.status != http.StatusServiceUnavailable || a.problem(t)["code"] != "unavailable" || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %s", part, a.status, a.body)
		}
	}
}
