package orderingtest_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// The flaws of a sketch's commits.
const (
	halfOnFault               flaw = "a fault leaves the attachments behind"
	keepsAttachmentsOfRefused flaw = "a commit that is short keeps its attachments"
	piecemeal                 flaw = "the record is seen before the rest"
	stockBeforeVersions       flaw = "stock is judged before versions"
	emptyIsMalformed          flaw = "an empty commit is refused"
	oldCart                   flaw = "an old version of a cart is replaced"
	oldPayment                flaw = "an old version of a payment is replaced"
	staleStock                flaw = "stock is read before its commit's turn"
	namesFirstShort           flaw = "only the first short line is named"
	restocksAgain             flaw = "what came back comes back again"
	forgetsExtend             flaw = "an extension is forgotten"
	forgetsOwed               flaw = "an order does not say what is promised beyond stock"
	alwaysSteady              flaw = "every outcome is steady"
	forgetsRelease            flaw = "a release has no movement"
	keysOfAnyRoute            flaw = "a key is of every route"
	forgetsAnswer             flaw = "an answer at the beginning is forgotten"
	takesTooEarly             flaw = "a lease is taken before it is over"
	anybodyFinishes           flaw = "who lost the lease may finish"
	ignoresFingerprint        flaw = "the fingerprint is ignored"
	halfFingerprint           flaw = "half of the fingerprint is compared"
	tellsReplays              flaw = "a replay tells its events"
	tellsBackwards            flaw = "the events of a commit are told backwards"
	doublesEvents             flaw = "the last of many events is told twice"
	dropsManyEvents           flaw = "events after the thousandth are dropped"
	keepsFirstAttachment      flaw = "an attachment is not replaced"
	cutsAttachments           flaw = "a large attachment is cut"
	ordersAgain               flaw = "a completed cart is ordered again"
	doubleNumbers             flaw = "numbers are not unique"
	forgetsRecords            flaw = "records do not outlive the store"
	forgetsClaims             flaw = "claims do not outlive the store"
	lostIsUnavailable         flaw = "a lost answer is said to be none"
	faultIsInternal           flaw = "a fault has the wrong kind"
	yesToWhoLeft              flaw = "a caller who left is told yes"
)

// The flaws of a sketch's reads.
const (
	keepsCallersCart flaw = "a cart shares its lines with its writer"
	sharesCart       flaw = "a cart shares its lines with its readers"
	inventsCarts     flaw = "an unknown cart is an empty one"
	cutsTimes        flaw = "times have milliseconds"
	cutsLines        flaw = "a cart has 999 lines"
	inventsOrders    flaw = "an unknown order is an empty one"
	tornOrders       flaw = "payments are read after the order"
	dropsBilling     flaw = "the billing address is dropped"
	newestFirst      flaw = "payments come newest first"
	movesChanged     flaw = "a payment that changes moves"
	sharesOrder      flaw = "an order shares its lists with its readers"
)

// mutant makes a sketch with a flaw.
func mutant(f flaw, kills ...string) clausetest.Mutant[orderingtest.Harness] {
	return clausetest.Mutant[orderingtest.Harness]{
		Name: string(f), Kills: kills, Open: func(orderingtest.TB) orderingtest.Harness { return newSketch(f).harness() },
	}
}

func TestCommitterMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, orderingtest.CommitterClauses(), append(cartMutants(), []clausetest.Mutant[orderingtest.Harness]{
		mutant(""),
		mutant(halfOnFault, "commit-atomic"),
		mutant(keepsAttachmentsOfRefused, "commit-atomic"),
		mutant(piecemeal, "commit-atomic"),
		mutant(stockBeforeVersions, "commit-decide"),
		mutant(emptyIsMalformed, "commit-decide"),
		mutant(oldCart, "commit-version"),
		mutant(oldPayment, "commit-version"),
		mutant(staleStock, "commit-stock"),
		mutant(namesFirstShort, "commit-stock"),
		mutant(restocksAgain, "commit-stock"),
		mutant(forgetsExtend, "commit-stock"),
		mutant(forgetsOwed, "commit-stock"),
		mutant(alwaysSteady, "commit-steady"),
		mutant(forgetsRelease, "commit-ledger"),
		mutant(keysOfAnyRoute, "commit-command"),
		mutant(forgetsAnswer, "commit-command"),
		mutant(takesTooEarly, "commit-lease"),
		mutant(anybodyFinishes, "commit-lease"),
		mutant(ignoresFingerprint, "commit-fingerprint"),
		mutant(halfFingerprint, "commit-fingerprint"),
		// A replay that tells is also a commit that is true in part.
		mutant(tellsReplays, "commit-events", "commit-atomic"),
		mutant(tellsBackwards, "commit-events"),
		mutant(doublesEvents, "commit-events"),
		mutant(dropsManyEvents, "commit-events"),
		mutant(keepsFirstAttachment, "commit-attach"),
		mutant(cutsAttachments, "commit-attach"),
		mutant(ordersAgain, "commit-live"),
		mutant(doubleNumbers, "commit-number"),
		mutant(keepsDone, "commit-inbox"),
		mutant(keepsFirstEvent, "commit-inbox"),
		mutant(oneProvider, "commit-inbox"),
		mutant(forgetsRecords, "commit-durable"),
		mutant(forgetsClaims, "commit-durable"),
		mutant(lostIsUnavailable, "commit-lost"),
		mutant(faultIsInternal, "commit-lost"),
		mutant(yesToWhoLeft, "commit-lost"),
	}...))
}

func TestCartsMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, orderingtest.CartsClauses(), append(findingMutants(), []clausetest.Mutant[orderingtest.Harness]{
		mutant(""),
		mutant(keepsCallersCart, "carts-read"),
		mutant(sharesCart, "carts-read"),
		mutant(inventsCarts, "carts-read"),
		mutant(cutsTimes, "carts-read"),
		mutant(cutsLines, "carts-read"),
	}...))
}

func TestOrdersMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, orderingtest.OrdersClauses(), append(orderMutants(), []clausetest.Mutant[orderingtest.Harness]{
		mutant(""),
		mutant(inventsOrders, "orders-read"),
		mutant(tornOrders, "orders-read"),
		mutant(dropsBilling, "orders-read"),
		mutant(newestFirst, "orders-read"),
		mutant(movesChanged, "orders-read"),
		mutant(sharesOrder, "orders-read"),
	}...))
}

func TestPaymentInboxMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, orderingtest.InboxClauses(), []clausetest.Mutant[orderingtest.Harness]{
		mutant(""),
		mutant(waitsTooLong, "inbox-waiting"),
		mutant(inboxUnbounded, "inbox-waiting"),
	})
}

func TestInboxSweeperMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, orderingtest.InboxSweeperClauses(), []clausetest.Mutant[orderingtest.Harness]{
		mutant(""),
		mutant(sweepsYoung, "inbox-sweep"),
		mutant(sweepsAll, "inbox-sweep"),
		mutant(sweepsWaiting, "inbox-sweep"),
		mutant(sweepsAgain, "inbox-sweep"),
	})
}
