// Package catalogtest proves adapters of the catalogue's ports: TestProducts, TestUpkeep, TestCategories, TestBrands,
// TestCollections, TestCommitter and TestSlugger.
//
// Each suite runs every clause of its port's contract as subtests named by the clause's id, against stores that the
// caller opens, fresh and empty, one for each subtest. The clauses are also given as values, such as ProductsClauses,
// that run against any TB: adapters broken on purpose prove that exactly the clause that is broken notices.
package catalogtest
