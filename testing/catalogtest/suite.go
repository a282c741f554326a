package catalogtest

import (
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// TB is what a clause needs of a test.
type TB = clausetest.TB

// Clause is one case of one clause of a port's contract.
type Clause = clausetest.Clause[Harness]

// TestProducts proves an adapter of catalog.Products. Open gives an empty store for each subtest.
func TestProducts(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, ProductsClauses(), open)
}

// ProductsClauses are the clauses of catalog.Products.
func ProductsClauses() []Clause {
	return slices.Concat(scopeClauses(), localeClauses(), findClauses(), keysetClauses(), movedClauses(), draftClauses())
}

// TestUpkeep proves an adapter of catalog.Upkeep. Open gives an empty store for each subtest.
func TestUpkeep(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, UpkeepClauses(), open)
}

// TestCategories proves an adapter of catalog.Categories. Open gives an empty store for each subtest.
func TestCategories(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, CategoriesClauses(), open)
}

// TestBrands proves an adapter of catalog.Brands. Open gives an empty store for each subtest.
func TestBrands(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, BrandsClauses(), open)
}

// TestCollections proves an adapter of catalog.Collections. Open gives an empty store for each subtest.
func TestCollections(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, CollectionsClauses(), open)
}

// TestCommitter proves an adapter of catalog.Committer. Open gives an empty store for each subtest.
func TestCommitter(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, CommitterClauses(), open)
}

// CommitterClauses are the clauses of catalog.Committer.
func CommitterClauses() []Clause {
	return slices.Concat(atomicClauses(), versionClauses(), slugClauses(), historyClauses(), formerClauses(), nameClauses(), structureClauses())
}

// TestSlugger proves an adapter of catalog.Slugger.
func TestSlugger(t *testing.T, open func(t *testing.T) catalog.Slugger) {
	t.Helper()
	clausetest.Run(t, SluggerClauses(), open)
}
