// Package pricingtest proves adapters of pricing's ports: TestPrices and TestCommitter.
//
// Each suite runs every clause of its port's contract as subtests named by the clause's id, against stores that the
// caller opens, fresh and empty, one for each subtest. The clauses are also given as values, PricesClauses and
// CommitterClauses, that run against any TB: adapters broken on purpose prove that exactly the clause that is broken
// notices.
package pricingtest
