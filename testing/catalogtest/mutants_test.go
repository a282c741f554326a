package catalogtest_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// flaw names what is broken in a sketch; "" is nothing.
type flaw string

// The flaws of reads of products.
const (
	anyStatus        flaw = "drafts are shown"
	oneChannel       flaw = "the channel is not asked for"
	closesLate       flaw = "a window closes a microsecond late"
	retiredSold      flaw = "what is retired is sold"
	emptyShown       flaw = "a product with nothing to sell is shown"
	sellsEverywhere  flaw = "a variant is sold in every channel"
	exactLocale      flaw = "a region does not fall back to its language"
	ownTexts         flaw = "texts are in the shop's own language"
	listInOwn        flaw = "the list is in the shop's own language"
	sellsInOwn       flaw = "what is sold is named in the shop's own language"
	dropsTags        flaw = "tags are dropped"
	dropsMetadata    flaw = "metadata are dropped"
	oldBrands        flaw = "products keep the first name of their brand"
	sharesProducts   flaw = "a product shares its lists with its readers"
	keepsCallers     flaw = "a product shares its lists with its writer"
	slugsByFold      flaw = "slugs are found in any case"
	inventsProducts  flaw = "an unknown product is an empty one"
	sellsTwice       flaw = "a variant that is named in two ways is given twice"
	servesLeft       flaw = "who is gone is served"
	oldestFirst      flaw = "the oldest come first"
	nextAlways       flaw = "the last page has a next place"
	tiesSkipped      flaw = "products of one instant are skipped"
	placesMustStay   flaw = "a place whose product is gone is the beginning"
	pagesBeforeClock flaw = "pages are cut before the clock hides products"
	movedForAll      flaw = "slugs lead to what the scope does not see"
	staysMoved       flaw = "a slug that a product has leads to it"
	forwardsNothing  flaw = "former slugs are not taken over"
	forwardsHad      flaw = "a former slug leads away from the product that has it"
	forwardsOnce     flaw = "a former slug keeps its first product"
	forwardsNowhere  flaw = "a former slug leads to a product that is not there"
	movesOnce        flaw = "slugs lead to slugs that were given up too"
	editsActive      flaw = "only active products can be edited"
	skusActive       flaw = "only active products own SKUs"
	countsActive     flaw = "only active products are counted"
)

// The flaws of reads of the rest.
const (
	dueByID           flaw = "products are due by their ids"
	dueLate           flaw = "products are due a microsecond late"
	dueForever        flaw = "products that are never due are"
	walksActive       flaw = "only active products are walked"
	walksByAge        flaw = "products are walked by age"
	walksAgain        flaw = "a walk begins with the last product again"
	flatRules         flaw = "rules lose what they combine"
	noVersion         flaw = "the structure has no version"
	firstCategories   flaw = "the structure has the first categories"
	oldPaths          flaw = "categories stay below their first parents"
	subtreeOneLevel   flaw = "a subtree has one level"
	subtreeBySlug     flaw = "a subtree is what begins with the slug"
	subtreeBackwards  flaw = "a subtree ends with itself"
	idsTwice          flaw = "a category that is named twice is given twice"
	idsOrNothing      flaw = "one unknown category hides all"
	brandsBySlug      flaw = "brands come by slug"
	brandsByCase      flaw = "capitals come first"
	nextBrandAlways   flaw = "a full last page of brands has a next place"
	inventsBrands     flaw = "an unknown brand is an empty one"
	exactNames        flaw = "brands are found by exact names"
	collectionsAlways flaw = "collections are shown before their time"
	dropsProducts     flaw = "collections lose their products"
	walksShown        flaw = "only collections without a window are walked"
	membersAnywhere   flaw = "members are those of the default channel"
	membersStay       flaw = "who was ever in a collection stays"
	membersOfNone     flaw = "a collection that is gone has members"
	membersByAge      flaw = "lists by hand are read by age"
	membersOldest     flaw = "the oldest members come first"
	nextMemberAlways  flaw = "a full last page of members has a next place"
)

// The flaws of commits.
const (
	keepsBrandsOfRefused  flaw = "a refused commit writes its brands"
	tellsRefused          flaw = "a refused commit tells its events"
	tellsBackwards        flaw = "events are told backwards"
	forgetsCategories     flaw = "categories do not outlive the store"
	takesOlder            flaw = "an older version is replaced"
	removesAnyVersion     flaw = "a brand is removed in any version"
	takesTwice            flaw = "a product is written twice in a commit"
	sharesSlugs           flaw = "two products have a slug"
	sharesSKUs            flaw = "two variants have a SKU"
	archivedFree          flaw = "the SKUs of archived products are free"
	keepsSKUs             flaw = "SKUs are not exchanged"
	forgetsMoves          flaw = "slugs that were given up lead nowhere"
	keepsMoves            flaw = "slugs that were taken lead to who gave them up"
	keepsFirstMover       flaw = "slugs lead to who gave them up first"
	namesByCase           flaw = "brands may differ in the case of their names"
	sharesCategorySlugs   flaw = "two categories have a slug"
	sharesCollectionSlugs flaw = "two collections have a slug"
	danglingBrands        flaw = "brands need not be there"
	danglingCategories    flaw = "categories need not be there"
	danglingParents       flaw = "parents need not be there"
	danglingProducts      flaw = "products of collections need not be there"
	removesInUse          flaw = "what is in use is removed"
	removesParents        flaw = "a category is removed above others"
	keepsRuled            flaw = "collections by rule are not removed"
	collectionsAside      flaw = "collections do not raise the version of the structure"
	productsRaise         flaw = "products raise the version of the structure"
	anyStructure          flaw = "the version of the structure is not asked for"
	forgetsSweep          flaw = "the sweep is forgotten"
	restartsSweep         flaw = "a category starts the sweep anew"
)

