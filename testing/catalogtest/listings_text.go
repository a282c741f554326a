package catalogtest

import (
	"fmt"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// listingsTextClauses prove [listings-text].
func listingsTextClauses() []clausetest.Clause[ListingsHarness] {
	return listingCases("listings-text",
		listingCase{"in all that has words", textAnywhere},
		listingCase{"of any script", textHard},
		listingCase{"with its rank", textRanked},
		listingCase{"the best match first", textBest},
		listingCase{"as last committed", textCommitted},
		listingCase{"of a brand that is renamed", textBrand},
		listingCase{"of as many words as a product has", textMany},
	)
}

// words searches for a text.
func words(text string) catalog.ListingQuery { return catalog.ListingQuery{Text: text} }

func textAnywhere(w *listingWorld) {
	p := ofForms(1, 2)
	p.Title, p.Description, p.Type, p.Tags = "Blue-grey Mug", "<p class=\"em\"><strong>heavy</strong></p>", "Stoneware", []string{"gift", "for him"}
	p.Translations = map[string]catalog.Translation{
		"de": {Title: "Becher", Description: "schwer", Options: []catalog.OptionText{{Name: "Größe", Values: map[string]string{"Large": "Groß"}}}},
	}
	p.Variants[0].Options, p.Variants[0].SKU, p.Variants[0].Barcode = []string{"Large"}, "MUG/42", "4006381"
	p.Variants[1].Options, p.Variants[1].SKU, p.Variants[1].Retired = []string{"Small"}, "OLD", true
	b := brandOf(1, "Denby")
	b.Translations = map[string]catalog.Text{"de": {Name: "Dänby"}}
	w.putBrand(b)
	p.BrandID, p.Brand = b.ID, "Denby"
	named := goods(2)
	named.Brand = "Orwell"
	w.sold(p, named)
	for _, text := range []string{
		"mug", "MUG", "mu", "mug mu", "heavy", "schwer", "heav mug", "blue", "grey", "grey mug", "mug blue", "blue, mug!", "stoneware", "gift", "him for", "becher", "42", "mug 42", "4006381",
		"400", "large", "groß", "GROSS", "denby", "den mug", "dänby becher", "daenby",
	} {
		w.lists(text, web(), words(text), "p1")
	}
	for _, text := range []string{"ug", "avy", "size", "größe", "old", "small", "mug orwell", "strong", "em"} {
		w.lists(text, web(), words(text), "")
	}
	w.lists("a brand by name only", web(), words("orwell"), "p2")
	w.lists("no words", web(), words(" ,;- "), "p2 p1")
}

func textHard(w *listingWorld) {
	p, q := goods(1), goods(2)
	p.Title = "Ünïcødé 漢字 🛒👩\u200d🌾 \"quoted\" 'n' \\back\\ <b>&amp;</b> %s {} ; -- e\u0301t\u00a0x x:1 y:*A | & !"
	q.Title = strings.Repeat("ø", catalog.TitleMax/2)
	w.sold(p, q)
	for _, word := range catalog.WordsOf(p.Title) {
		w.lists(word, web(), words(word), "p1")
	}
	w.lists("all of it", web(), words("ÜNÏ 漢 quoted n back b amp e\u0301t x y a"), "p1")
	w.lists("a long word", web(), words(strings.Repeat("ø", catalog.QueryTextMax/2)), "p2")
	for text, want := range map[string]string{"🛒": "p2 p1", "'": "p2 p1", `\`: "p2 p1", "&": "p2 p1", "%": "p2 p1", "c & !b:*": "", "''' | x": "p1", "$1": "p1"} {
		w.lists(text, web(), words(text), want)
	}
}

// marshy has four products that a search for marsh finds: by title, by brand, by tag, and by title and brand; and reed is
// a barcode of one and in the description of another.
func (w *listingWorld) marshy() {
	w.Helper()
	title, brand, tag, both := goods(4), goods(3), goods(2), goods(1)
	title.Title, brand.Brand, tag.Tags = "Marsh mug", "Marsh", []string{"marsh", "mug"}
	tag.Variants[0].Barcode, brand.Description = "Reed", "Of reed."
	both.Title, both.Brand = "Marshland", "Marsh"
	w.sold(title, brand, tag, both)
}

func textRanked(w *listingWorld) {
	w.marshy()
	for text, ranks := range map[string][]int{
		"": {0, 0, 0, 0}, "marsh": {24, 12, 6, 16}, "mars": {16, 8, 4, 16}, "marsh mug": {48, 12}, "marsh mu": {40, 10}, "mug MUG": {24, 6}, "land": nil,
		"reed": {3, 12}, "ree": {2, 8},
	} {
		var got []int
		for _, l := range w.list(web(), words(text)) {
			got = append(got, l.Place.Rank)
		}
		if fmt.Sprint(got) != fmt.Sprint(ranks) {
			w.Errorf("%q: the ranks from new to old are %v, want %v", text, got, ranks)
		}
	}
}

func textBest(w *listingWorld) {
	w.marshy()
	for text, want := range map[string]string{"marsh": "p4 p1 p3 p2", "marsh mug": "p4 p2", "": "p4 p3 p2 p1"} {
		w.lists(text, web(), catalog.ListingQuery{Text: text, Sort: catalog.SortRelevance}, want)
	}
}

func textCommitted(w *listingWorld) {
	p := goods(1)
	w.sold(p)
	p.Title, p.Tags = "Teapot", []string{"tea"}
	w.put(p)
	w.lists("the new words", web(), words("teapot"), "p1")
	w.lists("the old ones", web(), words("thing"), "")
	w.costs(price(1, 0, web(), 5))
	w.stock(skuOf(1, 0), "a", 1)
	w.lists("after other changes", web(), words("tea"), "p1")
}

func textBrand(w *listingWorld) {
	b := brandOf(1, "Marsh")
	w.putBrand(b)
	p, q := goods(1), goods(2)
	p.BrandID, p.Brand, p.Title, p.Tags, p.Description = b.ID, "Marsh", "Fen mug", []string{"tag"}, "prose"
	q.Title = "Marsh"
	w.sold(p, q)
	b.Name = "Fen Pottery"
	w.putBrand(b)
	w.lists("the new name", web(), words("pottery"), "p1")
	w.lists("the old one", web(), words("marsh"), "p2")
	for _, l := range w.list(web(), words("fen")) {
		if l.Place.Rank != catalog.Score(catalog.TitleWord, catalog.Exact) {
			w.Errorf("a title's word has rank %d", l.Place.Rank)
		}
	}
	b.Name = "Broad"
	w.putBrand(b)
	w.lists("of the title still", web(), words("fen"), "p1")
	w.lists("of what else it has", web(), words("1 0 tag prose"), "p1")
}

func textMany(w *listingWorld) {
	p := goods(1)
	for i := range catalog.TagsMax {
		p.Tags = append(p.Tags, strings.Repeat("x", 100)+fmt.Sprintf("%03d %03dy", i, i))
	}
	w.sold(p)
	w.lists("the last", web(), words(fmt.Sprintf("%03dy", catalog.TagsMax-1)), "p1")
	w.lists("many that begin so", web(), words("xxx"), "p1")
}
