package portstest_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

// The flaws of a sketch's commands.
const (
	servesWhoLeft       flaw = "a caller who left is served"
	forgetsCommands     flaw = "records do not outlive the store"
	keepsRefusedCommand flaw = "a refused commit begins its command"
	keysOfAnyActor      flaw = "a key is of every actor"
	sharesAnswer        flaw = "an answer is shared with its readers"
	inventsRecords      flaw = "an unknown record is an empty one"
	cutsLease           flaw = "leases have seconds"
	sweepsNewest        flaw = "the newest records are swept first"
	sweepsAtOnce        flaw = "records of the time itself are swept"
	sweepsOpen          flaw = "unanswered records are swept"
	sweepsBeyond        flaw = "records are swept beyond the limit"
	sweepsNothing       flaw = "records are only said to be swept"
)

// The flaws of a sketch's desk of commands.
const (
	beginsOver         flaw = "a second beginning replaces the first"
	beginsUnanswered   flaw = "what is begun is never answered"
	takesAlive         flaw = "a lease that is alive is taken"
	keepsLeases        flaw = "an owner does not end its lease"
	finishesForAll     flaw = "who was overtaken answers"
	finishesNamelessly flaw = "an answer names no subject"
	finishesAnew       flaw = "a second answer counts"
	dropsForAll        flaw = "who was overtaken drops"
	dropsAnswered      flaw = "what is answered is dropped"
	dropsNothing       flaw = "what is dropped stays"
	comparesNothing    flaw = "fingerprints are not compared"
	deskOfItsOwn       flaw = "the desk does not see what commits began"
)

// The flaws of a sketch's outbox.
const (
	forgetsCursors     flaw = "cursors do not outlive the store"
	forgetsLeases      flaw = "a restart ends all leases"
	forgetsParked      flaw = "what is parked does not outlive the store"
	keepsRefusedEvents flaw = "a refused commit tells its events"
	skipsSlow          flaw = "a slow commit is skipped"
	swapsLate          flaw = "late events of an aggregate change places"
	wakesOne           flaw = "one of those who listen is woken, if any"
	sharesNothing      flaw = "nobody gives up what is beyond its share"
	robs               flaw = "leases are taken that are alive"
	renewsToken        flaw = "a renewed lease has a new token"
	renewsNothing      flaw = "a lease is not lengthened"
	releasesAll        flaw = "who leaves frees the leases of all"
	knowsNoTokens      flaw = "tokens are not compared"
	readsWithoutLease  flaw = "who lost a lease may read"
	acksWithoutLease   flaw = "who lost a lease may acknowledge"
	readsAll           flaw = "what is not leased is read too"
	limitsInAll        flaw = "the limit is that of all partitions together"
	cutsEventTimes     flaw = "the times of events have milliseconds"
	namesNoPartition   flaw = "every event is in the first partition"
	marksNothing       flaw = "events of parked aggregates are not marked"
	triesForEver       flaw = "what waits for somebody is due"
	triesAtOnce        flaw = "what waits for its time is due"
	forgetsAttempts    flaw = "attempts are not counted"
	newestDueFirst     flaw = "what waits comes newest first"
	acksBackwards      flaw = "an older cursor counts"
	keepsForEver       flaw = "what is kept without a failure waits for somebody"
	unparksNothing     flaw = "an aggregate stays parked"
	owesNoParked       flaw = "what is parked is not owed"
	owesBeyond         flaw = "what is owed is more than the limit"
	agesNoParked       flaw = "what is parked has no age"
	agesNewest         flaw = "the oldest is the newest"
)

// The flaws of a sketch's desk and sweep of the outbox.
const (
	listsFromTheStart  flaw = "the list begins at its start again"
	listsLastEvent     flaw = "the last event is shown for the first"
	oldestSkippedFirst flaw = "what was skipped first comes first"
	retriesNothing     flaw = "what is not parked is retried"
	retriesCounting    flaw = "a retry remembers attempts"
	retriesSilently    flaw = "a retry wakes nobody"
	skipsWithoutReason flaw = "an event is skipped without a reason"
	skipsOnTheQuiet    flaw = "reasons are forgotten"
	skipsAndRests      flaw = "what is left is not due"
	sweepsParked       flaw = "what is parked is swept"
	sweepsOthers       flaw = "what others are owed is swept"
	sweepsYoung        flaw = "young events are swept"
	sweepsEventsBeyond flaw = "events are swept beyond the limit"
	sweepsCursors      flaw = "a sweep moves cursors"
	remembers          flaw = "nobody is forgotten"
	remembersParked    flaw = "what is parked is not forgotten"
)

