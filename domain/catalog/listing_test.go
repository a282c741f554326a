package catalog_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// costing is what a variant costs, in pennies.
func costing(pennies int64) catalog.VariantPrice {
	return catalog.VariantPrice{Price: money.NewUnitPrice(pennies*10_000, money.GBP)}
}

// on is a window of days.
func on(from, until int) catalog.Window {
	var w catalog.Window
	if from != 0 {
		w.From = day.AddDate(0, 0, from)
	}
	if until != 0 {
		w.Until = day.AddDate(0, 0, until)
	}
	return w
}

func TestCheapest(t *testing.T) {
	t.Parallel()
	p := mug()
	small, large := p.Variants[0].ID, p.Variants[1].ID
	for name, tc := range map[string]struct {
		change func(*catalog.Product)
		prices map[ref.VariantID]int64
		want   int64
		skus   []ref.SKU
	}{
		"nothing has a price":     {nil, nil, -1, nil},
		"the lower one":           {nil, map[ref.VariantID]int64{small: 9, large: 7}, 7, []ref.SKU{"MUG-L", "MUG-S"}},
		"the only one":            {nil, map[ref.VariantID]int64{small: 9}, 9, []ref.SKU{"MUG-S"}},
		"not one that is retired": {func(p *catalog.Product) { p.Variants[1].Retired = true }, map[ref.VariantID]int64{small: 9, large: 7}, 9, []ref.SKU{"MUG-S"}},
		"not one sold elsewhere":  {func(p *catalog.Product) { p.Variants[1].Channels = []ref.Channel{"shop"} }, map[ref.VariantID]int64{large: 7}, -1, nil},
	} {
		p := mug()
		if tc.change != nil {
			tc.change(&p)
		}
		low, skus, ok := p.Cheapest(ref.DefaultChannel, func(id ref.VariantID) (catalog.VariantPrice, bool) {
			pennies, priced := tc.prices[id]
			return costing(pennies), priced
		})
		if ok != (tc.want >= 0) || ok && low.Price != costing(tc.want).Price || !slices.Equal(skus, tc.skus) {
			t.Errorf("%s: got %v %v %v", name, low, skus, ok)
		}
	}
}

