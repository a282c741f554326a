package fiberhttpfx_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp/fiberhttpfx"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// empty is a catalogue and an order book without anything.
type empty struct {
	catalog.Products
}

// noOrders cannot say how many orders there are.
type noOrders struct{ ordering.Orders }

func (empty) Count(context.Context) (all, active int64, err error) { return 5, 4, nil }

func (noOrders) Figures(context.Context) (ordering.Figures, error) {
	return ordering.Figures{}, fault.Down.New("no database")
}

// noLists has nothing on sale.
type noLists struct{ catalog.Listings }

func (noLists) List(context.Context, ref.Scope, catalog.ListingQuery) (catalog.ListingPage, error) {
	return catalog.ListingPage{}, nil
}

func TestShopMountsRoutesAndMetrics(t *testing.T) {
	t.Parallel()
	var server *fiberhttp.Server
	app := fx.New(options("127.0.0.1:0",
		fx.Supply(fiberhttp.Services{
			Catalog:  catalog.NewService(catalog.Parts{Products: empty{}, Listings: noLists{}}),
			Ordering: ordering.NewService(ordering.Parts{Orders: noOrders{}}, nil),
			Scope:    fiberhttp.ScopeDefaults{Channel: "web", Currency: money.MustCurrency("GBP"), Locale: "en-GB", Country: "GB"},
			Now:      func() time.Time { return time.Unix(0, 0) },
		}),
		fx.Supply(fiberhttpfx.OutboxAge(func(context.Context) (time.Duration, error) { return time.Second, nil })),
		fiberhttpfx.Shop(),
		fx.Populate(&server),
	))
	if err := app.Err(); err != nil {
		t.Fatal(err)
	}
	fetch := func(path string) string {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
		response, err := server.App().Test(request, 20_000)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v %s", path, response.StatusCode, err, body)
		}
		return string(body)
	}
	if got := fetch("/api/v1/products"); got != `{"items":[],"next_cursor":null}` {
		t.Errorf("an empty list: %s", got)
	}
	metrics := fetch("/metrics")
	for _, want := range []string{"shop_products_total 5\n", "shop_products_active 4\n", "shop_outbox_oldest_seconds 1\n"} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no %s in %s", want, metrics)
		}
	}
	if strings.Contains(metrics, "shop_orders_total") {
		t.Error("orders are counted although nobody knows")
	}
}
