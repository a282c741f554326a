package inventorytest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// AuditHarness is a store, fresh and empty, as its auditor sees it. Ordering is the committer of the same store.
type AuditHarness struct {
	Stock    inventory.Stock
	Ordering ordering.Committer
}

// TestAuditor proves an inventory.Auditor, which is found through the harness's Stock. Open makes a fresh store for each
// subtest.
func TestAuditor(t *testing.T, open func(t *testing.T) AuditHarness) {
	t.Helper()
	clausetest.Run(t, AuditorClauses(), open)
}

// AuditorClauses are the clauses of inventory.Auditor.
func AuditorClauses() []clausetest.Clause[AuditHarness] {
	return []clausetest.Clause[AuditHarness]{
		{ID: "audit-levels", Case: "pages of every size", Run: auditLevelPages},
		{ID: "audit-levels", Case: "sums", Run: auditSums},
		{ID: "audit-promises", Case: "pages of every size", Run: auditPromises},
		{ID: "audit-claims", Case: "pages of every size", Run: auditClaimPages},
	}
}

// audit is a test with its store.
type audit struct {
	clausetest.TB
	AuditHarness
	last int
	at   time.Time
}

func beginAudit(t clausetest.TB, open func(clausetest.TB) AuditHarness) *audit {
	return &audit{TB: t, AuditHarness: open(t), at: time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)}
}

func (a *audit) auditor() inventory.Auditor {
	a.Helper()
	out, ok := ports.As[inventory.Auditor](a.Stock)
	if !ok {
		a.Fatalf("the store's stock is no inventory.Auditor")
	}
	return out
}

// id makes a UUID of version 7 that ascends.
func (a *audit) id() [16]byte {
	a.last++
	return [16]byte{0: 1, 6: 0x70, 8: 0x80, 14: byte(a.last >> 8), 15: byte(a.last)}
}

// receive adds to the level at the default location.
func (a *audit) receive(sku ref.SKU, n int64) {
	a.Helper()
	a.last++
	err := a.Stock.Commit(a.Context(), inventory.Commit{At: a.at, Adjustments: []inventory.Adjustment{{
		Key: fmt.Sprintf("audit %d", a.last), LevelKey: inventory.LevelKey{SKU: sku, Location: inventory.DefaultLocation}, Kind: inventory.MoveReceive, Delta: n,
	}}})
	if err != nil {
		a.Fatalf("receiving: %v", err)
	}
}

// effect does something to stock on behalf of an order.
func (a *audit) effect(e ordering.StockEffect) {
	a.Helper()
	if _, err := a.Ordering.Commit(a.Context(), ordering.Commit{At: a.at, Stock: []ordering.StockEffect{e}}); err != nil {
		a.Fatalf("an effect on stock: %v", err)
	}
}

// claim claims some, for ever.
func (a *audit) claim(sku ref.SKU, n int64) ordering.StockEffect {
	a.Helper()
	e := ordering.StockEffect{
		Kind: ordering.StockClaim, Claim: ref.NewID[ref.ClaimKind](a.id()), Order: ref.NewID[ref.OrderKind](a.id()), SKU: sku, Quantity: n,
	}
	a.effect(e)
	return e
}

// walkMost is after how many pages a walk has no end.
const walkMost = 100

// levels walks all levels in pages of a size.
func (a *audit) levels(size int) []inventory.LevelAudit {
	a.Helper()
	var out []inventory.LevelAudit
	var after inventory.LevelKey
	for n := 0; ; n++ {
		page, err := a.auditor().AuditLevels(a.Context(), after, size)
		if err != nil || len(page) > size || n > walkMost {
			a.Fatalf("page %d of %d levels: %d, %v", n, size, len(page), err)
		}
		if len(page) == 0 {
			return out
		}
		out = append(out, page...)
		after = page[len(page)-1].LevelKey
	}
}

func auditLevelPages(t clausetest.TB, open func(clausetest.TB) AuditHarness) {
	a := beginAudit(t, open)
	if got := a.levels(2); len(got) != 0 {
		a.Errorf("an empty store has %v", got)
	}
	var wanted []inventory.LevelKey
	for _, sku := range []ref.SKU{"b", "A", "a", "Ä", "B"} {
		a.receive(sku, 5)
		wanted = append(wanted, inventory.LevelKey{SKU: sku, Location: inventory.DefaultLocation})
	}
	slices.SortFunc(wanted, inventory.LevelKey.Compare)
	for _, size := range []int{1, 2, 5, 100} {
		var got []inventory.LevelKey
		for _, l := range a.levels(size) {
			got = append(got, l.LevelKey)
		}
		if !slices.Equal(got, wanted) {
			a.Errorf("in pages of %d: %v, want %v", size, got, wanted)
		}
	}
}

