package catalogtest

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// listingsSummaryClauses prove [listings-summary].
func listingsSummaryClauses() []clausetest.Clause[ListingsHarness] {
	return listingCases("listings-summary",
		listingCase{"all of it", summaryWhole},
		listingCase{"as last committed", summaryCommitted},
		listingCase{"in the scope's locale", summaryLocale},
		listingCase{"the present name of the brand", summaryBrand},
		listingCase{"the first picture of our own", summaryImage},
	)
}

func summaryWhole(w *listingWorld) {
	p := goods(1)
	p.Title, p.Featured, p.Brand = `Ünïcødé  漢字 🛒 "quoted" 'n' \back\ <b>`, true, "No Name"
	p.CreatedAt = time.Date(1999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
	w.sold(p)
	l := w.one(web())
	want := catalog.Listed{
		ID: p.ID, Slug: p.Slug, Title: p.Title, Brand: p.Brand, Featured: true, CreatedAt: p.CreatedAt, VariantPrice: l.VariantPrice,
		Place: catalog.ListingPlace{CreatedAt: p.CreatedAt, ID: p.ID, Price: 1_000_000, Name: catalog.NameKey(p.Title)},
	}
	if l != want {
		w.Errorf("got %+v, want %+v", l, want)
	}
}

func summaryCommitted(w *listingWorld) {
	p := goods(1)
	w.sold(p)
	p.Slug, p.Title, p.Featured = "other", "Other", true
	w.put(p)
	if l := w.one(web()); l.Slug != "other" || l.Title != "Other" || !l.Featured || l.Place.Name != "other" {
		w.Errorf("got %+v", l)
	}
}

func summaryLocale(w *listingWorld) {
	p := goods(1)
	p.Translations = map[string]catalog.Translation{"fr": {Title: "Chose"}, "fr-CA": {Description: "x"}, "de-AT": {Title: "Ding"}}
	b := brandOf(1, "Marsh")
	b.Translations = map[string]catalog.Text{"fr-CA": {Name: "Marais"}, "de": {Name: "Moor"}}
	w.putBrand(b)
	p.BrandID, p.Brand = b.ID, "Marsh"
	w.sold(p)
	for locale, want := range map[string][2]string{
		"en-GB": {"Thing 1", "Marsh"}, "fr": {"Chose", "Marsh"}, "fr-CA": {"Chose", "Marais"}, "de-AT": {"Ding", "Moor"}, "de": {"Thing 1", "Moor"},
		"": {"Thing 1", "Marsh"},
	} {
		scope := web()
		scope.Locale = locale
		if l := w.one(scope); l.Title != want[0] || l.Brand != want[1] || l.Place.Name != "thing 1" {
			w.Errorf("in %q: %q by %q, at %q; want %q", locale, l.Title, l.Brand, l.Place.Name, want)
		}
	}
}

func summaryBrand(w *listingWorld) {
	b := brandOf(1, "Marsh")
	w.putBrand(b)
	p := goods(1)
	p.BrandID, p.Brand = b.ID, "Marsh"
	w.sold(p)
	if l := w.one(web()); l.Brand != "Marsh" || l.BrandID != b.ID {
		w.Errorf("got %q %v", l.Brand, l.BrandID)
	}
	b.Name = "Fen"
	w.putBrand(b)
	if l := w.one(web()); l.Brand != "Fen" {
		w.Errorf("renamed, it is of %q", l.Brand)
	}
	p.BrandID, p.Brand = ref.BrandID{}, ""
	w.put(p)
	if l := w.one(web()); l.Brand != "" || !l.BrandID.IsZero() {
		w.Errorf("of no brand, it is of %q %v", l.Brand, l.BrandID)
	}
}

func summaryImage(w *listingWorld) {
	p := goods(1)
	p.Media = []catalog.Media{
		{ID: listingID[ref.MediaKind](1), SourceURL: "https://example.org/a.png", Alt: "elsewhere"},
		{ID: listingID[ref.MediaKind](2), Key: "own/b.png", Alt: `It's "b"`},
		{ID: listingID[ref.MediaKind](3), Key: "own/c.png"},
	}
	w.sold(p)
	if l := w.one(web()); l.Image != p.Media[1] {
		w.Errorf("got %+v", l.Image)
	}
	p.Media = p.Media[:1]
	w.put(p)
	if l := w.one(web()); l.Image != (catalog.Media{}) {
		w.Errorf("without one of our own: %+v", l.Image)
	}
}
