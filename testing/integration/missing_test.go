package integration_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestMissingIsWordedAlike asks each store for what it does not have: whoever reads the answer cannot tell the stores
// apart by it.
func TestMissingIsWordedAlike(t *testing.T) {
	t.Parallel()
	others := map[string]store{"sqlite": sqliteStore()}
	if needsDatabase(t) {
		others["postgres"] = postgresStore(t)
	}
	inMemory := wordsOfMissing(t, memoryStore())
	for name, s := range others {
		for what, words := range wordsOfMissing(t, s) {
			if inMemory[what] != words {
				t.Errorf("%s: %q in memory, %q in %s", what, inMemory[what], words, name)
			}
		}
	}
}

// wordsOfMissing are what an empty store says of each thing that it is asked for.
func wordsOfMissing(t *testing.T, s store) map[string]string {
	t.Helper()
	c, o, p, ctx := s.catalog(t), s.ordering(t), s.ports(t), t.Context()
	_, product := c.Products.Get(ctx, numbered[ref.ProductKind](1))
	_, slug := c.Products.Find(ctx, "none")
	_, brand := c.Brands.Get(ctx, numbered[ref.BrandKind](1))
	_, collection := c.Collections.Get(ctx, numbered[ref.CollectionKind](1))
	_, cart := o.Carts.Cart(ctx, ref.NewCartID([ref.SecretSize]byte{7}))
	_, _, order := o.Orders.Order(ctx, numbered[ref.OrderKind](1))
	_, blob := p.Blobs.Get(ctx, "none")
	out := map[string]string{}
	for what, err := range map[string]error{
		"product": product, "slug": slug, "brand": brand, "collection": collection, "cart": cart, "order": order, "blob": blob,
	} {
		e := fault.Of(err)
		if e == nil {
			t.Fatalf("%s in %s: %v", what, s.name, err)
		}
		out[what] = e.Code() + ": " + e.Message()
	}
	return out
}
