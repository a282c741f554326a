package integration_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
)

// TestListsAgree makes random catalogues, prices and stock in memory and in another store, in random steps, and asks both
// the same questions at random moments: all pages and facets are the same.
func TestListsAgree(t *testing.T) {
	t.Parallel()
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if !needsDatabase(t) {
			return
		}
		dsn := database(t)
		var shops atomic.Int32
		listsAgree(t, func() (catalogtest.ListingsHarness, projecting) {
			cfg := small(dsn)
			cfg.Shop = shops.Add(1)
			s := openPostgres(t, cfg)
			return catalogtest.ListingsHarness{Listings: s.Listings(), Catalog: s.Catalog(), Pricing: s.Pricing(), Stock: s.Stock(), Ordering: s.Ordering()}, s
		})
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		listsAgree(t, func() (catalogtest.ListingsHarness, projecting) {
			s := openSQLite(t, shopFile(t))
			return listingsInFile(s), s
		})
	})
}

// projecting is a store that keeps what lists show.
type projecting interface {
	ProjectListings(ctx context.Context) (int, error)
	Close()
}

func listsAgree(t *testing.T, open func() (catalogtest.ListingsHarness, projecting)) {
	t.Helper()
	rapid.Check(t, func(r *rapid.T) {
		h, s := open()
		defer s.Close()
		a := &stall{T: r, versions: map[any]ref.Version{}, products: map[int]catalog.Product{}}
		a.stores = [2]catalogtest.ListingsHarness{memoryStore().listings(t), h}
		a.fill()
		for range rapid.IntRange(0, 30).Draw(r, "steps") {
			a.step()
		}
		for range 8 {
			a.ask()
		}
		if _, err := s.ProjectListings(context.Background()); err != nil {
			r.Fatalf("writing all lists anew: %v", err)
		}
		for range 3 {
			a.ask()
		}
	})
}

// stall is what two stores were told alike.
type stall struct {
	*rapid.T

	stores   [2]catalogtest.ListingsHarness
	versions map[any]ref.Version
	products map[int]catalog.Product
	brands   int
	parents  []int // Of each category, 0 for none.
	last     uint64
}

var assorted = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

func (a *stall) day(label string) time.Time {
	return assorted.AddDate(0, 0, rapid.IntRange(-2, 8).Draw(a.T, label))
}

// from is a random choice.
func from[T any](a *stall, label string, of ...T) T { return rapid.SampledFrom(of).Draw(a.T, label) }

func numbered[K ref.Kind](n int) ref.ID[K] {
	var u ref.UUID
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	u[6], u[8] = 0x70, u[8]|0x80
	return ref.NewID[K](u)
}

func (a *stall) id() ref.UUID {
	a.last++
	return numbered[ref.EventKind](int(a.last) + 1<<40).UUID()
}

// next gives the version that the next write of a thing replaces.
func (a *stall) next(id any) ref.Version {
	a.versions[id]++
	return a.versions[id] - 1
}

// both does the same to both stores.
func (a *stall) both(what string, do func(h catalogtest.ListingsHarness) error) {
	for i, h := range a.stores {
		if err := do(h); err != nil {
			a.Fatalf("%s in store %d: %v", what, i, err)
		}
	}
}

func (a *stall) step() {
	switch n := rapid.IntRange(0, 11).Draw(a.T, "step"); {
	case n < 4:
		a.put(rapid.IntRange(1, stalls).Draw(a.T, "product"))
	case n < 7:
		a.price()
	case n < 9:
		a.count()
	case n == 9:
		a.brand()
	default:
		a.category()
	}
}

var (
	titleWords = []string{"Blue", "mug", "Mug", "bowl", "Éclair", "été", "tea", "Thing 1", "2XL", "Stoneware", "Mugs", ""}
	channels   = []ref.Channel{ref.DefaultChannel, "shop"}
)

func (a *stall) text(label string) string {
	return from(a, label, titleWords...) + " " + from(a, label, titleWords...) + "x"
}

func (a *stall) window() catalog.Window {
	w := catalog.Window{}
	if rapid.Bool().Draw(a.T, "from") {
		w.From = a.day("from")
	}
	if rapid.Bool().Draw(a.T, "until") {
		w.Until = a.day("until")
	}
	return w
}

// stalls is how many products there are.
const stalls = 9

// fill puts all products on sale, in one way or another.
func (a *stall) fill() {
	var c pricing.Commit
	for n := 1; n <= stalls; n++ {
		a.put(n)
		key := pricing.Key{Variant: numbered[ref.VariantKind](10 * n), Channel: ref.DefaultChannel, Currency: money.GBP}
		amount := money.NewUnitPrice(int64(rapid.IntRange(0, 5).Draw(a.T, "price"))*1_000_000, money.GBP)
		c.Plans = append(c.Plans, pricing.Write{
			State: pricing.Plan{Key: key, Version: a.next(key) + 1, Since: assorted, Prices: []pricing.Price{{Key: key, Amount: amount}}},
		})
	}
	a.both("pricing all", func(h catalogtest.ListingsHarness) error { return h.Pricing.Commit(context.Background(), c) })
}

