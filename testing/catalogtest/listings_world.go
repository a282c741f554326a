package catalogtest

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// listingWorld is a test with its store, and makes what is listed in it.
type listingWorld struct {
	clausetest.TB

	h        ListingsHarness
	versions map[any]int64
	places   map[inventory.Location]bool // That were made.
	last     int
}

// opening is the moment at which everything is made and looked at.
var opening = time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC)

// dayOf is so many days after the opening.
func dayOf(n int) time.Time { return opening.AddDate(0, 0, n) }

// web is the view that most cases take.
func web() ref.Scope {
	return ref.Scope{Channel: ref.DefaultChannel, Currency: money.GBP, Locale: "en-GB", Country: "GB", At: opening}
}

// onDay is the view of a day.
func onDay(day int) ref.Scope {
	s := web()
	s.At = dayOf(day)
	return s
}

// within is the view of a channel in a currency.
func within(channel ref.Channel, currency money.Currency) ref.Scope {
	s := web()
	s.Channel, s.Currency = channel, currency
	return s
}

// listingID makes the n-th id of its kind; they ascend.
func listingID[K ref.Kind](n int) ref.ID[K] {
	var u ref.UUID
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	u[6], u[8] = 0x70, u[8]|0x80
	return ref.NewID[K](u)
}

// numberOf is the n of the n-th product.
func numberOf(id ref.ProductID) int {
	u := id.UUID()
	u[8] &^= 0x80
	return int(binary.BigEndian.Uint64(u[8:]))
}

// goods is the n-th product: active, of one variant with the SKU "n-0", made n seconds after the opening.
func goods(n int) catalog.Product {
	return catalog.Product{
		ID: listingID[ref.ProductKind](n), Slug: fmt.Sprintf("p%d", n), Title: fmt.Sprintf("Thing %d", n), Status: catalog.Active,
		CreatedAt: opening.Add(time.Duration(n) * time.Second), UpdatedAt: opening, Variants: []catalog.Variant{formOf(n, 0)},
	}
}

// formOf is the i-th variant of the n-th product.
func formOf(n, i int) catalog.Variant {
	return catalog.Variant{ID: variantOf(n, i), SKU: skuOf(n, i)}
}

func variantOf(n, i int) ref.VariantID { return listingID[ref.VariantKind](1000*n + i) }

func skuOf(n, i int) ref.SKU { return ref.SKU(fmt.Sprintf("%d-%d", n, i)) }

// ofForms is the n-th product with so many variants, by an option.
func ofForms(n, forms int) catalog.Product {
	p := goods(n)
	p.Options, p.Variants = []string{"Size"}, nil
	for i := range forms {
		v := formOf(n, i)
		v.Options = []string{fmt.Sprintf("Size %d", i)}
		p.Variants = append(p.Variants, v)
	}
	return p
}

// next counts the writes of an aggregate and gives the version before the next one.
func (w *listingWorld) next(id any) ref.Version {
	w.versions[id]++
	return ref.Version(w.versions[id] - 1)
}

// id makes an id that nobody has.
func (w *listingWorld) id() ref.UUID {
	w.last++
	return listingID[ref.EventKind](w.last + 1<<32).UUID()
}

// put writes products as they now are.
func (w *listingWorld) put(products ...catalog.Product) {
	w.Helper()
	var c catalog.Commit
	for _, p := range products {
		expected := w.next(p.ID)
		p.Version = expected + 1
		c.Products = append(c.Products, catalog.Write[catalog.Product]{State: p, Expected: expected})
	}
	w.change(c)
}

// change commits to the catalogue.
func (w *listingWorld) change(c catalog.Commit) {
	w.Helper()
	if err := w.h.Catalog.Commit(w.Context(), c); err != nil {
		w.Fatalf("changing the catalogue: %v", err)
	}
}

// putBrand writes a brand as it now is.
func (w *listingWorld) putBrand(b catalog.Brand) {
	w.Helper()
	expected := w.next(b.ID)
	b.Version, b.CreatedAt, b.UpdatedAt = expected+1, opening, opening
	w.change(catalog.Commit{Brands: []catalog.Write[catalog.Brand]{{State: b, Expected: expected}}})
}

// brandOf is the n-th brand.
func brandOf(n int, name string) catalog.Brand {
	return catalog.Brand{ID: listingID[ref.BrandKind](n), Slug: strings.ToLower(name), Text: catalog.Text{Name: name}}
}

// putCategories writes categories as they now are.
func (w *listingWorld) putCategories(categories ...catalog.Category) {
	w.Helper()
	var c catalog.Commit
	for _, k := range categories {
		expected := w.next(k.ID)
		k.Version, k.CreatedAt, k.UpdatedAt = expected+1, opening, opening
		c.Categories = append(c.Categories, catalog.Write[catalog.Category]{State: k, Expected: expected})
	}
	w.change(c)
}

// categoryOf is the n-th category, below another unless that is 0.
func categoryOf(n, below int, slug string) catalog.Category {
	c := catalog.Category{ID: listingID[ref.CategoryKind](n), Position: n, Slug: slug, Text: catalog.Text{Name: strings.ToUpper(slug)}}
	if below > 0 {
		c.Parent = listingID[ref.CategoryKind](below)
	}
	return c
}

// price is a price of a variant in the scope, in pennies.
func price(n, i int, scope ref.Scope, pennies int64) pricing.Price {
	return pricing.Price{
		Key:    pricing.Key{Variant: variantOf(n, i), Channel: scope.Channel, Currency: scope.Currency},
		Amount: money.NewUnitPrice(pennies*10_000, scope.Currency),
	}
}

