package shoptest

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The defaults of builders.
const (
	DefaultPrice = "10.00"
	DefaultStock = 10
)

// Product says what product to make; the zero value is one that is on sale, for DefaultPrice, with DefaultStock.
type Product struct {
	Title    string // "Product 1" and so on.
	Slug     string // Made of the title.
	Status   catalog.Status
	Brand    string
	Type     string
	Featured bool
	Price    string // Of each variant that has none of its own; None for no price.
	Stock    int64  // Of each variant that has none of its own; below 0 for none at all.
	Options  []string
	Variants []Variant // One, when there are none.
}

// Variant says what variant to make.
type Variant struct {
	SKU     ref.SKU // "SKU-1" and so on.
	Options []string
	Price   string
	Stock   int64
}

// None is the price of what has none.
const None = "none"

// Product makes a product with its prices and its stock.
func (s *Shop) Product(t TB, p Product) catalog.Product {
	t.Helper()
	s.made++
	n := s.made
	made := catalog.Product{
		Title: or(p.Title, fmt.Sprintf("Product %d", n)), Slug: or(p.Slug, fmt.Sprintf("product-%d", n)), Status: or(p.Status, catalog.Active),
		Brand: p.Brand, Type: p.Type, Featured: p.Featured, Options: p.Options,
	}
	variants := p.Variants
	if len(variants) == 0 {
		variants = []Variant{{}}
	}
	for _, v := range variants {
		s.made++
		made.Variants = append(made.Variants, catalog.Variant{
			ID: ref.NewID[ref.VariantKind](s.IDs.New()), SKU: or(v.SKU, ref.SKU(fmt.Sprintf("SKU-%d", s.made))), Options: v.Options,
		})
	}
	made, err := s.Catalog.Save(t.Context(), made)
	if err != nil {
		t.Fatalf("making product %s: %v", p.Title, err)
	}
	for i, v := range made.Variants {
		if price := or(variants[i].Price, p.Price, DefaultPrice); price != None {
			s.Price(t, v.ID, price)
		}
		if stock := or(variants[i].Stock, p.Stock, DefaultStock); stock > 0 {
			s.Receive(t, v.SKU, stock)
		}
	}
	return made
}

// Price makes the price of a variant what is given, such as "9.99".
func (s *Shop) Price(t TB, v ref.VariantID, amount string) {
	t.Helper()
	price, err := money.ParseUnitPrice(amount, s.opts.Currency)
	if err != nil {
		t.Fatalf("a price: %v", err)
	}
	if _, err := s.Pricing.Set(t.Context(), s.Scope(), []pricing.Price{{Key: pricing.Key{Variant: v}, Amount: price}}); err != nil {
		t.Fatalf("setting a price: %v", err)
	}
}

// Receive adds to the stock of a SKU at the default location.
func (s *Shop) Receive(t TB, sku ref.SKU, quantity int64) {
	t.Helper()
	s.made++
	err := s.Inventory.Adjust(t.Context(), []inventory.Adjustment{{
		Key: fmt.Sprintf("shoptest %d", s.made), LevelKey: inventory.LevelKey{SKU: sku, Location: inventory.DefaultLocation},
		Kind: inventory.MoveReceive, Delta: quantity,
	}})
	if err != nil {
		t.Fatalf("receiving %d of %s: %v", quantity, sku, err)
	}
}

// or gives the first value that is not zero.
func or[T comparable](values ...T) T {
	var zero T
	for _, v := range values {
		if v != zero {
			return v
		}
	}
	return zero
}
