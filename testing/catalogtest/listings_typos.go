package catalogtest

import (
	"fmt"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// listingsTypoClauses prove [listings-typos].
func listingsTypoClauses() []clausetest.Clause[ListingsHarness] {
	return listingCases("listings-typos",
		listingCase{"of every kind", typosOfKinds},
		listingCase{"when nothing is there as it is written", typosOnly},
		listingCase{"whatever the filters leave", typosFiltered},
		listingCase{"with its rank", typosRanked},
		listingCase{"of a vocabulary that changes", typosChange},
	)
}

func typosOfKinds(w *listingWorld) {
	p, q := goods(1), goods(2)
	p.Title, p.Type, p.Tags, p.Description = "Stoneware Mug", "Crème brûlée", []string{"gift 4006381"}, "porcelain"
	b := brandOf(1, "Denby")
	w.putBrand(b)
	p.BrandID, p.Brand = b.ID, "Denby"
	q.Title = "bowl"
	w.sold(p, q)
	for _, text := range []string{
		"stonewear", "stonware", "stoneqare", "stonewarees", "stnoewrae", "tsoneware", "toneware", "xstoneware", "xtoneware", "STÔNEWEAR", "mugs", "denbi", "dneby", "enby", "edenby",
		"cerme", "brulee creme", "brulle", "gifd", "gitf mug", "stonewear denbi mug",
	} {
		w.lists(text, web(), words(text), "p1")
	}
	for _, text := range []string{
		"mgu", "muk", "stonewrrrre", "xtonewear", "tsonewear", "dnebi", "gfti 4006381", "gift 4006382", "4006382", "porcelaim", "stonewear bole x", "stonewear bowl", "gi\u00a0ft",
	} {
		w.lists(text, web(), words(text), "")
	}
	for text, want := range map[string]string{"bowls": "p2", "mugs stonewear": "p1", "bwol' | x:*": "", "bwol %": "p2", `bwol\`: "p2", "bwol _": "p2", "b%wl": ""} {
		w.lists(text, web(), words(text), want)
	}
}

func typosOnly(w *listingWorld) {
	p, q, r := goods(1), goods(2), goods(3)
	p.Title, q.Title, r.Title = "Derby blue", "Denby blue", "Derby red"
	w.sold(p, q, r)
	w.lists("one that is there", web(), words("denby"), "p2")
	w.lists("words that are there, not of one product", web(), words("denby red"), "p3")
	w.lists("of two near", web(), words("denbi"), "p2")
	w.lists("of three", web(), words("deeby"), "p3 p2 p1")
	elsewhere := goods(4) // What the scope does not see is not there.
	elsewhere.Title, elsewhere.Status = "Darby", catalog.Draft
	w.sold(elsewhere)
	w.lists("a draft", web(), words("darby"), "p3 p1")
}

func typosFiltered(w *listingWorld) {
	w.furnished()
	w.lists("there, and all left out", web(), catalog.ListingQuery{Text: "thing", PriceMin: quid(90)}, "")
	p := goods(20)
	p.Title = "Think"
	w.sold(p)
	dear := catalog.ListingQuery{Text: "thing", PriceMin: quid(20)}
	w.lists("another word within the filters", web(), dear, "")
	w.facets("the facets of these", web(), dear, "category:", "brand:", "in_stock:", "featured:")
	dear.Text = "thinc"
	w.lists("near it", web(), dear, "p20")
	w.facets("the facets of that", web(), dear, "category:", "brand:", "in_stock: false=1", "featured: false=1")
}

func typosRanked(w *listingWorld) {
	w.marshy()
	for text, want := range map[string]string{"marhs": "p4=8 p3=4 p1=4 p2=2", "marhs mug": "p4=32 p2=8", "marhs mgu": ""} {
		var got []string
		for _, l := range w.list(web(), catalog.ListingQuery{Text: text, Sort: catalog.SortRelevance}) {
			got = append(got, fmt.Sprintf("%s=%d", l.Slug, l.Place.Rank))
		}
		if strings.Join(got, " ") != want {
			w.Errorf("%s: got %v, want %s", text, got, want)
		}
	}
}

func typosChange(w *listingWorld) {
	b := brandOf(1, "Marsh")
	w.putBrand(b)
	p := goods(1)
	p.BrandID, p.Brand = b.ID, "Marsh"
	w.sold(p)
	b.Name = "Pottery"
	w.putBrand(b)
	w.lists("a brand's new name", web(), words("potery"), "p1")
	w.lists("its old one", web(), words("marhs"), "")
	p.Title, p.Tags = "Saucer", []string{"teacup"}
	w.put(p)
	w.lists("a new title", web(), words("saucre"), "p1")
	w.lists("a new tag", web(), words("taecup"), "p1")
	w.lists("the old title", web(), words("thnig"), "") //nolint:misspell // On purpose.
	w.costs(price(1, 0, web(), 5))
	w.lists("after another price", web(), words("saucre"), "p1")
}
