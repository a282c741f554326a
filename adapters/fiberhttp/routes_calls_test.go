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

	lists, products, prices, stocks int
	scopes                          []ref.Scope
	failing                         string // Which of the four fails.
}

// countingLists are its lists.
type countingLists struct {
	catalog.Listings

	c *counting
}

func (c *counting) fail(part string) error {
	if c.failing == part {
		return fault.Down.New("the store is not reachable")
	}
	return nil
}

func (l countingLists) List(_ context.Context, scope ref.Scope, q catalog.ListingQuery) (catalog.ListingPage, error) {
	l.c.lists++
	l.c.scopes = append(l.c.scopes, scope)
	out := catalog.ListingPage{Approximate: q.Text == "thing" && q.Ranks()}
	for i := range q.Limit {
		former := money.NewUnitPrice(9_000_000, scope.Currency)
		out.Items = append(out.Items, catalog.Listed{
			ID: ref.NewID[ref.ProductKind](ref.UUID{byte(i)}), Slug: "p-" + strconv.Itoa(i), Title: "Thing", Brand: "Marsh", Featured: true, InStock: true,
			VariantPrice: catalog.VariantPrice{Price: money.NewUnitPrice(7_000_000, scope.Currency), CompareAt: &former},
		})
	}
	return out, l.c.fail("list")
}

func (l countingLists) Facets(_ context.Context, _ ref.Scope, q catalog.ListingQuery) (catalog.Facets, error) {
	return catalog.Facets{Approximate: q.Text == "thing", Items: []catalog.Facet{{Name: catalog.FacetBrand, Values: []catalog.FacetValue{{Value: "marsh", Count: 5_000}}}}}, nil
}

func (c *counting) BySlug(_ context.Context, scope ref.Scope, slug string) (catalog.Product, error) {
	c.products++
	c.scopes = append(c.scopes, scope)
	p := catalog.Product{ID: ref.NewID[ref.ProductKind](ref.UUID{1}), Slug: slug, CreatedAt: moment}
	for j := range 3 {
		p.Variants = append(p.Variants, catalog.Variant{ID: ref.NewID[ref.VariantKind](ref.UUID{1, byte(j)}), SKU: ref.SKU(strconv.Itoa(j))})
	}
	return p, c.fail("product")
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

func (c *counting) Availability(context.Context, []ref.SKU) (map[ref.SKU]inventory.Availability, error) {
	c.stocks++
	return map[ref.SKU]inventory.Availability{"2": {Counted: true, OnHand: 1}}, c.fail("stock")
}

// Now is the clock of inventory.
func (c *counting) Now() time.Time { return moment }

// newCountingShop mounts the routes over the store.
func newCountingShop(t *testing.T, c *counting) *shop {
	t.Helper()
	s := newShop(t)
	server, err := fiberhttp.New(fiberhttp.Options{Logger: zap.NewNop(), Registry: prometheus.NewRegistry(), NewID: func() string { return "id" }, Now: func() time.Time { return moment }})
	if err != nil {
		t.Fatal(err)
	}
	server.Mount(fiberhttp.Services{
		Catalog: catalog.NewService(catalog.Parts{Products: c, Listings: countingLists{c: c}}), Pricing: pricing.NewService(c, nil, nil, nil), Inventory: inventory.NewService(c, c, nil),
		Scope: fiberhttp.ScopeDefaults{Channel: "web", Currency: money.MustCurrency("GBP"), Locale: "en-GB", Country: "GB"},
		Now:   func() time.Time { return moment.Add(time.Nanosecond) },
	})
	s.Server = server
	return s
}

func TestListAsksOnce(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{1, 100} {
		c := &counting{}
		a := newCountingShop(t, c).call(t, http.MethodGet, "/api/v1/products?limit="+strconv.Itoa(limit), "")
		var got struct {
			Items []struct {
				Slug, Title, Brand, Image string
				Price                     struct{ Amount string }
				CompareAt                 struct{ Amount string } `json:"compare_at"`
				InStock                   bool                    `json:"in_stock"`
				Featured                  bool
			}
		}
		if err := json.Unmarshal(a.body, &got); err != nil || a.status != http.StatusOK || len(got.Items) != limit {
			t.Fatalf("%d %v %s", a.status, err, a.body)
		}
		if p := got.Items[0]; p.Price.Amount != "7.00" || p.CompareAt.Amount != "9.00" || !p.InStock || !p.Featured || p.Slug != "p-0" || p.Title != "Thing" ||
			p.Brand != "Marsh" || p.Image != "/media/drawn/p-0.svg" {
			t.Errorf("the first: %+v", p)
		}
		if c.lists != 1 || c.products+c.prices+c.stocks != 0 {
			t.Errorf("%d products: %d lists, %d other reads", limit, c.lists, c.products+c.prices+c.stocks)
		}
	}
}

// A list says that it is approximate when it is, by its ranks or by its counts, and nothing of it otherwise.
func TestListSaysThatItIsApproximate(t *testing.T) {
	t.Parallel()
	s := newCountingShop(t, &counting{})
	for query, want := range map[string]bool{
		"q=thing": false, "q=thing&sort=relevance": true, "q=thing&facets=true": true, "q=thing&sort=relevance&facets=true": true, "q=other&sort=relevance&facets=true": false,
	} {
		a := s.call(t, http.MethodGet, "/api/v1/products?"+query, "")
		var got map[string]any
		if err := json.Unmarshal(a.body, &got); err != nil || a.status != http.StatusOK {
			t.Fatalf("%s: %d %v %s", query, a.status, err, a.body)
		}
		if said, there := got["approximate"]; there != want || want && said != true {
			t.Errorf("%s: approximate is %v", query, said)
		}
	}
}

func TestProductAsksOnceForEachFact(t *testing.T) {
	t.Parallel()
	c := &counting{}
	a := newCountingShop(t, c).call(t, http.MethodGet, "/api/v1/products/mug", "")
	var got struct {
		Price   struct{ Amount string }
		InStock bool `json:"in_stock"`
	}
	if err := json.Unmarshal(a.body, &got); err != nil || a.status != http.StatusOK || got.Price.Amount != "7.00" || !got.InStock {
		t.Errorf("%d %v %s", a.status, err, a.body)
	}
	if c.products != 1 || c.prices != 1 || c.stocks != 1 || c.lists != 0 {
		t.Errorf("%d reads of products, %d of prices, %d of stock, %d lists", c.products, c.prices, c.stocks, c.lists)
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
		if i == 1 {
			want.Locale, want.Country = "fr-CH", "CH"
		}
		if scope.Channel != want.Channel || scope.Currency != want.Currency || scope.Locale != want.Locale || scope.Country != want.Country || !scope.At.Equal(want.At) {
			t.Errorf("read %d in %+v, want %+v", i, scope, want)
		}
	}
	if len(c.scopes) != 2 {
		t.Errorf("%d reads", len(c.scopes))
	}
}

func TestCatalogueWithoutItsStore(t *testing.T) {
	t.Parallel()
	for part, path := range map[string]string{"list": "", "product": "/mug", "prices": "/mug", "stock": "/mug"} {
		a := newCountingShop(t, &counting{failing: part}).call(t, http.MethodGet, "/api/v1/products"+path, "")
		if a.status != http.StatusServiceUnavailable || a.problem(t)["code"] != "unavailable" || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %s", part, a.status, a.body)
		}
	}
}
