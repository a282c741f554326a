package catalogtest

import (
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// listingsStockClauses prove [listings-stock].
func listingsStockClauses() []clausetest.Clause[ListingsHarness] {
	return listingCases("listings-stock",
		listingCase{"by a count", stockCounted},
		listingCase{"at any location", stockAnywhere},
		listingCase{"of any variant", stockOfVariants},
		listingCase{"of what can be bought alone", stockOfPriced},
		listingCase{"by an order", stockOrdered},
		listingCase{"beyond what is there", stockPromised},
		listingCase{"by many at once", stockRaced},
		listingCase{"whichever comes first", stockInAnyOrder},
	)
}

// stocked fails unless the product is in stock or is not.
func (w *listingWorld) stocked(what string, scope ref.Scope, want bool) {
	w.Helper()
	if l := w.one(scope); l.InStock != want {
		w.Errorf("%s: in stock is %v", what, l.InStock)
	}
}

func stockCounted(w *listingWorld) {
	w.sold(goods(1))
	w.stocked("never counted", web(), false)
	for _, step := range []struct {
		delta int64
		want  bool
	}{{0, false}, {1, true}, {5, true}, {-6, false}, {2, true}} {
		w.stock(skuOf(1, 0), inventory.DefaultLocation, step.delta)
		w.stocked("counted", web(), step.want)
	}
}

func stockAnywhere(w *listingWorld) {
	w.sold(goods(1))
	w.stock(skuOf(1, 0), "a", 2)
	w.stock(skuOf(1, 0), "b", 3)
	w.stock(skuOf(1, 0), "a", -2)
	w.stocked("at the other", web(), true)
	w.stock(skuOf(1, 0), "b", -3)
	w.stocked("at neither", web(), false)
}

func stockOfVariants(w *listingWorld) {
	w.put(ofForms(1, 3))
	w.costs(price(1, 0, web(), 1), price(1, 1, web(), 2), price(1, 2, web(), 3))
	w.stock(skuOf(1, 2), "a", 1)
	w.stock(skuOf(1, 1), "a", 1)
	w.stock(skuOf(1, 2), "a", -1)
	w.stocked("one of three", web(), true)
	w.stock(skuOf(1, 1), "a", -1)
	w.stocked("none of three", web(), false)
}

func stockOfPriced(w *listingWorld) {
	p := ofForms(1, 4)
	p.Variants[1].Retired, p.Variants[2].Channels = true, []ref.Channel{"shop"}
	w.put(p)
	w.costs(price(1, 0, web(), 1), price(1, 1, web(), 1), price(1, 2, web(), 1), during(price(1, 3, web(), 9), 2, 3))
	for i := 1; i <= 3; i++ {
		w.stock(skuOf(1, i), "a", 1)
	}
	for day, want := range map[int]bool{0: false, 2: true, 3: false} {
		w.stocked("one that is priced later", onDay(day), want)
	}
	w.stock(skuOf(1, 3), "a", -1)
	w.stocked("and is gone by then", onDay(2), false)
	p.Variants[1].Retired = false
	w.put(p)
	w.stocked("one that came back", web(), true)
}

func stockOrdered(w *listingWorld) {
	w.sold(goods(1))
	w.stock(skuOf(1, 0), "a", 3)
	first, last := w.claim(skuOf(1, 0), 2), w.claim(skuOf(1, 0), 1)
	w.effects(first)
	w.stocked("one is left", web(), true)
	w.effects(last)
	w.stocked("the last one is claimed", web(), false)
	last.Kind = ordering.StockRelease
	w.effects(last)
	w.stocked("it was given up", web(), true)
	w.effects(w.claim(skuOf(1, 0), 1))
	first.Kind = ordering.StockConsume
	w.effects(first)
	w.stocked("what was claimed has left", web(), false)
	first.Kind = ordering.StockRestock
	w.effects(first)
	w.stocked("and came back", web(), true)
}

// stockPromised sells beyond stock, up to a limit and up to a moment.
func stockPromised(w *listingWorld) {
	promise := func(version ref.Version, kind inventory.PolicyKind, limit int64, until time.Time) {
		w.Helper()
		p := inventory.Policy{SKU: skuOf(1, 0), Version: version, Kind: kind, Limit: limit, Until: until}
		c := inventory.Commit{At: opening, Policies: []inventory.Write[inventory.Policy]{{State: p, Expected: version - 1}}}
		if err := w.h.Stock.Commit(w.Context(), c); err != nil {
			w.Fatalf("setting a policy: %v", err)
		}
	}
	promise(1, inventory.Backorder, 2, time.Time{})
	w.sold(goods(1))
	w.stocked("promised before the product came", web(), true)
	w.stock(skuOf(1, 0), "a", 1)
	w.effects(w.claim(skuOf(1, 0), 2))
	w.stocked("one more can be promised", web(), true)
	last := w.claim(skuOf(1, 0), 1)
	w.effects(last)
	w.stocked("no more can be promised", web(), false)
	promise(2, inventory.Backorder, 3, time.Time{})
	w.stocked("one more is allowed", web(), true)
	promise(3, inventory.Preorder, 3, dayOf(2))
	w.stocked("before a preorder ends", onDay(1), true)
	w.stocked("when a preorder ends", onDay(2), false)
	promise(4, inventory.Deny, 0, time.Time{})
	w.stocked("nothing is promised", web(), false)
	w.stock(skuOf(1, 0), "a", 2)
	w.stocked("what came in is for who waits", web(), false)
	w.stock(skuOf(1, 0), "a", 1)
	w.stocked("and one more", web(), true)
}

// stockRaced takes the last of each variant at once, by orders and otherwise: whoever comes last has to see the others.
func stockRaced(w *listingWorld) {
	const forms = 8
	w.put(ofForms(1, forms))
	for i := range forms {
		w.costs(price(1, i, web(), 1))
	}
	for range 4 {
		var takes []func() error
		for i := range forms {
			w.stock(skuOf(1, i), "a", 1)
			order, loss := ordering.Commit{At: opening, Stock: []ordering.StockEffect{w.claim(skuOf(1, i), 1)}}, w.adjustment(skuOf(1, i), "a", -1)
			if i%2 == 0 {
				takes = append(takes, func() error { return w.h.Stock.Commit(w.Context(), loss) })
				continue
			}
			takes = append(takes, func() error {
				_, err := w.h.Ordering.Commit(w.Context(), order)
				return err
			})
		}
		w.stocked("at first", web(), true)
		var done sync.WaitGroup
		for _, take := range takes {
			done.Go(func() {
				if err := take(); err != nil {
					w.Errorf("taking the last one: %v", err)
				}
			})
		}
		done.Wait()
		w.stocked("all gone at once", web(), false)
	}
}

func stockInAnyOrder(w *listingWorld) {
	w.stock(skuOf(1, 0), "a", 1)
	w.put(goods(1))
	w.costs(price(1, 0, web(), 1))
	w.stocked("counted first", web(), true)
	p := goods(1)
	p.Variants[0].SKU = "another"
	w.put(p)
	w.stocked("with another SKU", web(), false)
	w.stock("another", "a", 1)
	w.stocked("counted under it", web(), true)
}
