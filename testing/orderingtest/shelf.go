package orderingtest

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Shelf is an ordering.ProductCatalog, an ordering.PriceBook and an ordering.Availability for tests: what was put on it
// is on sale, in every scope. Safe for concurrent use.
type Shelf struct {
	mu     sync.Mutex
	items  map[ref.VariantID]ordering.Item
	prices map[shelfPrice]ordering.PriceFact
	stock  map[ref.SKU]ordering.StockFact
	down   error
	calls  map[string]int
}

// shelfPrice names a price.
type shelfPrice struct {
	variant  ref.VariantID
	channel  ref.Channel
	currency money.Currency
}

var (
	_ ordering.ProductCatalog = (*Shelf)(nil)
	_ ordering.PriceBook      = (*Shelf)(nil)
	_ ordering.Availability   = (*Shelf)(nil)
)

// NewShelf is empty.
func NewShelf() *Shelf {
	return &Shelf{
		items: map[ref.VariantID]ordering.Item{}, prices: map[shelfPrice]ordering.PriceFact{},
		stock: map[ref.SKU]ordering.StockFact{}, calls: map[string]int{},
	}
}

// Put puts an item on sale, in place of one with its variant.
func (s *Shelf) Put(item ordering.Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[item.Variant] = item
}

// Withdraw takes a variant from sale.
func (s *Shelf) Withdraw(variant ref.VariantID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.items, variant)
}

// Price sets what a variant costs in a channel, in the price's currency.
func (s *Shelf) Price(channel ref.Channel, variant ref.VariantID, price money.UnitPrice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := shelfPrice{variant, channel, price.Currency()}
	version := s.prices[key].Origin.Version + 1
	s.prices[key] = ordering.PriceFact{Unit: price, Origin: ordering.PriceOrigin{Version: version}}
}

// Stocks sets what can be had of a SKU; there is none of one that was never set.
func (s *Shelf) Stocks(sku ref.SKU, f ordering.StockFact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stock[sku] = f
}

// Calls tells how often a method of the ports was called, such as "Stock".
func (s *Shelf) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

// Unprice takes away what a variant costs in every channel and currency.
func (s *Shelf) Unprice(variant ref.VariantID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.prices, func(k shelfPrice, _ ordering.PriceFact) bool { return k.variant == variant })
}

// Break makes every read fail with the error, until it is nil again.
func (s *Shelf) Break(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = err
}

// Items gives the items that are named and on sale, in the order of their variants.
func (s *Shelf) Items(_ context.Context, _ ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]ordering.Item, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls["Items"]++
	if s.down != nil {
		return nil, s.down
	}
	var out []ordering.Item
	for _, it := range s.items {
		if slices.Contains(ids, it.Variant) || slices.Contains(skus, it.SKU) {
			out = append(out, it)
		}
	}
	slices.SortFunc(out, func(a, b ordering.Item) int { return a.Variant.Compare(b.Variant) })
	return out, nil
}

// UnitPrices gives the prices that are set in the scope.
func (s *Shelf) UnitPrices(_ context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]ordering.PriceFact, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls["UnitPrices"]++
	if s.down != nil {
		return nil, s.down
	}
	out := map[ref.VariantID]ordering.PriceFact{}
	for _, v := range variants {
		if p, ok := s.prices[shelfPrice{v, scope.Channel, scope.Currency}]; ok {
			out[v] = p
		}
	}
	return out, nil
}

// Stock gives what was set of each SKU.
func (s *Shelf) Stock(_ context.Context, skus []ref.SKU) (map[ref.SKU]ordering.StockFact, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls["Stock"]++
	if s.down != nil {
		return nil, s.down
	}
	out := map[ref.SKU]ordering.StockFact{}
	for _, sku := range skus {
		out[sku] = s.stock[sku]
	}
	return out, nil
}