func (a *stall) put(n int) {
	p := catalog.Product{
		ID: numbered[ref.ProductKind](n), Slug: fmt.Sprintf("p%d", n), Title: a.text("title"), Type: from(a, "type", "", "mug", "Tea"),
		Status: from(a, "status", catalog.Active, catalog.Active, catalog.Active, catalog.Draft, catalog.Archived), Featured: rapid.Bool().Draw(a.T, "featured"),
		CreatedAt: assorted.Add(time.Duration(n%3) * time.Second), UpdatedAt: assorted, Options: []string{"Size"},
	}
	if rapid.Bool().Draw(a.T, "tagged") {
		p.Tags = []string{from(a, "tag", "gift", "mug", "Blue")}
	}
	p.Description = from(a, "description", "", "", "<p>Dishwasher <b>safe</b></p>", "a blue gift", "Stoneware &amp; tea")
	if rapid.IntRange(0, 3).Draw(a.T, "windowed") == 0 {
		p.Publication = a.window()
	}
	if rapid.IntRange(0, 2).Draw(a.T, "listed") == 0 {
		for _, c := range channels {
			l := catalog.Listing{Channel: c, Published: rapid.IntRange(0, 4).Draw(a.T, "published") > 0}
			if rapid.Bool().Draw(a.T, "windowed") {
				l.Window = a.window()
			}
			p.Listings = append(p.Listings, l)
		}
	}
	if rapid.IntRange(0, 3).Draw(a.T, "translated") == 0 {
		p.Translations = map[string]catalog.Translation{"fr": {Title: from(a, "titre", "", "Tasse", "Bleu mug"), Description: from(a, "texte", "", "grès")}}
	}
	switch brand := rapid.IntRange(-1, a.brands).Draw(a.T, "brand"); {
	case brand > 0:
		p.BrandID, p.Brand = numbered[ref.BrandKind](brand), "as it was"
	case brand < 0:
		p.Brand = from(a, "brand by name", "Blue Tea", "Orwell")
	}
	for c := range a.parents {
		if rapid.IntRange(0, 3).Draw(a.T, "placed") == 0 {
			p.Categories = append(p.Categories, numbered[ref.CategoryKind](c+1))
		}
	}
	if rapid.Bool().Draw(a.T, "pictured") {
		p.Media = []catalog.Media{{ID: numbered[ref.MediaKind](1), SourceURL: "https://example.org"}, {ID: numbered[ref.MediaKind](2), Key: from(a, "key", "", "a.png")}}
	}
	for i := range rapid.IntRange(1, 3).Draw(a.T, "variants") {
		v := catalog.Variant{ID: numbered[ref.VariantKind](10*n + i), SKU: sku(n, i), Options: []string{fmt.Sprint("Size ", i)}, Retired: rapid.IntRange(0, 5).Draw(a.T, "retired") == 0}
		if rapid.IntRange(0, 5).Draw(a.T, "somewhere") == 0 {
			v.Channels = []ref.Channel{from(a, "channel", channels...)}
		}
		p.Variants = append(p.Variants, v)
	}
	expected := a.next(p.ID)
	p.Version = expected + 1
	a.products[n] = p
	a.both("saving a product", func(h catalogtest.ListingsHarness) error {
		return h.Catalog.Commit(context.Background(), catalog.Commit{Products: []catalog.Write[catalog.Product]{{State: p, Expected: expected}}})
	})
}

func sku(n, i int) ref.SKU { return ref.SKU(fmt.Sprintf("SKU-%d-%d", n, i)) }

