package customerstest_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/customerstest"
)

// The flaws of a sketch's commits.
const (
	keepsRefused      flaw = "a refused commit leaves its events behind"
	emailFirst        flaw = "addresses are judged before versions"
	oldGroups         flaw = "an old version of a group is replaced"
	staleFacts        flaw = "facts are read before the commit's turn"
	emailsTwice       flaw = "two customers have one address"
	erasedKeep        flaw = "an erased customer keeps the address"
	referencesTwice   flaw = "two customers have one reference"
	referencesOfAll   flaw = "a reference is of every source"
	consentsOnce      flaw = "a consent that is said again is dropped"
	tellsBackwards    flaw = "the events of a commit are told backwards"
	lonelyEntriesLost flaw = "a commit of entries alone is dropped"
	forgetsConsents   flaw = "consents do not outlive the store"
)

// The flaws of a sketch's reads.
const (
	inventsCustomers flaw = "an unknown customer is an empty one"
	sharesAddresses  flaw = "a customer shares the addresses"
	findsNone        flaw = "no address finds a customer without one"
	findsFormer      flaw = "a former address finds its customer"
	anySource        flaw = "a reference finds customers of any source"
	pagesOverlap     flaw = "a page begins with the last customer of the one before"
	ignoresGroup     flaw = "the group is ignored"
	hidesArchived    flaw = "archived groups are hidden"
	consentsByTime   flaw = "consents come by their time"
	countsErased     flaw = "erased customers count"
)

// mutant makes a sketch with a flaw.
func mutant(f flaw, kills ...string) clausetest.Mutant[customerstest.Harness] {
	return clausetest.Mutant[customerstest.Harness]{
		Name: string(f), Kills: kills, Open: func(customerstest.TB) customerstest.Harness { return newSketch(f).harness() },
	}
}

type mutants = []clausetest.Mutant[customerstest.Harness]

func TestCommitterMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, customerstest.CommitterClauses(), mutants{
		mutant(""),
		mutant(keepsRefused, "customers-atomic"),
		mutant(emailFirst, "customers-decide"),
		mutant(oldGroups, "customers-version"),
		// Who decides on what held before cannot but break all that races.
		mutant(staleFacts, "customers-version", "customers-email", "customers-reference"),
		mutant(emailsTwice, "customers-email", "customers-decide", "customers-atomic"),
		mutant(erasedKeep, "customers-email"),
		mutant(referencesTwice, "customers-reference"),
		mutant(referencesOfAll, "customers-reference"),
		mutant(consentsOnce, "customers-consent"),
		mutant(tellsBackwards, "customers-events"),
		mutant(lonelyEntriesLost, "customers-audit"),
		mutant(forgetsConsents, "customers-durable"),
	})
}

func TestCustomersMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, customerstest.CustomersClauses(), mutants{
		mutant(""),
		mutant(inventsCustomers, "customers-read"),
		mutant(sharesAddresses, "customers-read"),
		mutant(findsNone, "customers-find"),
		mutant(findsFormer, "customers-find"),
		mutant(anySource, "customers-find"),
		mutant(pagesOverlap, "customers-list"),
		mutant(ignoresGroup, "customers-list"),
		mutant(hidesArchived, "customers-groups"),
		mutant(consentsByTime, "customers-consents"),
		mutant(countsErased, "customers-count"),
	})
}
