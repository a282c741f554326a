package integration_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestMissingInAFileIsWordedAlike asks a shop in a file, and one in memory, for what they do not have: whoever reads the
// answer cannot tell the stores apart by it.
func TestMissingInAFileIsWordedAlike(t *testing.T) {
	t.Parallel()
	inMemory, inFile := memoryStore(), sqliteStore()
	said := func(s store) map[string]string {
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
			if e := fault.Of(err); e != nil {
				out[what] = e.Code() + ": " + e.Message()
			}
		}
		return out
	}
	memory, file := said(inMemory), said(inFile)
	if len(memory) != 7 {
		t.Errorf("memory says %q", memory)
	}
	for what, words := range memory {
		if file[what] != words {
			t.Errorf("%s: %q in memory, %q in a file", what, words, file[what])
		}
	}
}
