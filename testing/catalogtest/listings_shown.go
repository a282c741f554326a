package catalogtest

import (
	"context"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// listingsShownClauses prove [listings-shown].
func listingsShownClauses() []clausetest.Clause[ListingsHarness] {
	return listingCases("listings-shown",
		listingCase{"what is active", listsActive},
		listingCase{"in its channels and currencies", listsInChannels},
		listingCase{"in its windows", listsInWindows},
		listingCase{"what has a price", listsPriced},
		listingCase{"whichever comes first", listsInAnyOrder},
		listingCase{"both at once", listsAtOnce},
		listingCase{"as often as anything changes", listsAgain},
		listingCase{"the caller is gone", listsGone},
	)
}

// everything filters nothing.
var everything catalog.ListingQuery

func listsActive(w *listingWorld) {
	draft, archived, retired := goods(2), goods(3), goods(4)
	draft.Status, archived.Status, retired.Variants[0].Retired = catalog.Draft, catalog.Archived, true
	w.lists("nothing", web(), everything, "")
	w.sold(goods(1), draft, archived, retired, goods(5))
	w.lists("at first", web(), everything, "p5 p1")
	draft.Status, archived.Status, retired.Variants[0].Retired = catalog.Active, catalog.Active, false
	w.put(draft, archived, retired)
	w.lists("published", web(), everything, "p5 p4 p3 p2 p1")
	draft.Status = catalog.Archived
	w.put(draft)
	w.lists("archived", web(), everything, "p5 p4 p3 p1")
}

// listedIn lists a product in the shop and in the default channel.
func listedIn() []catalog.Listing {
	return []catalog.Listing{{Channel: "shop", Published: true}, {Channel: ref.DefaultChannel, Published: true}}
}

func listsInChannels(w *listingWorld) {
	both, shop, kept, some := goods(2), goods(3), goods(4), ofForms(5, 2)
	both.Listings, shop.Listings, kept.Listings, some.Listings = listedIn(), listedIn()[:1], listedIn(), listedIn()
	kept.Listings[0].Published = false
	some.Variants[0].Channels = []ref.Channel{"shop"} // The other one is sold everywhere, and has no price in the shop.
	w.put(goods(1), both, shop, kept, some)
	var prices []pricing.Price
	for n := 1; n <= 5; n++ {
		for _, scope := range []ref.Scope{web(), within("shop", money.GBP), within("shop", money.EUR)} {
			prices = append(prices, price(n, 0, scope, int64(n)))
		}
	}
	w.costs(prices...)
	w.lists("in the default channel", web(), everything, "p4 p2 p1")
	w.lists("in the shop", within("shop", money.GBP), everything, "p5 p3 p2")
	w.lists("in the shop in euros", within("shop", money.EUR), everything, "p5 p3 p2")
	w.lists("in euros", within(ref.DefaultChannel, money.EUR), everything, "")
	w.lists("nowhere", within("market", money.GBP), everything, "")
	w.costs(price(5, 1, web(), 7))
	w.lists("a variant that is sold everywhere", web(), everything, "p5 p4 p2 p1")
}

func listsInWindows(w *listingWorld) {
	soon, over, between := goods(1), goods(2), goods(3)
	soon.Publication.From, over.Publication.Until = dayOf(2), dayOf(4)
	between.Listings = []catalog.Listing{{Channel: ref.DefaultChannel, Published: true, Window: catalog.Window{From: dayOf(1), Until: dayOf(3)}}}
	w.sold(soon, over, between)
	for day, want := range map[int]string{0: "p2", 1: "p3 p2", 2: "p3 p2 p1", 3: "p2 p1", 4: "p1", 400: "p1", -400: "p2"} {
		w.lists("on its day", onDay(day), everything, want)
	}
	edge := onDay(3)
	edge.At = edge.At.Add(-time.Microsecond)
	w.lists("just before", edge, everything, "p3 p2 p1")
}

func listsPriced(w *listingWorld) {
	w.put(goods(1), goods(2), goods(3), goods(4), ofForms(5, 2))
	w.lists("without prices", web(), everything, "")
	w.costs(price(1, 0, web(), 100), during(price(2, 0, web(), 100), 2, 3), during(price(3, 0, web(), 100), 0, 2), price(5, 1, web(), 1))
	for day, want := range map[int]string{0: "p5 p3 p1", 1: "p5 p3 p1", 2: "p5 p2 p1", 3: "p5 p1"} {
		w.lists("on its day", onDay(day), everything, want)
	}
	w.unpriced(1, 0)
	w.lists("when it has none any more", web(), everything, "p5 p3")
	w.costs(price(1, 0, web(), 0))
	w.lists("for nothing", web(), everything, "p5 p3 p1")
}

func listsInAnyOrder(w *listingWorld) {
	w.costs(price(1, 0, web(), 100))
	w.put(goods(1))
	w.put(goods(2))
	w.costs(price(2, 0, web(), 100), price(3, 0, web(), 100))
	w.put(goods(3), goods(4))
	w.lists("in any order", web(), everything, "p3 p2 p1")
	w.costs(price(4, 1, web(), 5))
	w.put(ofForms(4, 2))
	w.lists("a variant that was priced before", web(), everything, "p4 p3 p2 p1")
}

// atOnce writes versions of many products and of their prices, all at once.
func (w *listingWorld) atOnce(version ref.Version) {
	w.Helper()
	var done sync.WaitGroup
	for n := 1; n <= atOnce; n++ {
		p, cost := goods(n), price(n, 0, web(), int64(version))
		p.Version, p.Featured = version, version%2 == 0
		product := catalog.Commit{Products: []catalog.Write[catalog.Product]{{State: p, Expected: version - 1}}}
		plan := pricing.Plan{Key: cost.Key, Version: version, Since: opening, Prices: []pricing.Price{cost}}
		done.Go(func() {
			if err := w.h.Catalog.Commit(w.Context(), product); err != nil {
				w.Errorf("saving product %d: %v", n, err)
			}
		})
		done.Go(func() {
			if err := w.h.Pricing.Commit(w.Context(), pricing.Commit{Plans: []pricing.Write{{State: plan, Expected: version - 1}}}); err != nil {
				w.Errorf("pricing product %d: %v", n, err)
			}
		})
	}
	done.Wait()
}

// atOnce is how many products are written at once.
const atOnce = 12

// listsAtOnce makes products while they are priced: whoever comes last has to see the other.
func listsAtOnce(w *listingWorld) {
	w.atOnce(1)
	if got := len(w.list(web(), everything)); got != atOnce {
		w.Errorf("%d of %d are listed", got, atOnce)
	}
}

func listsAgain(w *listingWorld) {
	w.sold(goods(1))
	p := goods(1)
	for i := range 5 {
		p.Title = "Thing again"
		w.put(p)
		w.costs(during(price(1, 0, web(), 100+int64(i)), i+1, i+2), price(1, 0, web(), 100))
		w.stock(skuOf(1, 0), "main", 1)
		for day := range 9 {
			w.lists("changed", onDay(day), everything, "p1")
		}
	}
	p.Status = catalog.Archived
	w.put(p)
	w.lists("archived", web(), everything, "")
	w.costs(price(1, 0, web(), 1))
	w.stock(skuOf(1, 0), "main", 1)
	w.lists("still", web(), everything, "")
}

func listsGone(w *listingWorld) {
	ctx, cancel := context.WithCancel(w.Context())
	cancel()
	_, listErr := w.h.Listings.List(ctx, web(), catalog.ListingQuery{Limit: 1})
	_, facetsErr := w.h.Listings.Facets(ctx, web(), everything)
	for _, err := range []error{listErr, facetsErr} {
		if err == nil || fault.KindOf(err) != fault.Unavailable {
			w.Errorf("got error %v, want one of kind unavailable", err)
		}
	}
}
