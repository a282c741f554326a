package catalog_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// hour is so many hours after day.
func hour(n int) time.Time { return day.Add(time.Duration(n) * time.Hour) }

func TestProductMachine(t *testing.T) {
	t.Parallel()
	if wrong := catalog.ProductMachine.Check(); len(wrong) > 0 {
		t.Error(wrong)
	}
	for _, from := range catalog.ProductMachine.States() {
		for _, to := range catalog.ProductMachine.States() {
			ways := 0
			for _, on := range catalog.ProductMachine.Allowed(from) {
				if next, _ := catalog.ProductMachine.Next(from, on); next == to {
					ways++
				}
			}
			if want := map[bool]int{true: 0, false: 1}[from == to]; ways != want {
				t.Errorf("%d events lead from %s to %s, want %d", ways, from, to, want)
			}
		}
	}
}

func TestWindows(t *testing.T) {
	t.Parallel()
	window := func(from, until int) catalog.Window {
		var w catalog.Window
		if from != 0 {
			w.From = hour(from)
		}
		if until != 0 {
			w.Until = hour(until)
		}
		return w
	}
	for _, tc := range []struct{ a, b, meet catalog.Window }{
		{window(0, 0), window(0, 0), window(0, 0)},
		{window(1, 5), window(0, 0), window(1, 5)},
		{window(1, 5), window(2, 4), window(2, 4)},
		{window(1, 3), window(2, 0), window(2, 3)},
		{window(0, 3), window(0, 2), window(0, 2)},
		{window(1, 2), window(3, 4), window(3, 2)},
	} {
		if got := tc.a.Meet(tc.b); got != tc.meet {
			t.Errorf("%v meets %v in %v, want %v", tc.a, tc.b, got, tc.meet)
		}
		if got := tc.b.Meet(tc.a); got != tc.meet {
			t.Errorf("the other way round: %v, want %v", got, tc.meet)
		}
		for n := range 7 {
			if at := hour(n); tc.meet.Open(at) != (tc.a.Open(at) && tc.b.Open(at)) {
				t.Errorf("at %d %v is open: %t", n, tc.meet, tc.meet.Open(at))
			}
		}
	}
	if !window(3, 2).Empty() || !window(2, 2).Empty() || window(2, 3).Empty() || window(2, 0).Empty() {
		t.Error("Empty is wrong")
	}
	if w := window(1, 2); w.Open(hour(1).Add(-1)) || !w.Open(hour(1)) || w.Open(hour(2)) {
		t.Error("the edges are wrong")
	}
}