// price plans random prices of some variants, whether they are there or not.
func (a *stall) price() {
	var c pricing.Commit
	for range rapid.IntRange(1, 3).Draw(a.T, "plans") {
		key := pricing.Key{
			Variant: numbered[ref.VariantKind](10*rapid.IntRange(1, stalls).Draw(a.T, "product") + rapid.IntRange(0, 2).Draw(a.T, "variant")),
			Channel: from(a, "channel", channels...), Currency: from(a, "currency", money.GBP, money.GBP, money.EUR),
		}
		if a.versions[key] > 0 && len(c.Plans) > 0 {
			continue
		}
		expected := a.next(key)
		p := pricing.Plan{Key: key, Version: expected + 1, Since: a.day("since")}
		cost := func() money.UnitPrice {
			return money.NewUnitPrice(int64(rapid.IntRange(0, 5).Draw(a.T, "price"))*1_000_000, key.Currency)
		}
		seen := map[pricing.Window]bool{}
		for range rapid.IntRange(0, 3).Draw(a.T, "prices") {
			price := pricing.Price{Key: key, Amount: cost()}
			if rapid.Bool().Draw(a.T, "windowed") {
				w := a.window()
				price.Window = pricing.Window{From: w.From, Until: w.Until}
			}
			if seen[price.Window] || !price.Window.From.IsZero() && !price.Window.Until.IsZero() && !price.Window.From.Before(price.Window.Until) {
				continue
			}
			seen[price.Window] = true
			if rapid.Bool().Draw(a.T, "compared") {
				former := cost()
				price.CompareAt = &former
			}
			p.Prices = append(p.Prices, price)
		}
		if rapid.Bool().Draw(a.T, "past") {
			p.Past = []pricing.Span{{From: p.Since.AddDate(0, 0, -9), Until: p.Since.AddDate(0, 0, -rapid.IntRange(0, 2).Draw(a.T, "gap")), Amount: cost()}}
		}
		c.Plans = append(c.Plans, pricing.Write{State: p, Expected: expected})
	}
	a.both("pricing", func(h catalogtest.ListingsHarness) error { return h.Pricing.Commit(context.Background(), c) })
}

// count changes stock, claims some of it, or lets it be sold beyond what is there.
func (a *stall) count() {
	s := sku(rapid.IntRange(1, stalls).Draw(a.T, "product"), rapid.IntRange(0, 2).Draw(a.T, "variant"))
	switch from(a, "stock", "receive", "claim", "claim", "policy") {
	case "claim":
		claim := ordering.StockEffect{
			Kind: ordering.StockClaim, Claim: ref.NewID[ref.ClaimKind](a.id()), Order: ref.NewID[ref.OrderKind](a.id()), SKU: s,
			Quantity: rapid.Int64Range(1, 3).Draw(a.T, "claimed"),
		}
		var says [2]string // More may be claimed than can be.
		for i, h := range a.stores {
			if _, err := h.Ordering.Commit(context.Background(), ordering.Commit{At: assorted, Stock: []ordering.StockEffect{claim}}); err != nil {
				says[i] = fault.CodeOf(err)
			}
		}
		if says[0] != says[1] {
			a.Fatalf("memory says %q of a claim and the other store %q", says[0], says[1])
		}
	case "policy":
		p := inventory.Policy{SKU: s, Kind: from(a, "policy", inventory.Deny, inventory.Backorder, inventory.Preorder)}
		if p.Kind != inventory.Deny {
			p.Limit = rapid.Int64Range(1, 3).Draw(a.T, "most")
		}
		if p.Kind == inventory.Preorder {
			p.Until = a.day("until")
		}
		expected := a.next(s)
		p.Version = expected + 1
		a.both("setting a policy", func(h catalogtest.ListingsHarness) error {
			return h.Stock.Commit(context.Background(), inventory.Commit{At: assorted, Policies: []inventory.Write[inventory.Policy]{{State: p, Expected: expected}}})
		})
	default:
		c := inventory.Commit{At: assorted, Adjustments: []inventory.Adjustment{{
			Key: fmt.Sprint(a.id()), LevelKey: inventory.LevelKey{SKU: s, Location: inventory.DefaultLocation}, Kind: inventory.MoveAdjust,
			Delta: rapid.Int64Range(0, 3).Draw(a.T, "received"), Reason: "counted",
		}}}
		a.both("counting", func(h catalogtest.ListingsHarness) error { return h.Stock.Commit(context.Background(), c) })
	}
}

// brand makes a brand, or gives one another name.
func (a *stall) brand() {
	n := rapid.IntRange(1, 3).Draw(a.T, "brand")
	n = min(n, a.brands+1)
	a.brands = max(a.brands, n)
	b := catalog.Brand{
		ID: numbered[ref.BrandKind](n), Slug: fmt.Sprint("b", n), Text: catalog.Text{Name: fmt.Sprint(from(a, "name", "Denby", "Blue Pottery", "Tea"), " ", n)},
		CreatedAt: assorted, UpdatedAt: assorted,
	}
	if rapid.Bool().Draw(a.T, "translated") {
		b.Translations = map[string]catalog.Text{"fr": {Name: "Poterie"}}
	}
	expected := a.next(b.ID)
	b.Version = expected + 1
	a.both("saving a brand", func(h catalogtest.ListingsHarness) error {
		return h.Catalog.Commit(context.Background(), catalog.Commit{Brands: []catalog.Write[catalog.Brand]{{State: b, Expected: expected}}})
	})
}

