package integration_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// thing is a variant in a customisation.
type thing struct {
	variant ref.VariantID
	custom  string
}

// drawnCart makes a cart by additions, of few things, so that carts have some in common.
func drawnCart(r *rapid.T, ids *orderingtest.Sequence, name string) ordering.Cart {
	c := ordering.Cart{
		ID: ref.NewCartID(ids.Secret()), Version: 1, Status: ordering.CartActive, Channel: ref.DefaultChannel, Currency: money.GBP,
		CreatedAt: orderingtest.Moment(), UpdatedAt: orderingtest.Moment(),
	}
	for range rapid.IntRange(0, 8).Draw(r, name) {
		n := rapid.ByteRange(1, 4).Draw(r, "variant")
		a := ordering.Addition{Quantity: rapid.Int64Range(1, ordering.QuantityMax).Draw(r, "quantity")}
		if side := rapid.SampledFrom([]string{"", "left", "right"}).Draw(r, "side"); side != "" {
			a.Custom = ordering.Customisation{"side": side}
		}
		item := ordering.Item{Variant: ref.NewID[ref.VariantKind](ref.UUID{0: 1, 15: n}), SKU: ref.SKU(fmt.Sprintf("SKU-%d", n))}
		if next, err := c.Put(ref.NewID[ref.LineKind](ids.New()), item, a, orderingtest.Moment()); err == nil {
			c = next
		}
	}
	return c
}

// pieces counts the things of a cart, and demands that each stands on one line.
func pieces(r *rapid.T, c ordering.Cart) map[thing]int64 {
	out := map[thing]int64{}
	for _, l := range c.Lines {
		key := thing{l.Variant, l.Custom["side"]}
		if _, twice := out[key]; twice {
			r.Fatalf("two lines of one thing: %+v", c.Lines)
		}
		out[key] = l.Quantity
	}
	return out
}

// TestMergeProperties merges any two carts by every policy: nothing is invented, nothing is lost but what is told, no
// limit is broken, and each thing stands on one line.
func TestMergeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		ids := &orderingtest.Sequence{}
		guest, own := drawnCart(r, ids, "guest's lines"), drawnCart(r, ids, "customer's lines")
		policy := rapid.SampledFrom(ordering.MergePolicies()).Draw(r, "policy")
		want := map[thing]int64{}
		for _, c := range [][]ordering.CartLine{policy.Choose(guest.Lines, own.Lines)} {
			for _, l := range c {
				want[thing{l.Variant, l.Custom["side"]}] += l.Quantity
			}
		}
		m, err := ordering.MergeCarts(policy, guest, own, orderingtest.Moment())
		if err != nil {
			r.Fatal(err)
		}
		got := pieces(r, m.Into)
		bounded := map[thing]bool{}
		for _, l := range m.Bounded {
			bounded[thing{l.Variant, l.Custom["side"]}] = true
		}
		for key, q := range want {
			if got[key] != min(q, ordering.QuantityMax) || bounded[key] != (q > ordering.QuantityMax) {
				r.Fatalf("of %v there are %d, told %v, want %d", key, got[key], bounded[key], q)
			}
		}
		if len(got) != len(want) || len(m.Dropped) != 0 {
			r.Fatalf("%d things, %d dropped, want %d and none", len(got), len(m.Dropped), len(want))
		}
		if len(pieces(r, m.From)) != len(guest.Lines) || m.From.Status != ordering.CartMerged || m.From.Successor != own.ID {
			r.Fatalf("the guest's cart is %+v", m.From)
		}
	})
}