func TestListingSpells(t *testing.T) {
	t.Parallel()
	p := mug()
	p.Publication = on(1, 20)
	small, large := p.Variants[0].ID, p.Variants[1].ID
	prices := map[ref.VariantID][]catalog.PriceSpell{
		small: {{on(0, 5), costing(10)}, {on(5, 8), costing(8)}, {on(8, 0), costing(10)}},
		large: {{on(2, 25), costing(12)}},
	}
	type spell struct {
		catalog.Window
		pennies int64
		skus    string
	}
	var got []spell
	for _, s := range p.ListingSpells(ref.DefaultChannel, prices) {
		got = append(got, spell{s.Window, s.Price.Micro() / 10_000, fmt.Sprint(s.SKUs)})
	}
	want := []spell{
		{on(1, 2), 10, "[MUG-S]"}, {on(2, 5), 10, "[MUG-L MUG-S]"}, {on(5, 8), 8, "[MUG-L MUG-S]"}, {on(8, 20), 10, "[MUG-L MUG-S]"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := p.ListingSpells("shop", prices); got != nil {
		t.Errorf("in a channel that does not show it: %v", got)
	}
	prices[small][1].VariantPrice, prices[large] = costing(10), nil
	if got := p.ListingSpells(ref.DefaultChannel, prices); len(got) != 1 || got[0].Window != on(1, 20) {
		t.Errorf("what does not change is cut: %v", got)
	}
}

// TestSpellsAreWhatCheapestSays looks at random products at random moments.
func TestSpellsAreWhatCheapestSays(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	window := func() catalog.Window { return on(r.IntN(9), r.IntN(9)) }
	for range 400 {
		p := mug()
		p.Publication = window()
		p.Variants[0].Retired = r.IntN(4) == 0
		prices := map[ref.VariantID][]catalog.PriceSpell{}
		for _, v := range p.Variants {
			for n := 1; n < 9; { // Spells that follow each other, perhaps with gaps.
				until := n + 1 + r.IntN(4)
				if r.IntN(3) > 0 {
					prices[v.ID] = append(prices[v.ID], catalog.PriceSpell{Window: on(n, until), VariantPrice: costing(int64(r.IntN(3)))})
				}
				n = until
			}
		}
		spells := p.ListingSpells(ref.DefaultChannel, prices)
		for half := range 22 { // Each day, and between.
			at := day.Add(time.Duration(half) * 12 * time.Hour)
			low, skus, ok := p.Cheapest(ref.DefaultChannel, func(id ref.VariantID) (catalog.VariantPrice, bool) {
				i := slices.IndexFunc(prices[id], func(s catalog.PriceSpell) bool { return s.Open(at) })
				if i < 0 {
					return catalog.VariantPrice{}, false
				}
				return prices[id][i].VariantPrice, true
			})
			w, shown := p.Shown(ref.DefaultChannel)
			ok = ok && shown && w.Open(at)
			i := slices.IndexFunc(spells, func(s catalog.ListingSpell) bool { return s.Open(at) })
			if ok != (i >= 0) || ok && (spells[i].Price != low.Price || !slices.Equal(spells[i].SKUs, skus)) {
				t.Fatalf("at %v: %v %v %v, and not as in %+v", at, low, skus, ok, spells)
			}
		}
		for i := range len(spells) - 1 {
			if a, b := spells[i], spells[i+1]; !a.Until.Before(b.From) && !a.Until.Equal(b.From) || a.Until.Equal(b.From) && a.Price == b.Price && slices.Equal(a.SKUs, b.SKUs) {
				t.Fatalf("spells %+v and %+v overlap or are one", a, b)
			}
		}
	}
}

func TestWordsOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", " - ": "", "Blue Mug": "blue|mug", "MUG mug": "mug", "T-Shirt, 2XL": "t|shirt|2xl", "Ünïcødé 漢字": "uenicoede|漢字", "l'été": "l|ete", "Größe STRASSE": "groesse|strasse",
		"re\u0301sume\u0301": "resume", "u\u0308ber A\u030angstrom": "ueber|angstrom", "\u0301 x": "x", "й и\u0306": "й|и", "a\x00b\\c'd": "a|b|c|d",
	} {
		if got := strings.Join(catalog.WordsOf(text), "|"); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestRank(t *testing.T) {
	t.Parallel()
	p := mug()
	p.Title, p.Type, p.Description = "Stoneware Mug", "Cups and mugs", "heavy"
	p.Translations = map[string]catalog.Translation{"de": {Title: "Steingutbecher", Options: []catalog.OptionText{{Name: "Größe", Values: map[string]string{"Small": "Klein"}}}}}
	p.Variants[1].Retired, p.Variants[0].Barcode = true, "4006381333931"
	denby := catalog.Brand{Text: catalog.Text{Name: "Denby Pottery"}, Translations: map[string]catalog.Text{"fr": {Name: "Poterie"}}}
	words := []catalog.Words{p.Words(), denby.Words()}
	for text, want := range map[string]int{
		"": 0, "mug": 24, "MUG stone": 40, "mugs": 6, "denby": 12, "pot": 8, "poterie mug": 36, "steingut": 16, "klein": 6, "blue": 6, "cup": 4, "cups": 6, "mug-s": 40,
		"40063": 8, "heavy": 3, "heav mug": 26, "ug": -1, "mug light": -1, "large": -1, "größe": -1, "hevay": -1, "stonewear": -1,
	} {
		rank, ok := catalog.NewSearch(text, false).Rank(words...)
		if ok != (want >= 0) || ok && rank != want {
			t.Errorf("%q: got %d, %v; want %d", text, rank, ok, want)
		}
	}
	for text, want := range map[string]int{
		"mug": 24, "stonewear": 8, "stonewear mug": 32, "denbi": 4, "poterei": 4, "4006381333932": -1, "heavi": -1, "hevay mug": -1, "muk": -1, "bleu mugg": 2 + 8, "mugz": 8,
	} {
		rank, ok := catalog.NewSearch(text, true).Rank(words...)
		if ok != (want >= 0) || ok && rank != want {
			t.Errorf("%q with typos: got %d, %v; want %d", text, rank, ok, want)
		}
	}
	if best := catalog.QueryWordsMax * catalog.Score(catalog.TitleWord, catalog.Exact); best != catalog.RankMax {
		t.Errorf("the best rank is %d, not %d", best, catalog.RankMax)
	}
	if got := words[0].All()["mug"]; !slices.Equal(got, []catalog.WordClass{catalog.TitleWord, catalog.CodeWord}) {
		t.Errorf("the classes of mug are %v", got)
	}
}

func TestWordsAreBounded(t *testing.T) {
	t.Parallel()
	p := mug()
	for i := range 2 * catalog.WordBytesMax / 250 {
		p.Tags = append(p.Tags, fmt.Sprintf("%0250d", i))
	}
	bytes := 0
	for word := range p.Words().All() {
		bytes += len(word)
	}
	if bytes > catalog.WordBytesMax || bytes < catalog.WordBytesMax-250 {
		t.Errorf("the words have %d bytes", bytes)
	}
	if _, ok := catalog.NewSearch("mug "+p.Tags[0], false).Rank(p.Words()); !ok {
		t.Error("the first words are left out")
	}
}

// TestListingSortsAreTotal compares many places in every order.
func TestListingSortsAreTotal(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	var places []catalog.ListingPlace
	for i := range 60 {
		places = append(places, catalog.ListingPlace{
			CreatedAt: day.Add(time.Duration(r.IntN(3)) * time.Second), ID: ref.NewID[ref.ProductKind](ref.UUID{byte(i)}), Price: int64(r.IntN(3)),
			Name: string(rune('a' + r.IntN(3))), Rank: r.IntN(3),
		})
	}
	for _, s := range append(catalog.ListingSorts(), "") {
		for i, a := range places {
			for j, b := range places {
				if got := s.Compare(a, b); (got == 0) != (i == j) || got != -s.Compare(b, a) {
					t.Fatalf("%q: %v and %v: %d and %d", s, a, b, got, s.Compare(b, a))
				}
			}
		}
	}
	first := func(s catalog.ListingSort) catalog.ListingPlace { return slices.MinFunc(places, s.Compare) }
	for i, p := range places {
		if p.CreatedAt.After(first(catalog.SortNewest).CreatedAt) || p.Price < first(catalog.SortPrice).Price || p.Price > first(catalog.SortPriceDown).Price ||
			p.Name < first(catalog.SortName).Name || p.Rank > first(catalog.SortRelevance).Rank || first("") != first(catalog.SortNewest) {
			t.Errorf("place %d comes before the first of an order", i)
		}
	}
}

func TestQueryValidate(t *testing.T) {
	t.Parallel()
	price := func(micro int64, c money.Currency) *money.UnitPrice { u := money.NewUnitPrice(micro, c); return &u }
	many := strings.Split(strings.Repeat("x,", catalog.QueryValuesMax)+"x", ",")
	var words []string
	for i := range catalog.QueryWordsMax + 1 {
		words = append(words, strconv.Itoa(i))
	}
	for name, tc := range map[string]struct {
		q      catalog.ListingQuery
		fields []string
	}{
		"nothing":       {catalog.ListingQuery{}, nil},
		"everything":    {catalog.ListingQuery{Text: "mug", Categories: many[:1], Brands: many[:1], PriceMin: price(1, money.GBP), PriceMax: price(1, money.GBP), Sort: catalog.SortRelevance}, nil},
		"a long text":   {catalog.ListingQuery{Text: strings.Repeat("x", catalog.QueryTextMax+1)}, []string{"q"}},
		"many words":    {catalog.ListingQuery{Text: strings.Join(words, " ")}, []string{"q"}},
		"NUL":           {catalog.ListingQuery{Text: "\x00"}, []string{"q"}},
		"many values":   {catalog.ListingQuery{Categories: many, Brands: many}, []string{"category", "brand"}},
		"empty values":  {catalog.ListingQuery{Categories: []string{""}, Brands: []string{""}}, []string{"category", "brand"}},
		"euros":         {catalog.ListingQuery{PriceMin: price(1, money.EUR), PriceMax: price(1, money.EUR)}, []string{"price_min", "price_max"}},
		"negative":      {catalog.ListingQuery{PriceMin: price(-1, money.GBP)}, []string{"price_min"}},
		"upside down":   {catalog.ListingQuery{PriceMin: price(2, money.GBP), PriceMax: price(1, money.GBP)}, []string{"price_max"}},
		"too broad":     {catalog.ListingQuery{Breadth: catalog.BreadthMax + 1}, []string{"breadth"}},
		"another order": {catalog.ListingQuery{Sort: "best"}, []string{"sort"}},
	} {
		if got := wrongFields(tc.q.Validate(money.GBP)); !slices.Equal(got, tc.fields) {
			t.Errorf("%s: got %v, want %v", name, got, tc.fields)
		}
	}
}

// TestFacetsCountEachProductOnce counts a product of two categories below one.
func TestFacetsCountEachProductOnce(t *testing.T) {
	t.Parallel()
	id := func(n byte) ref.CategoryID { return ref.NewID[ref.CategoryKind](ref.UUID{n}) }
	tree := catalog.NewTree([]catalog.Category{
		{ID: id(1), Slug: "kitchen"}, {ID: id(2), Parent: id(1), Slug: "mugs"}, {ID: id(3), Parent: id(1), Position: 1, Slug: "gifts"}, {ID: id(4), Slug: "toys", Position: 1},
	})
	tally := catalog.Tally{Categories: []catalog.CategoryTally{{Categories: []ref.CategoryID{id(2), id(3)}, Count: 5}, {Categories: []ref.CategoryID{id(3)}, Count: 2}, {Count: 9}}}
	yes := true
	facets := tally.Facets(catalog.ListingQuery{Categories: []string{"toys", "mugs"}, InStock: &yes}, nil, tree)
	want := catalog.Facets{Items: []catalog.Facet{
		{Name: "category", Values: []catalog.FacetValue{{Value: "kitchen", Count: 7}, {Value: "mugs", Count: 5, Selected: true}, {Value: "gifts", Count: 7}, {Value: "toys", Selected: true}}},
		{Name: "brand"},
		{Name: "in_stock", Values: []catalog.FacetValue{{Value: "true", Selected: true}}},
		{Name: "featured"},
	}}
	if !reflect.DeepEqual(facets, want) {
		t.Errorf("got %+v, want %+v", facets, want)
	}
}

// wrongFields are those of an error's violations, in their order.
func wrongFields(err error) []string {
	var out []string
	if err != nil {
		for _, v := range fault.Of(err).Violations() {
			out = append(out, v.Field())
		}
	}
	return out
}