// category makes a category, or moves one below another that was made before it.
func (a *stall) category() {
	n := min(rapid.IntRange(1, 4).Draw(a.T, "category"), len(a.parents)+1)
	if n > len(a.parents) {
		a.parents = append(a.parents, 0)
	}
	a.parents[n-1] = rapid.IntRange(0, n-1).Draw(a.T, "parent")
	c := catalog.Category{
		ID: numbered[ref.CategoryKind](n), Slug: fmt.Sprint("c", n), Position: n, Text: catalog.Text{Name: fmt.Sprint("Category ", n)}, CreatedAt: assorted, UpdatedAt: assorted,
	}
	if p := a.parents[n-1]; p > 0 {
		c.Parent = numbered[ref.CategoryKind](p)
	}
	expected := a.next(c.ID)
	c.Version = expected + 1
	a.both("saving a category", func(h catalogtest.ListingsHarness) error {
		return h.Catalog.Commit(context.Background(), catalog.Commit{Categories: []catalog.Write[catalog.Category]{{State: c, Expected: expected}}})
	})
}

// ask reads a whole list and its facets from both.
func (a *stall) ask() {
	scope := ref.Scope{
		Channel: from(a, "channel", ref.DefaultChannel, ref.DefaultChannel, "shop"), Currency: from(a, "currency", money.GBP, money.GBP, money.GBP, money.EUR), Locale: from(a, "locale", "en-GB", "fr-CA"),
		At: a.day("at").Add(time.Duration(rapid.IntRange(-1, 1).Draw(a.T, "edge")) * time.Microsecond),
	}
	q := catalog.ListingQuery{Sort: from(a, "sort", catalog.ListingSorts()...), Limit: rapid.IntRange(1, 4).Draw(a.T, "limit")}
	if rapid.Bool().Draw(a.T, "bounded") {
		q.Breadth = rapid.IntRange(1, stalls).Draw(a.T, "breadth")
	}
	few := rapid.IntRange(0, 2) // Most lists are not filtered in most ways, so that they have some pages.
	if few.Draw(a.T, "searched") == 0 {
		q.Text = from(a, "q", "mug", "blue mug", "te", "x", "été", "ete", "sku", "poterie", "1", "p", "-", "bleu", "stonewear", "stonwarex mug", "poteire", "mugz", "teax", "dishwasher blue", "gitf",
			"thing 1 mug blue x", "bowl' | mug:*")
		if rapid.Bool().Draw(a.T, "ranked") {
			q.Sort = catalog.SortRelevance
		}
	}
	if few.Draw(a.T, "placed") == 0 {
		q.Categories = []string{from(a, "category", "c1", "c2", "c3"), from(a, "category", "c2", "c4", "c9")}
	}
	if few.Draw(a.T, "branded") == 0 {
		q.Brands = []string{from(a, "brand", "b1", "b2", "b9"), from(a, "brand", "b1", "b3")}
	}
	price := func(label string) *money.UnitPrice {
		if few.Draw(a.T, label) > 0 {
			return nil
		}
		u := money.NewUnitPrice(int64(rapid.IntRange(0, 5).Draw(a.T, label))*1_000_000, scope.Currency)
		return &u
	}
	q.PriceMin, q.PriceMax = price("price_min"), price("price_max") // In any order: a store need not know better.
	yes, no := true, false
	q.InStock, q.Featured = from(a, "in_stock", nil, nil, nil, &yes, &no), from(a, "featured", nil, nil, nil, &yes, &no)
	a.samePages(scope, q)
	var facets [2]catalog.Facets
	for i, h := range a.stores {
		var err error
		if facets[i], err = h.Listings.Facets(context.Background(), scope, q); err != nil {
			a.Fatalf("facets of %+v: %v", q, err)
		}
	}
	if !reflect.DeepEqual(facets[0], facets[1]) {
		a.Fatalf("facets of %+v at %v in memory\n%+v\nand in the other store\n%+v", q, scope, facets[0], facets[1])
	}
}

// samePages reads the list to its end from both.
func (a *stall) samePages(scope ref.Scope, q catalog.ListingQuery) {
	for range 20 {
		var pages [2]catalog.ListingPage
		for i, h := range a.stores {
			var err error
			if pages[i], err = h.Listings.List(context.Background(), scope, q); err != nil {
				a.Fatalf("the list of %+v: %v", q, err)
			}
			if len(pages[i].Items) == 0 {
				pages[i].Items = nil
			}
		}
		if !reflect.DeepEqual(pages[0], pages[1]) {
			a.Fatalf("the list of %+v at %+v in memory\n%+v\nand in the other store\n%+v", q, scope, pages[0], pages[1])
		}
		if pages[0].Next == nil {
			return
		}
		q.After = pages[0].Next
	}
	a.Fatalf("the list of %+v has no end", q)
}
