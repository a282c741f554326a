package catalogtest

import (
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// listingsPriceClauses prove [listings-price].
func listingsPriceClauses() []clausetest.Clause[ListingsHarness] {
	return listingCases("listings-price",
		listingCase{"the cheapest variant's", priceCheapest},
		listingCase{"as last committed", priceCommitted},
		listingCase{"as the clock has it", priceByClock},
		listingCase{"the lowest of 30 days before", priceLowest},
		listingCase{"in each scope", priceInScope},
		listingCase{"every amount exactly", priceExact},
		listingCase{"nobody else can change it", priceCopies},
		listingCase{"many in one commit", priceMany},
		listingCase{"while the products change", priceAtOnce},
	)
}

// says fails unless the product costs so many pennies, beside others; -1 for none.
func (w *listingWorld) says(what string, scope ref.Scope, price, compareAt, lowest int64) {
	w.Helper()
	l := w.one(scope)
	if got, want := [3]int64{pennies(&l.Price), pennies(l.CompareAt), pennies(l.Lowest30)}, [3]int64{price, compareAt, lowest}; got != want {
		w.Errorf("%s: it costs %v, want %v", what, got, want)
	}
}

// beside is the price with a former one, in pennies.
func beside(p pricing.Price, pennies int64) pricing.Price {
	former := money.NewUnitPrice(pennies*10_000, p.Currency)
	p.CompareAt = &former
	return p
}

func priceCheapest(w *listingWorld) {
	p := ofForms(1, 5)
	p.Variants[3].Retired, p.Variants[4].Channels = true, []ref.Channel{"shop"}
	w.put(p)
	w.costs(
		price(1, 0, web(), 900), beside(price(1, 1, web(), 700), 800), beside(price(1, 2, web(), 700), 750), price(1, 3, web(), 1), price(1, 4, web(), 2),
	)
	w.says("the first of the cheapest", web(), 700, 800, -1)
	w.costs(price(1, 0, web(), 600))
	w.says("another one", web(), 600, -1, -1)
}

func priceCommitted(w *listingWorld) {
	p := ofForms(1, 2)
	w.put(p)
	w.costs(price(1, 0, web(), 900), price(1, 1, web(), 700))
	w.says("at first", web(), 700, -1, -1)
	w.costs(beside(price(1, 1, web(), 950), 999))
	w.says("after a price", web(), 900, -1, -1)
	p.Variants[0].Retired = true
	w.put(p)
	w.says("after a variant has left", web(), 950, 999, -1)
	p.Variants[0].Retired = false
	w.put(p)
	w.says("after it came back", web(), 900, -1, -1)
	w.unpriced(1, 0)
	w.says("after a price has ended", web(), 950, 999, -1)
}

func priceByClock(w *listingWorld) {
	w.put(ofForms(1, 2))
	w.costs(
		price(1, 0, web(), 1000), beside(during(price(1, 0, web(), 800), 3, 5), 1000), during(price(1, 0, web(), 1100), 9, 0),
		during(price(1, 1, web(), 700), 4, 6),
	)
	for day, want := range map[int][3]int64{
		-9: {1000, -1, -1}, 0: {1000, -1, -1}, 2: {1000, -1, -1}, 3: {800, 1000, 1000}, 4: {700, -1, -1}, 5: {700, -1, -1}, 6: {1000, -1, 800},
		9: {1100, -1, 800}, 99: {1100, -1, 800},
	} {
		w.says(fmt.Sprint("on day ", day), onDay(day), want[0], want[1], want[2])
	}
	before := onDay(3)
	before.At = before.At.Add(-time.Microsecond)
	w.says("the moment before", before, 1000, -1, -1)
}

func priceLowest(w *listingWorld) {
	w.put(goods(1))
	span := func(from, until int, n int64) pricing.Span {
		return pricing.Span{From: dayOf(from), Until: dayOf(until), Amount: money.NewUnitPrice(n*10_000, money.GBP)}
	}
	w.plan([]pricing.Span{span(-50, -30, 500), span(-30, -10, 900), span(-10, 0, 1000)}, beside(price(1, 0, web(), 800), 1000))
	w.says("of the 30 days before", web(), 800, 1000, 900)
	w.plan([]pricing.Span{span(-50, -29, 500), span(-29, 0, 900)}, beside(price(1, 0, web(), 800), 1000))
	w.says("of the first of them", web(), 800, 1000, 500)
	w.says("long after", onDay(90), 800, 1000, 500)
}

func priceInScope(w *listingWorld) {
	p := goods(1)
	p.Listings = listedIn()
	w.put(p)
	shop, euros := within("shop", money.GBP), within(ref.DefaultChannel, money.EUR)
	w.costs(price(1, 0, web(), 100), price(1, 0, shop, 200), price(1, 0, euros, 300))
	w.says("in the default channel", web(), 100, -1, -1)
	w.says("in the shop", shop, 200, -1, -1)
	w.says("in euros", euros, 300, -1, -1)
	if l := w.one(euros); l.Price.Currency() != money.EUR {
		w.Errorf("the price in euros is in %v", l.Price.Currency())
	}
}

func priceExact(w *listingWorld) {
	w.put(goods(1))
	for _, micro := range []int64{0, 1, 1_000, 19_990_000, 9_000_000_000_000_000_000} {
		p, former := price(1, 0, web(), 0), money.NewUnitPrice(micro, money.GBP)
		p.Amount, p.CompareAt = former, &former
		w.costs(p)
		if l := w.one(web()); l.Price != p.Amount || l.CompareAt == nil || *l.CompareAt != p.Amount || l.Place.Price != micro {
			w.Errorf("got %v and %v, want %v", l.Price, l.CompareAt, p.Amount)
		}
	}
}

func priceCopies(w *listingWorld) {
	w.put(goods(1))
	w.plan([]pricing.Span{{From: dayOf(-9), Until: opening, Amount: money.NewUnitPrice(90_000, money.GBP)}}, beside(price(1, 0, web(), 8), 10))
	for range 2 {
		w.says("for every reader", web(), 8, 10, 9)
		if l := w.one(web()); l.CompareAt != nil && l.Lowest30 != nil {
			*l.CompareAt, *l.Lowest30 = l.Price, l.Price
		}
	}
}

func priceMany(w *listingWorld) {
	var products []catalog.Product
	var prices []pricing.Price
	const many = 90
	for n := 1; n <= many; n++ {
		products, prices = append(products, goods(n)), append(prices, price(n, 0, web(), int64(n)))
	}
	w.put(products...)
	w.costs(prices...)
	items := w.list(web(), catalog.ListingQuery{})
	if len(items) != many {
		w.Errorf("%d are listed, want %d", len(items), many)
	}
	for _, l := range items {
		if pennies(&l.Price) != int64(numberOf(l.ID)) {
			w.Errorf("%s costs %v", l.Slug, l.Price)
		}
	}
}

// priceAtOnce changes products while they are priced: whoever comes last has to see the other.
func priceAtOnce(w *listingWorld) {
	for version := ref.Version(1); version <= 4; version++ {
		w.atOnce(version)
		featured := version%2 == 0
		items := w.list(web(), catalog.ListingQuery{Featured: &featured})
		if len(items) != atOnce {
			w.Errorf("version %d: %d of %d are as they were saved last", version, len(items), atOnce)
		}
		for _, l := range items {
			if pennies(&l.Price) != int64(version) {
				w.Errorf("version %d: %s costs %v", version, l.Slug, l.Price)
			}
		}
	}
}