// The flaws of a sketch's jobs.
const (
	forgetsJobs       flaw = "jobs do not outlive the store"
	keepsRefusedJobs  flaw = "a refused commit enqueues its jobs"
	dropsCommitJobs   flaw = "a commit loses its jobs"
	takesMalformed    flaw = "malformed jobs are enqueued"
	takesTheRest      flaw = "of a call with a malformed job the others are enqueued"
	sharesPayloads    flaw = "payloads are shared"
	replacesJobs      flaw = "a job with a known id replaces it"
	callsOne          flaw = "one of those who listen is called, if any"
	keysOfAnyKind     flaw = "a key is of every kind"
	deadKeepKeys      flaw = "a dead job keeps its key"
	keepsFirstPayload flaw = "the earlier payload counts"
	runsNoMore        flaw = "a job that runs does not run once more"
	laterTime         flaw = "the later time counts"
	startsTickAgain   flaw = "a job that is registered again is due"
	keepsInterval     flaw = "a new interval does not count"
	driftsTicks       flaw = "ticks drift"
	recurringDies     flaw = "a recurring job dies"
	claimsAnyKind     flaw = "jobs of any kind are claimed"
	claimsBeyond      flaw = "jobs are claimed beyond the limit"
	youngestFirst     flaw = "the youngest due comes first"
	countsNothing     flaw = "runs that were lost are not counted"
	extendsNothing    flaw = "a lease is not extended"
	anybodyExtends    flaw = "who lost a job extends it"
	anybodyEnds       flaw = "who lost a job ends it"
	jobsHaveNoTokens  flaw = "the runs of one runner are one"
	countsHandedBack  flaw = "what is handed back was an attempt"
	retriesJobsAtOnce flaw = "a failed job is due at once"
	forgetsRunning    flaw = "leases that end are not told"
	listsAllDead      flaw = "the list of dead jobs begins at its start again"
	forgetsCause      flaw = "the cause of death is forgotten"
	retriesTheLiving  flaw = "a job that waits is retried"
	doublesKeys       flaw = "a retried job shares its key"
	dropsDeadOnly     flaw = "only dead jobs are dropped"
	lateBeforeDue     flaw = "a job is late before it is due"
	countsNoDead      flaw = "dead jobs are not counted"
)

// mutant makes a sketch with a flaw.
func mutant(f flaw, kills ...string) clausetest.Mutant[portstest.Harness] {
	return clausetest.Mutant[portstest.Harness]{
		Name: string(f), Kills: kills, Open: func(portstest.TB) portstest.Harness { return newSketch(f).harness() },
	}
}

func TestCommandsMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, portstest.CommandsClauses(), []clausetest.Mutant[portstest.Harness]{
		mutant(""),
		mutant(servesWhoLeft, "commands-find"),
		mutant(forgetsCommands, "commands-find"),
		mutant(keepsRefusedCommand, "commands-find"),
		mutant(keysOfAnyActor, "commands-find"),
		mutant(sharesAnswer, "commands-find"),
		mutant(inventsRecords, "commands-find"),
		mutant(cutsLease, "commands-find"),
	})
	clausetest.TestMutants(t, portstest.CommandDeskClauses(), []clausetest.Mutant[portstest.Harness]{
		mutant(""),
		mutant(servesWhoLeft, "desk-begin"),
		mutant(forgetsCommands, "desk-begin"),
		mutant(beginsOver, "desk-begin", "desk-one"), // What commits began too.
		mutant(beginsUnanswered, "desk-begin"),
		mutant(takesAlive, "desk-take"),
		mutant(keepsLeases, "desk-take"),
		mutant(finishesForAll, "desk-finish"),
		mutant(finishesNamelessly, "desk-finish", "desk-drop"),
		mutant(finishesAnew, "desk-finish"),
		mutant(dropsForAll, "desk-drop"),
		mutant(dropsAnswered, "desk-drop"),
		mutant(dropsNothing, "desk-drop"),
		mutant(comparesNothing, "desk-fingerprint"),
		mutant(deskOfItsOwn, "desk-one"),
	})
	clausetest.TestMutants(t, portstest.CommandSweeperClauses(), []clausetest.Mutant[portstest.Harness]{
		mutant(""),
		mutant(sweepsNewest, "commands-sweep"),
		mutant(sweepsAtOnce, "commands-sweep"),
		mutant(sweepsOpen, "commands-sweep"),
		mutant(sweepsBeyond, "commands-sweep"),
		mutant(sweepsNothing, "commands-sweep"),
	})
}

func TestOutboxMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, portstest.OutboxClauses(), []clausetest.Mutant[portstest.Harness]{
		mutant(""),
		mutant(sharesNothing, "outbox-lease"),
		mutant(robs, "outbox-lease"),
		mutant(renewsToken, "outbox-lease"),
		mutant(renewsNothing, "outbox-lease"),
		mutant(releasesAll, "outbox-lease"),
		mutant(forgetsLeases, "outbox-lease"),
		mutant(knowsNoTokens, "outbox-fence"),
		mutant(readsWithoutLease, "outbox-fence"),
		mutant(acksWithoutLease, "outbox-fence"),
		mutant(readsAll, "outbox-after", "outbox-fence"), // Who lost a lease reads too.
		mutant(limitsInAll, "outbox-after"),
		mutant(cutsEventTimes, "outbox-after"),
		mutant(namesNoPartition, "outbox-after"),
		mutant(keepsRefusedEvents, "outbox-committed"),
		mutant(skipsSlow, "outbox-committed"),
		mutant(swapsLate, "outbox-aggregate"),
		mutant(acksBackwards, "outbox-ack"),
		mutant(forgetsCursors, "outbox-ack"),
		mutant(marksNothing, "outbox-park"),
		mutant(triesForEver, "outbox-park"),
		mutant(triesAtOnce, "outbox-park"),
		mutant(forgetsAttempts, "outbox-park"),
		mutant(newestDueFirst, "outbox-park"),
		mutant(keepsForEver, "outbox-park"),
		mutant(unparksNothing, "outbox-park"),
		mutant(forgetsParked, "outbox-park"),
		mutant(owesNoParked, "outbox-owed"),
		mutant(owesBeyond, "outbox-owed"),
		mutant(agesNoParked, "outbox-oldest"),
		mutant(agesNewest, "outbox-oldest"),
		mutant(wakesOne, "outbox-wake"),
	})
}

func TestParkedEventsMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, portstest.ParkedEventsClauses(), []clausetest.Mutant[portstest.Harness]{
		mutant(""),
		mutant(listsFromTheStart, "parked-list"),
		mutant(listsLastEvent, "parked-list"),
		mutant(retriesNothing, "parked-retry"),
		mutant(retriesCounting, "parked-retry"),
		mutant(retriesSilently, "parked-retry"),
		mutant(oldestSkippedFirst, "parked-skip"),
		mutant(skipsWithoutReason, "parked-skip"),
		mutant(skipsOnTheQuiet, "parked-skip"),
		mutant(skipsAndRests, "parked-skip"),
	})
}

func TestOutboxSweeperMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, portstest.OutboxSweeperClauses(), []clausetest.Mutant[portstest.Harness]{
		mutant(""),
		mutant(sweepsParked, "outbox-sweep"),
		mutant(sweepsOthers, "outbox-sweep"),
		mutant(sweepsYoung, "outbox-sweep"),
		mutant(sweepsEventsBeyond, "outbox-sweep"),
		mutant(sweepsCursors, "outbox-sweep"),
		mutant(remembers, "outbox-forget"),
		mutant(remembersParked, "outbox-forget"),
	})
}

func TestJobsMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, portstest.JobsClauses(), []clausetest.Mutant[portstest.Harness]{
		mutant(""),
		mutant(forgetsJobs, "jobs-enqueue"),
		mutant(keepsRefusedJobs, "jobs-enqueue"),
		mutant(dropsCommitJobs, "jobs-enqueue", "jobs-wake"), // And wakes nobody for them.
		mutant(takesMalformed, "jobs-enqueue"),
		mutant(takesTheRest, "jobs-enqueue"),
		mutant(replacesJobs, "jobs-enqueue"),
		mutant(sharesPayloads, "jobs-enqueue"),
		mutant(callsOne, "jobs-wake"),
		mutant(keysOfAnyKind, "jobs-key"),
		mutant(deadKeepKeys, "jobs-key"),
		mutant(keepsFirstPayload, "jobs-key"),
		mutant(runsNoMore, "jobs-key"),
		mutant(laterTime, "jobs-key"),
		mutant(startsTickAgain, "jobs-every"),
		mutant(keepsInterval, "jobs-every"),
		mutant(driftsTicks, "jobs-every"),
		mutant(recurringDies, "jobs-every"),
		mutant(claimsAnyKind, "jobs-lease", "jobs-next"), // And tells of them.
		mutant(claimsBeyond, "jobs-lease", "jobs-next"),  // And leaves nothing to be told.
		mutant(youngestFirst, "jobs-lease"),
		mutant(countsNothing, "jobs-lease"),
		mutant(extendsNothing, "jobs-lease"),
		mutant(anybodyExtends, "jobs-fence"),
		mutant(anybodyEnds, "jobs-fence"),
		mutant(jobsHaveNoTokens, "jobs-fence"),
		mutant(countsHandedBack, "jobs-finish"),
		mutant(retriesJobsAtOnce, "jobs-finish"),
		mutant(forgetsRunning, "jobs-next"),
	})
}

func TestJobsDeskMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, portstest.JobsDeskClauses(), []clausetest.Mutant[portstest.Harness]{
		mutant(""),
		mutant(listsAllDead, "jobs-dead"),
		mutant(forgetsCause, "jobs-dead"),
		mutant(retriesTheLiving, "jobs-dead"),
		mutant(doublesKeys, "jobs-dead"),
		mutant(dropsDeadOnly, "jobs-dead"),
		mutant(lateBeforeDue, "jobs-figures"),
		mutant(countsNoDead, "jobs-figures"),
	})
}