// mutant makes a sketch with a flaw.
func mutant(f flaw, kills ...string) clausetest.Mutant[catalogtest.Harness] {
	return clausetest.Mutant[catalogtest.Harness]{
		Name: string(f), Kills: kills, Open: func(catalogtest.TB) catalogtest.Harness { return newSketch(f).harness() },
	}
}

type mutants = []clausetest.Mutant[catalogtest.Harness]

func TestProductsMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, catalogtest.ProductsClauses(), mutants{
		mutant(""),
		mutant(anyStatus, "products-scope"),
		// Whose lists and slugs are those of another channel.
		mutant(oneChannel, "products-scope", "products-keyset", "products-moved"),
		mutant(closesLate, "products-scope", "products-keyset"),
		mutant(retiredSold, "products-scope"),
		mutant(emptyShown, "products-scope"),
		mutant(sellsEverywhere, "products-scope"),
		mutant(exactLocale, "products-locale"),
		mutant(ownTexts, "products-locale"),
		mutant(listInOwn, "products-locale"),
		mutant(sellsInOwn, "products-locale"),
		// What is dropped is missing in every language.
		mutant(dropsTags, "products-find", "products-locale"),
		mutant(dropsMetadata, "products-find"),
		mutant(oldBrands, "products-find"),
		mutant(sharesProducts, "products-find"),
		mutant(keepsCallers, "products-find"),
		mutant(slugsByFold, "products-find"),
		// What is hidden is not there either.
		mutant(inventsProducts, "products-find", "products-scope"),
		mutant(sellsTwice, "products-find"),
		mutant(servesLeft, "products-find"),
		// The order of whole products shows in their list.
		mutant(oldestFirst, "products-keyset", "products-find"),
		mutant(nextAlways, "products-keyset"),
		mutant(tiesSkipped, "products-keyset"),
		mutant(placesMustStay, "products-keyset"),
		mutant(pagesBeforeClock, "products-keyset"),
		mutant(movedForAll, "products-moved"),
		mutant(staysMoved, "products-moved"),
		mutant(movesOnce, "products-moved"),
		mutant(editsActive, "products-draft"),
		mutant(skusActive, "products-draft"),
		mutant(countsActive, "products-draft"),
	})
}

func TestUpkeepMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, catalogtest.UpkeepClauses(), mutants{
		mutant(""),
		mutant(dueByID, "upkeep-due"),
		mutant(dueLate, "upkeep-due"),
		mutant(dueForever, "upkeep-due"),
		mutant(walksActive, "upkeep-walk"),
		mutant(walksByAge, "upkeep-walk"),
		mutant(walksAgain, "upkeep-walk"),
		mutant(servesLeft, "upkeep-walk"),
	})
}

func TestCategoriesMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, catalogtest.CategoriesClauses(), mutants{
		mutant(""),
		mutant(flatRules, "categories-structure"),
		mutant(noVersion, "categories-structure"),
		mutant(firstCategories, "categories-structure"),
		mutant(servesLeft, "categories-structure"),
		mutant(oldPaths, "categories-subtree"),
		mutant(subtreeOneLevel, "categories-subtree", "categories-locale"),
		mutant(subtreeBySlug, "categories-subtree", "categories-locale"),
		mutant(subtreeBackwards, "categories-subtree", "categories-locale"),
		mutant(idsTwice, "categories-ids"),
		mutant(idsOrNothing, "categories-ids"),
		mutant(exactLocale, "categories-locale"),
		mutant(ownTexts, "categories-locale"),
	})
}

func TestBrandsMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, catalogtest.BrandsClauses(), mutants{
		mutant(""),
		mutant(brandsBySlug, "brands-list"),
		mutant(brandsByCase, "brands-list"),
		mutant(nextBrandAlways, "brands-list"),
		mutant(inventsBrands, "brands-find"),
		mutant(exactNames, "brands-find"),
		mutant(servesLeft, "brands-find"),
		mutant(exactLocale, "brands-locale"),
		mutant(ownTexts, "brands-locale"),
	})
}

func TestCollectionsMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, catalogtest.CollectionsClauses(), mutants{
		mutant(""),
		mutant(oneChannel, "collections-scope"),
		mutant(membersAnywhere, "collections-scope"),
		mutant(collectionsAlways, "collections-scope"),
		mutant(ownTexts, "collections-scope"),
		mutant(dropsProducts, "collections-find"),
		mutant(walksShown, "collections-find"),
		mutant(servesLeft, "collections-find"),
		mutant(membersStay, "collections-members"),
		mutant(membersOfNone, "collections-members"),
		mutant(membersByAge, "collections-keyset"),
		mutant(membersOldest, "collections-keyset"),
		mutant(nextMemberAlways, "collections-keyset"),
	})
}

func TestCommitterMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, catalogtest.CommitterClauses(), mutants{
		mutant(""),
		// A brand of a refused commit is found at the next try.
		mutant(keepsBrandsOfRefused, "catalog-atomic", "catalog-version"),
		mutant(tellsRefused, "catalog-atomic"),
		mutant(tellsBackwards, "catalog-atomic"),
		mutant(forgetsCategories, "catalog-atomic"),
		mutant(servesLeft, "catalog-atomic"),
		mutant(takesOlder, "catalog-version"),
		mutant(removesAnyVersion, "catalog-version"),
		mutant(takesTwice, "catalog-version"),
		mutant(sharesSlugs, "catalog-slug"),
		mutant(sharesSKUs, "catalog-slug"),
		mutant(archivedFree, "catalog-slug"),
		mutant(keepsSKUs, "catalog-slug"),
		mutant(forgetsMoves, "catalog-history"),
		mutant(keepsMoves, "catalog-history"),
		mutant(keepsFirstMover, "catalog-history"),
		mutant(forwardsNothing, "catalog-former"),
		mutant(forwardsHad, "catalog-former"),
		mutant(forwardsOnce, "catalog-former"),
		mutant(forwardsNowhere, "catalog-former"),
		mutant(namesByCase, "catalog-names"),
		mutant(sharesCategorySlugs, "catalog-names"),
		mutant(sharesCollectionSlugs, "catalog-names"),
		mutant(danglingBrands, "catalog-reference"),
		mutant(danglingCategories, "catalog-reference"),
		mutant(danglingParents, "catalog-reference"),
		mutant(danglingProducts, "catalog-reference"),
		mutant(removesInUse, "catalog-remove"),
		mutant(removesParents, "catalog-remove"),
		mutant(keepsRuled, "catalog-remove"),
		mutant(collectionsAside, "catalog-structure"),
		mutant(productsRaise, "catalog-structure"),
		mutant(anyStructure, "catalog-structure"),
		mutant(forgetsSweep, "catalog-sweep"),
		mutant(restartsSweep, "catalog-sweep"),
	})
}

// slugs makes slugs as the function does.
type slugs func(string) string

func (f slugs) Slug(text string) string { return f(text) }

// plain makes slugs of what is kept of each letter, at most so long.
func plain(text string, most int, keep func(r rune) string) string {
	var b strings.Builder
	parts := strings.FieldsFunc(text, func(r rune) bool { return keep(r) == "" })
	for i, part := range parts {
		if i > 0 {
			b.WriteByte('-')
		}
		for _, r := range part {
			b.WriteString(keep(r))
		}
	}
	out := b.String()
	return strings.Trim(out[:min(len(out), most)], "-")
}

func letters(r rune) string {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return string(r)
	case r >= 'A' && r <= 'Z':
		return string(r + 'a' - 'A')
	default:
		return ""
	}
}

func TestSluggerMutants(t *testing.T) {
	t.Parallel()
	slugger := func(name string, made func() slugs, kills ...string) clausetest.Mutant[catalog.Slugger] {
		return clausetest.Mutant[catalog.Slugger]{Name: name, Kills: kills, Open: func(catalogtest.TB) catalog.Slugger { return made() }}
	}
	fixed := func(f slugs) func() slugs { return func() slugs { return f } }
	clausetest.TestMutants(t, catalogtest.SluggerClauses(), []clausetest.Mutant[catalog.Slugger]{
		slugger("", fixed(func(s string) string { return plain(s, catalog.SlugMax, letters) })),
		slugger("a slug has any length", fixed(func(s string) string { return plain(s, 1<<20, letters) }), "slugger-form"),
		slugger("many words have two hyphens", fixed(func(s string) string {
			return strings.Replace(plain(s, catalog.SlugMax, letters), "-word-", "--word-", 1)
		}), "slugger-form"),
		slugger("digits are left out", fixed(func(s string) string {
			return plain(s, catalog.SlugMax, func(r rune) string { return strings.Trim(letters(r), "0123456789") })
		}), "slugger-form", "slugger-stable"),
		slugger("a text has another slug the second time", func() slugs {
			var mu sync.Mutex
			seen := map[string]bool{}
			return func(s string) string {
				mu.Lock()
				defer mu.Unlock()
				again := seen[s]
				seen[s] = true
				if again {
					return plain(s+" 2", catalog.SlugMax, letters)
				}
				return plain(s, catalog.SlugMax, letters)
			}
		}, "slugger-stable"),
		slugger("capitals are left out", fixed(func(s string) string {
			return plain(strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), catalog.SlugMax, letters)
		}), "slugger-case"),
	})
}
