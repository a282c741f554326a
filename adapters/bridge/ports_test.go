package bridge_test

import (
	"fmt"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

func TestProductCatalog(t *testing.T) {
	t.Parallel()
	orderingtest.TestProductCatalog(t, func(t *testing.T) orderingtest.CatalogHarness {
		t.Helper()
		s := openShop()
		save := func(t orderingtest.TB, p catalog.Product) {
			t.Helper()
			if _, err := s.catalog.Save(t.Context(), p); err != nil {
				t.Fatalf("saving a product: %v", err)
			}
		}
		rules := map[ref.SKU]ordering.OrderQuantity{}
		sell := func(status catalog.Status) func(orderingtest.TB, ordering.Item) ordering.Item {
			return func(t orderingtest.TB, item ordering.Item) ordering.Item {
				t.Helper()
				rules[item.SKU] = item.Quantity
				save(t, catalog.Product{
					ID: item.Product, Slug: slug(item), Title: item.Title, Status: status,
					Variants: []catalog.Variant{{ID: item.Variant, SKU: item.SKU}},
				})
				return item
			}
		}
		return orderingtest.CatalogHarness{
			Catalog: bridge.NewProductCatalog(s.catalog).Ruled(func(v catalog.Sellable) ordering.OrderQuantity { return rules[v.SKU] }), Sell: sell(catalog.Active), Hide: sell(catalog.Draft),
			Withdraw: func(t orderingtest.TB, item ordering.Item) {
				t.Helper()
				p, err := s.catalog.Find(t.Context(), slug(item))
				if err != nil {
					t.Fatalf("finding a product: %v", err)
				}
				p.Status = catalog.Archived
				save(t, p)
			},
		}
	})
}

// slug names an item's product in addresses, by the part of its id that is not its kind.
func slug(item ordering.Item) string { return item.Product.UUID().String() }

func TestPriceBook(t *testing.T) {
	t.Parallel()
	orderingtest.TestPriceBook(t, func(t *testing.T) orderingtest.PriceHarness {
		t.Helper()
		s := openShop()
		return orderingtest.PriceHarness{
			Prices: bridge.NewPriceBook(s.pricing),
			Set: func(t orderingtest.TB, channel ref.Channel, variant ref.VariantID, price money.UnitPrice) {
				t.Helper()
				in := ref.Scope{Channel: channel, Currency: price.Currency()}
				if _, err := s.pricing.Set(t.Context(), in, []pricing.Price{{Key: pricing.Key{Variant: variant}, Amount: price}}); err != nil {
					t.Fatalf("setting a price: %v", err)
				}
			},
		}
	})
}

func TestAvailability(t *testing.T) {
	t.Parallel()
	orderingtest.TestAvailability(t, func(t *testing.T) orderingtest.AvailabilityHarness {
		t.Helper()
		s := openShop()
		n := 0
		adjust := func(t orderingtest.TB, sku ref.SKU, delta int64) {
			t.Helper()
			n++
			err := s.inventory.Adjust(t.Context(), []inventory.Adjustment{{
				Key: fmt.Sprintf("adjust-%d", n), LevelKey: inventory.LevelKey{SKU: sku}, Kind: inventory.MoveAdjust, Delta: delta,
			}})
			if err != nil {
				t.Fatalf("adjusting stock: %v", err)
			}
		}
		return orderingtest.AvailabilityHarness{
			Stock: bridge.NewAvailability(s.inventory), Put: adjust,
			Take: func(t orderingtest.TB, sku ref.SKU, quantity int64) {
				t.Helper()
				adjust(t, sku, -quantity)
			},
			Promise: func(t orderingtest.TB, sku ref.SKU, quantity int64) {
				t.Helper()
				if _, err := s.inventory.SetPolicies(t.Context(), []inventory.Policy{{SKU: sku, Kind: inventory.Backorder, Limit: quantity}}); err != nil {
					t.Fatalf("setting a policy: %v", err)
				}
			},
		}
	})
}

func TestItemsNameTheirVariant(t *testing.T) {
	t.Parallel()
	s := openShop()
	s.bring(t, mug())
	items, err := bridge.NewProductCatalog(s.catalog).Items(t.Context(), scope(), nil, []ref.SKU{"MUG-LARGE"})
	if err != nil || len(items) != 1 || items[0].Title != "Mug" || items[0].VariantTitle != "Large" {
		t.Errorf("the items are %+v, %v", items, err)
	}
}