func TestWhereAProductIsShown(t *testing.T) {
	t.Parallel()
	listing := func(c ref.Channel, from, until int) catalog.Listing {
		l := catalog.Listing{Channel: c, Published: true}
		if from > 0 {
			l.From = hour(from)
		}
		if until > 0 {
			l.Until = hour(until)
		}
		return l
	}
	for name, tc := range map[string]struct {
		change func(p *catalog.Product)
		want   map[ref.Channel][]int // The hours of 0 to 9 in which it is shown.
		next   []int                 // Of the hours 0, 2, 4: when that changes next, 0 for never.
	}{
		"without listings": {func(*catalog.Product) {}, map[ref.Channel][]int{"web": {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}, []int{0, 0, 0}},
		"a draft":          {func(p *catalog.Product) { p.Status = catalog.Draft }, nil, []int{0, 0, 0}},
		"a window": {
			func(p *catalog.Product) { p.Publication = catalog.Window{From: hour(2), Until: hour(4)} },
			map[ref.Channel][]int{"web": {2, 3}},
			[]int{2, 4, 0},
		},
		"two channels": {func(p *catalog.Product) {
			p.Listings = []catalog.Listing{listing("b2b", 3, 0), listing("web", 0, 2)}
			p.Publication.From = hour(1)
		}, map[ref.Channel][]int{"web": {1}, "b2b": {3, 4, 5, 6, 7, 8, 9}}, []int{1, 3, 0}},
		"nothing sold there": {func(p *catalog.Product) {
			p.Listings = []catalog.Listing{listing("b2b", 0, 0), listing("web", 0, 0)}
			p.Variants[0].Channels, p.Variants[1].Retired = []ref.Channel{"b2b"}, true
		}, map[ref.Channel][]int{"b2b": {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}, []int{0, 0, 0}},
		"unpublished": {func(p *catalog.Product) { p.Listings = []catalog.Listing{{Channel: "web"}} }, nil, []int{0, 0, 0}},
	} {
		p := mug()
		tc.change(&p)
		for _, channel := range []ref.Channel{"web", "b2b", "pos", ""} {
			var shown []int
			for n := range 10 {
				_, in := p.In(ref.Scope{Channel: channel, At: hour(n)})
				if at := slices.Contains(p.ShownAt(hour(n)), channel); at != in {
					t.Errorf("%s: at %d ShownAt says %t of %s", name, n, at, channel)
				}
				if in {
					shown = append(shown, n)
				}
			}
			if !slices.Equal(shown, tc.want[channel]) {
				t.Errorf("%s: shown in %q at %v, want %v", name, channel, shown, tc.want[channel])
			}
		}
		for i, n := range []int{0, 2, 4} {
			var want time.Time
			if tc.next[i] > 0 {
				want = hour(tc.next[i])
			}
			if got := p.Next(hour(n)); !got.Equal(want) {
				t.Errorf("%s: after %d it changes at %v, want %v", name, n, got, want)
			}
		}
	}
}

func TestTranslations(t *testing.T) {
	t.Parallel()
	p := mug()
	p.Description, p.SEO = "For tea", catalog.SEO{Title: "Mugs"}
	p.Translations = map[string]catalog.Translation{
		"fr":    {Title: "Tasse", SEO: catalog.SEO{Title: "Tasses"}, Options: []catalog.OptionText{{Name: "Taille", Values: map[string]string{"Small": "Petite"}}}},
		"fr-CA": {Description: "Pour le thé", Options: []catalog.OptionText{{}, {Values: map[string]string{"Blue": "Bleue"}}}},
	}
	for locale, want := range map[string]string{
		"fr-CA": "Tasse|Pour le thé|Tasses|Taille|Colour|Petite / Bleue|Large / Bleue",
		"fr-FR": "Tasse|For tea|Tasses|Taille|Colour|Petite / Blue|Large / Blue",
		"fr":    "Tasse|For tea|Tasses|Taille|Colour|Petite / Blue|Large / Blue",
		"en-GB": "Mug|For tea|Mugs|Size|Colour|Small / Blue|Large / Blue",
		"":      "Mug|For tea|Mugs|Size|Colour|Small / Blue|Large / Blue",
	} {
		scope := ref.Scope{Channel: "web", Locale: locale, At: day}
		in, ok := p.In(scope)
		got := in.Title + "|" + in.Description + "|" + in.SEO.Title + "|" + in.Options[0] + "|" + in.Options[1] + "|" + in.Variants[0].Title() + "|" + in.Variants[1].Title()
		if !ok || got != want {
			t.Errorf("in %q: %s, want %s", locale, got, want)
		}
		sold, ok := p.SellableIn(scope, p.Variants[0])
		if !ok || sold.Title != in.Title || sold.VariantTitle() != in.Variants[0].Title() {
			t.Errorf("in %q a variant is sold as %+v", locale, sold)
		}
	}
	if p.Title != "Mug" || p.Variants[0].Title() != "Small / Blue" || p.Options[0] != "Size" {
		t.Errorf("the product itself was changed: %+v", p)
	}
	b := catalog.Brand{Text: catalog.Text{Name: "Sea", Description: "d"}, Translations: map[string]catalog.Text{"fr": {Name: "Mer", SEO: catalog.SEO{Title: "m"}}}}
	if got := b.In(ref.Scope{Locale: "fr-BE"}); got.Name != "Mer" || got.Description != "d" || got.SEO.Title != "m" {
		t.Errorf("the brand in French: %+v", got)
	}
}
