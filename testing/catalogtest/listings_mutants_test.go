package catalogtest_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// listingFlaw names what is broken in a sketch of lists; "" is nothing.
type listingFlaw string

// The flaws of what is listed and what it costs.
const (
	listsDrafts         listingFlaw = "drafts are listed"
	listsAnyTime        listingFlaw = "windows of products are ignored"
	listsUnpriced       listingFlaw = "what has no price is listed"
	listsAnyChannel     listingFlaw = "the channel of products is not asked for"
	servesGone          listingFlaw = "who is gone is served"
	dearestVariant      listingFlaw = "the dearest variant is shown"
	retiredVariant      listingFlaw = "what a retired variant costs counts"
	firstPrices         listingFlaw = "the first price stays"
	standingPrices      listingFlaw = "the price of now is that of any moment"
	forgetsLowest       listingFlaw = "the lowest price is forgotten"
	forgetsCompareAt    listingFlaw = "the former price is forgotten"
	sharesPrices        listingFlaw = "prices are shared with readers"
	stockOfUnpriced     listingFlaw = "the stock of what has no price counts"
	stockAtProduct      listingFlaw = "stock counts as it was when the product was saved"
	stockWithoutClaim   listingFlaw = "what is claimed is in stock"
	stockWithoutPromise listingFlaw = "what can be promised is not in stock"
)

// The flaws of the rest.
const (
	ownLanguage     listingFlaw = "titles are in the shop's language"
	ownBrandNames   listingFlaw = "names of brands are in the shop's language"
	savedBrands     listingFlaw = "a brand has the name that it had when the product was saved"
	anyPicture      listingFlaw = "a picture from elsewhere is shown"
	forgetsFeatured listingFlaw = "featured is forgotten"
	anyBrand        listingFlaw = "the first brand alone is asked for"
	oneLevel        listingFlaw = "what is below a category is left out"
	exclusivePrice  listingFlaw = "the highest price is left out"
	ignoresStock    listingFlaw = "a filter by stock is ignored"
	wholeWords      listingFlaw = "the beginning of a word is not found"
	anyWord         listingFlaw = "one word of many is enough"
	noBrandWords    listingFlaw = "brands are not searched"
	noDescriptions  listingFlaw = "descriptions are not searched"
	marksCount      listingFlaw = "letters with marks are others than those without"
	flatRanks       listingFlaw = "all matches are as good"
	unstableTies    listingFlaw = "equal products come in the order of ids whichever way the list goes"
	foldsNames      listingFlaw = "names are sorted without their accents"
	skipsTies       listingFlaw = "a page begins behind all that are equal to the last"
	falseNext       listingFlaw = "a full page always has a next one"
	repeatsLast     listingFlaw = "a page begins with the last of the one before"
	narrowFacets    listingFlaw = "a facet is narrowed by its own filter"
	doubleFacets    listingFlaw = "a product is counted in a category once for each way"
	hidesSelected   listingFlaw = "what is selected and has no product is left out"
	flatFacets      listingFlaw = "a product is counted in its own categories alone"
)

// The flaws of typos, and of what is found too often.
const (
	noTypos         listingFlaw = "what is not there as it is written is not found"
	alwaysTypos     listingFlaw = "typos count beside what is there as it is written"
	filteredTypos   listingFlaw = "whether anything is there as it is written is asked within the filters"
	proseTypos      listingFlaw = "typos count in descriptions"
	plainFacets     listingFlaw = "facets know no typos"
	rankEverything  listingFlaw = "everything is ranked"
	rankOldest      listingFlaw = "the oldest are ranked"
	neverSays       listingFlaw = "a list does not say that it is approximate"
	alwaysSays      listingFlaw = "a list that is just complete says that it is approximate"
	cutsAnyOrder    listingFlaw = "lists in any order end behind the newest"
	cutsFirst       listingFlaw = "what filters leave out takes the place of others"
	countEverything listingFlaw = "everything is counted in facets"
	silentFacets    listingFlaw = "facets do not say that they are approximate"
)