func auditSums(t clausetest.TB, open func(clausetest.TB) AuditHarness) {
	a := beginAudit(t, open)
	a.receive("A", 10)
	a.receive("A", 5)
	a.claim("A", 4)
	sent, freed := a.claim("A", 3), a.claim("A", 2)
	sent.Kind, freed.Kind = ordering.StockConsume, ordering.StockRelease
	a.effect(sent)
	a.effect(freed)
	got := a.levels(10)
	want := inventory.LevelAudit{
		Level:     inventory.Level{LevelKey: inventory.LevelKey{SKU: "A", Location: inventory.DefaultLocation}, OnHand: 12, Reserved: 4},
		Movements: 7, OnHandSum: 12, ReservedSum: 4, Held: 4, Gone: 3, GoneSum: 3,
	}
	if len(got) != 1 || got[0] != want {
		a.Errorf("got %+v, want %+v", got, want)
	}
}

func auditClaimPages(t clausetest.TB, open func(clausetest.TB) AuditHarness) {
	a := beginAudit(t, open)
	a.receive("A", 100)
	var wanted []ordering.StockEffect
	for n := range int64(7) {
		wanted = append(wanted, a.claim("A", n+1))
	}
	freed := wanted[3]
	freed.Kind = ordering.StockRelease
	a.effect(freed)
	slices.SortFunc(wanted, func(x, y ordering.StockEffect) int { return cmp.Or(x.Claim.Compare(y.Claim)) })
	for _, size := range []int{1, 3, 7, 100} {
		var got []inventory.Claim
		var after ref.ClaimID
		for n := 0; ; n++ {
			page, err := a.auditor().AuditClaims(a.Context(), after, size)
			if err != nil || len(page) > size || n > walkMost {
				a.Fatalf("page %d of %d claims: %d, %v", n, size, len(page), err)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			after = page[len(page)-1].ID
		}
		if len(got) != len(wanted) {
			a.Fatalf("%d claims in pages of %d, want %d", len(got), size, len(wanted))
		}
		for i, c := range got {
			w := wanted[i]
			state := inventory.Held
			if w.Claim == freed.Claim {
				state = inventory.Released
			}
			if c.ID != w.Claim || c.Owner != w.Order.String() || c.SKU != w.SKU || c.Quantity() != w.Quantity || c.State != state {
				a.Errorf("claim %d in pages of %d is %+v, want %+v, %s", i, size, c, w, state)
			}
		}
	}
}

func auditPromises(t clausetest.TB, open func(clausetest.TB) AuditHarness) {
	a := beginAudit(t, open)
	var wanted []inventory.PromiseAudit
	for n, sku := range []ref.SKU{"b", "A", "Ä"} {
		err := a.Stock.Commit(a.Context(), inventory.Commit{At: a.at, Policies: []inventory.Write[inventory.Policy]{{
			State: inventory.Policy{SKU: sku, Version: 1, Kind: inventory.Backorder, Limit: 100},
		}}})
		if err != nil {
			a.Fatalf("setting a policy: %v", err)
		}
		a.receive(sku, 2)
		for range n {
			a.claim(sku, 2)
		}
		owed := int64(2*max(n, 1) - 2)
		wanted = append(wanted, inventory.PromiseAudit{SKU: sku, Owed: owed, OwedSum: owed})
	}
	slices.SortFunc(wanted, func(x, y inventory.PromiseAudit) int { return cmp.Compare(x.SKU, y.SKU) })
	for _, size := range []int{1, 2, 3, 100} {
		var got []inventory.PromiseAudit
		var after ref.SKU
		for n := 0; ; n++ {
			page, err := a.auditor().AuditPromises(a.Context(), after, size)
			if err != nil || len(page) > size || n > walkMost {
				a.Fatalf("page %d of %d promises: %d, %v", n, size, len(page), err)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			after = page[len(page)-1].SKU
		}
		if !slices.Equal(got, wanted) {
			a.Errorf("in pages of %d: %+v, want %+v", size, got, wanted)
		}
	}
}
