package orderingtest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// CatalogHarness is a catalogue, fresh and empty, with what the suite needs to fill it.
type CatalogHarness struct {
	Catalog ordering.ProductCatalog
	// Sell makes a product with the item as its variant, on sale. The harness may choose the ids: it gives the item as
	// the catalogue should give it.
	Sell func(t TB, item ordering.Item) ordering.Item
	// Hide makes the same, not on sale, such as a draft.
	Hide func(t TB, item ordering.Item) ordering.Item
	// Withdraw takes an item from sale.
	Withdraw func(t TB, item ordering.Item)
}

// TestProductCatalog proves an ordering.ProductCatalog. Open makes a fresh one for each subtest.
func TestProductCatalog(t *testing.T, open func(t *testing.T) CatalogHarness) {
	t.Helper()
	run(t, CatalogClauses(), open)
}

// CatalogClauses are the clauses of ordering.ProductCatalog.
func CatalogClauses() []Clause[CatalogHarness] {
	const id = "catalog-on-sale"
	return []Clause[CatalogHarness]{
		{ID: id, Case: "by id and by sku", Run: itemsByName},
		{ID: id, Case: "not what is hidden or withdrawn", Run: itemsNotOnSale},
		{ID: id, Case: "nothing is asked for", Run: noItems},
		{ID: id, Case: "as many as a cart has lines", Run: manyItems},
		{ID: "catalog-item", Case: "with its rule of quantities", Run: ruledItems},
	}
}

// scope is the view that the suites read in.
func scope() ref.Scope {
	return ref.Scope{Channel: ref.DefaultChannel, Currency: money.GBP, Locale: "en-GB", Country: "GB", At: Moment()}
}

// item makes the n-th item that a catalogue is asked to sell.
func item(n int) ordering.Item {
	u := [16]byte{0: 1, 6: 0x70, 8: 0x80, 14: byte(n >> 8), 15: byte(n)}
	return ordering.Item{
		Variant: ref.NewID[ref.VariantKind](u), Product: ref.NewID[ref.ProductKind](u), SKU: ref.SKU(fmt.Sprintf("SKU-%d", n)),
		Title: fmt.Sprintf("Product %d, schön ✨", n),
	}
}

// items reads and sorts by SKU.
func items(t TB, h CatalogHarness, ids []ref.VariantID, skus []ref.SKU) []ordering.Item {
	t.Helper()
	got, err := h.Catalog.Items(t.Context(), scope(), ids, skus)
	if err != nil {
		t.Fatalf("reading items: %v", err)
	}
	slices.SortFunc(got, func(a, b ordering.Item) int { return a.Variant.Compare(b.Variant) })
	return got
}

// wantItems checks what a read gave, whatever its order.
func wantItems(t TB, got []ordering.Item, wanted ...ordering.Item) {
	t.Helper()
	slices.SortFunc(wanted, func(a, b ordering.Item) int { return a.Variant.Compare(b.Variant) })
	if !slices.Equal(got, wanted) {
		t.Errorf("the items are\n%+v, want\n%+v", got, wanted)
	}
}

func itemsByName(t TB, open func(TB) CatalogHarness) {
	h := open(t)
	a, b, c := h.Sell(t, item(1)), h.Sell(t, item(2)), h.Sell(t, item(3))
	wantItems(t, items(t, h, []ref.VariantID{a.Variant}, nil), a)
	wantItems(t, items(t, h, nil, []ref.SKU{b.SKU}), b)
	wantItems(t, items(t, h, []ref.VariantID{a.Variant, c.Variant}, []ref.SKU{b.SKU}), a, b, c)
	wantItems(t, items(t, h, []ref.VariantID{a.Variant, item(900).Variant}, []ref.SKU{"no such", "sku-1"}), a)
}

func itemsNotOnSale(t TB, open func(TB) CatalogHarness) {
	h := open(t)
	sold, hidden, gone := h.Sell(t, item(1)), h.Hide(t, item(2)), h.Sell(t, item(3))
	h.Withdraw(t, gone)
	wantItems(t, items(t, h, []ref.VariantID{sold.Variant, hidden.Variant, gone.Variant}, nil), sold)
	wantItems(t, items(t, h, nil, []ref.SKU{sold.SKU, hidden.SKU, gone.SKU}), sold)
}

func ruledItems(t TB, open func(TB) CatalogHarness) {
	h := open(t)
	free := h.Sell(t, item(1))
	asked := item(2)
	asked.Quantity = ordering.OrderQuantity{Min: 6, Max: 600, Step: 6}
	ruled := h.Sell(t, asked)
	if ruled.Quantity != asked.Quantity {
		t.Errorf("asked to sell %+v, the harness sells %+v", asked, ruled)
	}
	wanted := map[ref.VariantID]ordering.OrderQuantity{free.Variant: {}, ruled.Variant: asked.Quantity}
	got := append(items(t, h, []ref.VariantID{free.Variant, ruled.Variant}, nil), items(t, h, nil, []ref.SKU{ruled.SKU})...)
	for _, it := range got { // Which ones come is of the other clause.
		if it.Quantity != wanted[it.Variant] {
			t.Errorf("the rule of %s is %+v, want %+v", it.SKU, it.Quantity, wanted[it.Variant])
		}
	}
}

func noItems(t TB, open func(TB) CatalogHarness) {
	h := open(t)
	h.Sell(t, item(1))
	wantItems(t, items(t, h, nil, nil))
}

func manyItems(t TB, open func(TB) CatalogHarness) {
	h := open(t)
	var wanted []ordering.Item
	var ids []ref.VariantID
	var skus []ref.SKU
	for n := range ordering.LinesMax {
		it := h.Sell(t, item(n))
		wanted = append(wanted, it)
		if n%2 == 0 {
			ids = append(ids, it.Variant)
		} else {
			skus = append(skus, it.SKU)
		}
	}
	wantItems(t, items(t, h, ids, skus), wanted...)
}