// during is the price in a window of days; 0 is an open end.
func during(p pricing.Price, from, until int) pricing.Price {
	if from != 0 {
		p.Window.From = dayOf(from)
	}
	if until != 0 {
		p.Window.Until = dayOf(until)
	}
	return p
}

// costs makes prices all that their keys have.
func (w *listingWorld) costs(prices ...pricing.Price) {
	w.Helper()
	w.plan(nil, prices...)
}

// plan makes prices all that their keys have, after a past.
func (w *listingWorld) plan(past []pricing.Span, prices ...pricing.Price) {
	w.Helper()
	var c pricing.Commit
	for _, p := range prices {
		i := slices.IndexFunc(c.Plans, func(o pricing.Write) bool { return o.State.Key == p.Key })
		if i < 0 {
			expected := w.next(p.Key)
			i = len(c.Plans)
			c.Plans = append(c.Plans, pricing.Write{
				State: pricing.Plan{Key: p.Key, Version: expected + 1, Since: opening, Past: past}, Expected: expected,
			})
		}
		c.Plans[i].State.Prices = append(c.Plans[i].State.Prices, p)
	}
	for _, plan := range c.Plans { // The order that plans have.
		slices.SortFunc(plan.State.Prices, func(a, b pricing.Price) int { return a.Window.Compare(b.Window) })
	}
	w.reprice(c)
}

// reprice commits prices.
func (w *listingWorld) reprice(c pricing.Commit) {
	w.Helper()
	if err := w.h.Pricing.Commit(w.Context(), c); err != nil {
		w.Fatalf("changing prices: %v", err)
	}
}

// unpriced takes all prices of a variant away.
func (w *listingWorld) unpriced(n, i int) {
	w.Helper()
	key := price(n, i, web(), 0).Key
	expected := w.next(key)
	w.reprice(pricing.Commit{Plans: []pricing.Write{{State: pricing.Plan{Key: key, Version: expected + 1, Since: opening}, Expected: expected}}})
}

// adjustment adds so many of a SKU at a location, or takes them away.
func (w *listingWorld) adjustment(sku ref.SKU, at inventory.Location, delta int64) inventory.Commit {
	return inventory.Commit{At: opening, Adjustments: []inventory.Adjustment{{
		Key: fmt.Sprint(w.id()), LevelKey: inventory.LevelKey{SKU: sku, Location: at}, Kind: inventory.MoveAdjust, Delta: delta, Reason: "counted",
	}}}
}

// stock adds so many of a SKU at a location, which it makes first, or takes them away.
func (w *listingWorld) stock(sku ref.SKU, at inventory.Location, delta int64) {
	w.Helper()
	c := w.adjustment(sku, at, delta)
	if at != inventory.DefaultLocation && !w.places[at] {
		w.places[at] = true
		c.Sites = append(c.Sites, inventory.Write[inventory.Site]{State: inventory.Site{
			Location: at, Version: 1, Name: string(at), State: inventory.SiteOpen,
		}})
	}
	if err := w.h.Stock.Commit(w.Context(), c); err != nil {
		w.Fatalf("changing stock: %v", err)
	}
}

// effects commits what an order does to stock.
func (w *listingWorld) effects(effects ...ordering.StockEffect) {
	w.Helper()
	if _, err := w.h.Ordering.Commit(w.Context(), ordering.Commit{At: opening, Stock: effects}); err != nil {
		w.Fatalf("claiming stock: %v", err)
	}
}

// claim is an order's claim on stock.
func (w *listingWorld) claim(sku ref.SKU, n int64) ordering.StockEffect {
	return ordering.StockEffect{
		Kind: ordering.StockClaim, Claim: ref.NewID[ref.ClaimKind](w.id()), Order: ref.NewID[ref.OrderKind](w.id()), SKU: sku, Quantity: n,
	}
}

// sold puts products on sale: the first variant of each costs its number in pounds.
func (w *listingWorld) sold(products ...catalog.Product) {
	w.Helper()
	w.put(products...)
	var prices []pricing.Price
	for _, p := range products {
		n := numberOf(p.ID)
		prices = append(prices, price(n, 0, web(), int64(n)*100))
	}
	w.costs(prices...)
}

// list reads the first page, which must be the only one.
func (w *listingWorld) list(scope ref.Scope, q catalog.ListingQuery) []catalog.Listed {
	w.Helper()
	q.Limit = catalog.PageMax
	page, err := w.h.Listings.List(w.Context(), scope, q)
	if err != nil {
		w.Fatalf("List: %v", err)
	}
	if page.Next != nil {
		w.Errorf("%d products and more follow", len(page.Items))
	}
	return page.Items
}

// lists fails unless the list is that of the slugs, in their order, such as "p3 p1".
func (w *listingWorld) lists(what string, scope ref.Scope, q catalog.ListingQuery, want string) {
	w.Helper()
	var got []string
	for _, l := range w.list(scope, q) {
		got = append(got, l.Slug)
	}
	if strings.Join(got, " ") != want {
		w.Errorf("%s: the list is %v, want %s", what, got, want)
	}
}

// one gives the only product of the list.
func (w *listingWorld) one(scope ref.Scope) catalog.Listed {
	w.Helper()
	items := w.list(scope, catalog.ListingQuery{})
	if len(items) != 1 {
		w.Fatalf("the list has %d products, want one", len(items))
	}
	return items[0]
}

// pennies are what a price is in pennies; -1 for none.
func pennies(u *money.UnitPrice) int64 {
	if u == nil {
		return -1
	}
	return u.Micro() / 10_000
}
