package ordering_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// BenchmarkQuote computes what a cart of ten lines costs.
func BenchmarkQuote(b *testing.B) {
	c := filled(b, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	b.ReportAllocs()
	for b.Loop() {
		quoted(b, c)
	}
}

// BenchmarkPlace makes the commit of an order of two lines.
func BenchmarkPlace(b *testing.B) {
	p := placement(b, true)
	b.ReportAllocs()
	for b.Loop() {
		ordering.Place(p)
	}
}

// BenchmarkDecide judges a full group of orders, each of a cart of its own.
func BenchmarkDecide(b *testing.B) {
	const group = 64
	commits, ids := make([]ordering.Commit, group), &orderingtest.Sequence{}
	for i := range commits {
		p := placement(b, true)
		p.NextID = ids.New
		p.Quote.Cart.ID, p.Command.Key.Key = ref.NewCartID([20]byte{1, byte(i)}), string(rune('a'+i))
		_, _, commits[i] = ordering.Place(p)
	}
	b.ReportAllocs()
	for b.Loop() {
		f := ordering.Facts{Carts: map[ref.CartID]ordering.CartFact{}, Commands: map[ports.CommandKey]ports.CommandRecord{}}
		for _, c := range commits {
			f.Carts[c.Carts[0].State.ID] = ordering.CartFact{Version: c.Carts[0].Expected, Status: ordering.CartActive}
		}
		for _, v := range ordering.Decide(commits, f, ordering.Rules{Stock: plenty}) {
			if !v.Accepted() {
				b.Fatal(v.Err)
			}
		}
	}
}
