// Package orderingtest proves adapters of the ports of domain/ordering, and helps to test what uses them.
//
// Each port has a suite, such as TestCommitter, that runs every clause of the port's contract as a subtest named by
// the clause's id against stores that the caller opens, fresh and empty, one for each subtest. The same subtests run
// on every store; what a store cannot do is said in words in Features, and the subtest then logs the reason.
//
// The clauses are also given as values, such as CommitterClauses, that run against any TB. TestMutants uses that: it
// runs them against adapters broken on purpose and demands that exactly the clause that is broken notices.
//
// Shelf and Till are a catalogue with prices and a payment provider for the tests of those who use the ports.
package orderingtest