// listingMutant makes a sketch with a flaw.
func listingMutant(f listingFlaw, kills ...string) clausetest.Mutant[catalogtest.ListingsHarness] {
	return clausetest.Mutant[catalogtest.ListingsHarness]{
		Name: string(f), Kills: kills, Open: func(clausetest.TB) catalogtest.ListingsHarness { return newShelves(f).harness() },
	}
}

func TestListingsMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, catalogtest.ListingsClauses(), []clausetest.Mutant[catalogtest.ListingsHarness]{
		listingMutant(""),
		// What the scope does not see is not there as it is written either.
		listingMutant(listsDrafts, "listings-shown", "listings-typos"),
		listingMutant(listsAnyTime, "listings-shown"),
		listingMutant(listsUnpriced, "listings-shown"),
		listingMutant(listsAnyChannel, "listings-shown"),
		listingMutant(servesGone, "listings-shown"),
		listingMutant(dearestVariant, "listings-price"),
		listingMutant(retiredVariant, "listings-price"),
		listingMutant(firstPrices, "listings-price"),
		// Facets that count by another price count other products.
		listingMutant(standingPrices, "listings-price", "listings-facets"),
		listingMutant(forgetsLowest, "listings-price"),
		listingMutant(forgetsCompareAt, "listings-price"),
		listingMutant(sharesPrices, "listings-price"),
		listingMutant(stockOfUnpriced, "listings-stock"),
		listingMutant(stockAtProduct, "listings-stock"),
		listingMutant(stockWithoutClaim, "listings-stock"),
		listingMutant(stockWithoutPromise, "listings-stock"),
		listingMutant(ownLanguage, "listings-summary"),
		listingMutant(ownBrandNames, "listings-summary"),
		listingMutant(savedBrands, "listings-summary"),
		listingMutant(anyPicture, "listings-summary"),
		listingMutant(forgetsFeatured, "listings-summary"),
		listingMutant(anyBrand, "listings-filter"),
		listingMutant(oneLevel, "listings-filter"),
		listingMutant(exclusivePrice, "listings-filter"),
		listingMutant(ignoresStock, "listings-filter"),
		listingMutant(wholeWords, "listings-text"),
		// A search of two words, one of them with a typo, finds what has the other one.
		listingMutant(anyWord, "listings-text", "listings-typos"),
		listingMutant(noBrandWords, "listings-text", "listings-typos"),
		listingMutant(noDescriptions, "listings-text"),
		listingMutant(marksCount, "listings-text"),
		// Ranks are also what lists by relevance go by.
		listingMutant(flatRanks, "listings-text", "listings-typos", "listings-broad"),
		listingMutant(unstableTies, "listings-sort"),
		listingMutant(foldsNames, "listings-sort"),
		listingMutant(skipsTies, "listings-keyset"),
		listingMutant(falseNext, "listings-keyset"),
		listingMutant(repeatsLast, "listings-keyset"),
		// What is narrowed is not too broad.
		listingMutant(narrowFacets, "listings-facets", "listings-broad"),
		listingMutant(doubleFacets, "listings-facets"),
		listingMutant(hidesSelected, "listings-facets"),
		listingMutant(flatFacets, "listings-facets"),
		listingMutant(noTypos, "listings-typos"),
		listingMutant(alwaysTypos, "listings-typos"),
		listingMutant(filteredTypos, "listings-typos"),
		listingMutant(proseTypos, "listings-typos"),
		listingMutant(plainFacets, "listings-typos"),
		listingMutant(rankEverything, "listings-broad"),
		listingMutant(rankOldest, "listings-broad"),
		listingMutant(neverSays, "listings-broad"),
		listingMutant(alwaysSays, "listings-broad"),
		listingMutant(cutsAnyOrder, "listings-broad"),
		listingMutant(cutsFirst, "listings-broad"),
		listingMutant(countEverything, "listings-broad"),
		listingMutant(silentFacets, "listings-broad"),
	})
}

var _ catalog.Listings = (*shelves)(nil)
