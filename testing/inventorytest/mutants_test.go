package inventorytest_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/inventorytest"
)

// The flaws of a sketch's commits.
const (
	keepsRefusedPlaces flaw = "a location of a refused commit is kept"
	tellsRefused       flaw = "a refused commit tells its events"
	ignoresGone        flaw = "who is gone is served"
	countsAnyway       flaw = "a count is taken whatever was on hand"
	staysHome          flaw = "one of the goods of a transfer stays"
	releasesAll        flaw = "all is given up once some has left"
	forgetsSent        flaw = "what came back damaged is forgotten"
	ignoresPriority    flaw = "claims draw by code alone"
	takesAnySite       flaw = "a location is written over any version"
	takesAnyPolicy     flaw = "a policy is written over any version"
	staleKeys          flaw = "keys are read before the commit's turn"
	tellsAgain         flaw = "an adjustment that was applied is told again"
	tellsNothing       flaw = "a commit that changes nothing tells its events"
	forgetsRelease     flaw = "a release has no movement"
	staleLevels        flaw = "levels are read before the commit's turn"
	stalePromises      flaw = "promises are read before the commit's turn"
	preordersForEver   flaw = "a preorder has no end"
	forgetsOwed        flaw = "what was owed is never owed less"
	fillsNewest        flaw = "who came last is filled first"
	fillsLater         flaw = "what an order gives up fills nobody"
	hidesFills         flaw = "fills are not told"
	sweepsConsumed     flaw = "what left is taken away"
	opensClosed        flaw = "a closed location takes all"
	closesOccupied     flaw = "a location with stock is closed"
	closesClaimed      flaw = "a location with claimed stock is closed"
	forgetsKeys        flaw = "keys do not outlive the store"
	forgetsPolicies    flaw = "policies do not outlive the store"
	forgetsPlaces      flaw = "locations do not outlive the store"
)

// The flaws of a sketch's reads.
const (
	readsForGone     flaw = "who is gone may read"
	oneLocation      flaw = "the default location alone is available"
	hidesPromises    flaw = "policies are not told"
	hidesZero        flaw = "what is used up is left out"
	inventsSKUs      flaw = "an unknown SKU is there"
	hundredSKUs      flaw = "a hundred SKUs at most"
	levelsByPriority flaw = "levels come by priority"
	nameless         flaw = "an unknown SKU has no name"
	oldestFirst      flaw = "the oldest movement comes first"
	repeatsEntry     flaw = "a page begins with the last of the one before"
	anySKU           flaw = "movements of any SKU are given"
	forgetsReason    flaw = "a movement has no reason"
	endlessPages     flaw = "the last full page has a next one"
	sweepsSettled    flaw = "settled claims lapse"
	sweepsForever    flaw = "claims without an end lapse"
	sweepsLate       flaw = "a claim lapses too late"
	sweepsByID       flaw = "lapsed claims come by id"
	sweepsUnbounded  flaw = "all lapsed claims are given"
	hidesDefault     flaw = "the default location is not there"
	hidesClosed      flaw = "closed locations are not there"
	placesByCode     flaw = "locations come by code"
)

func TestStockMutants(t *testing.T) {
	t.Parallel()
	mutant := func(f flaw, kills ...string) clausetest.Mutant[inventorytest.Harness] {
		return clausetest.Mutant[inventorytest.Harness]{
			Name: string(f), Kills: kills, Open: func(inventorytest.TB) inventorytest.Harness { return newSketch(f).harness() },
		}
	}
	clausetest.TestMutants(t, inventorytest.StockClauses(), []clausetest.Mutant[inventorytest.Harness]{
		mutant(""),
		mutant(keepsRefusedPlaces, "stock-atomic"),
		mutant(tellsRefused, "stock-atomic"),
		mutant(ignoresGone, "stock-atomic"),
		mutant(countsAnyway, "stock-rule"),
		mutant(staysHome, "stock-rule"),
		mutant(releasesAll, "stock-rule"),
		mutant(forgetsSent, "stock-rule"),
		mutant(ignoresPriority, "stock-rule"),
		mutant(takesAnySite, "stock-version"),
		mutant(takesAnyPolicy, "stock-version"),
		mutant(staleKeys, "stock-key"),
		mutant(tellsAgain, "stock-key"),
		mutant(tellsNothing, "stock-key"),
		mutant(forgetsRelease, "stock-ledger"),
		mutant(staleLevels, "stock-oversell"),
		mutant(stalePromises, "stock-oversell"),
		mutant(preordersForEver, "stock-oversell"),
		mutant(forgetsOwed, "stock-owed"),
		mutant(fillsNewest, "stock-owed"),
		mutant(fillsLater, "stock-owed"),
		mutant(hidesFills, "stock-owed"),
		mutant(sweepsConsumed, "stock-once"),
		mutant(opensClosed, "stock-closed"),
		mutant(closesOccupied, "stock-closed"),
		mutant(closesClaimed, "stock-closed"),
		mutant(forgetsKeys, "stock-durable"),
		mutant(forgetsPolicies, "stock-durable"),
		mutant(forgetsPlaces, "stock-durable"),
		mutant(oneLocation, "stock-available"),
		mutant(hidesPromises, "stock-available"),
		mutant(hidesZero, "stock-available"),
		mutant(inventsSKUs, "stock-available"),
		mutant(hundredSKUs, "stock-available"),
		mutant(levelsByPriority, "stock-position"),
		mutant(nameless, "stock-position"),
		mutant(oldestFirst, "stock-movements"),
		mutant(repeatsEntry, "stock-movements"),
		mutant(anySKU, "stock-movements"),
		mutant(forgetsReason, "stock-movements"),
		mutant(endlessPages, "stock-movements"),
		mutant(sweepsSettled, "stock-lapsed"),
		mutant(sweepsForever, "stock-lapsed"),
		mutant(sweepsLate, "stock-lapsed"),
		mutant(sweepsByID, "stock-lapsed"),
		mutant(sweepsUnbounded, "stock-lapsed"),
		mutant(hidesDefault, "stock-locations"),
		mutant(hidesClosed, "stock-locations"),
		mutant(placesByCode, "stock-locations"),
	})
}
