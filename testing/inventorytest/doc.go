// Package inventorytest proves adapters of inventory's port: TestStock.
//
// The suite runs every clause of the port's contract as subtests named by the clause's id, against stores that the
// caller opens, fresh and empty, one for each subtest. The clauses are also given as values, StockClauses, that run
// against any TB: adapters broken on purpose prove that exactly the clause that is broken notices.
package inventorytest
