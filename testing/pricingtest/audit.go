package pricingtest

import (
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// TestAuditor proves a pricing.Auditor, which is found through the harness's Prices. Open makes a fresh store for each
// subtest.
func TestAuditor(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, AuditorClauses(), open)
}

// AuditorClauses are the clauses of pricing.Auditor.
func AuditorClauses() []clausetest.Clause[Harness] {
	return []clausetest.Clause[Harness]{{ID: "audit-prices", Case: "pages of every size", Run: auditPages}}
}

// walkMost is after how many pages a walk has no end.
const walkMost = 100

func auditPages(t clausetest.TB, open func(clausetest.TB) Harness) {
	h := open(t)
	auditor, ok := ports.As[pricing.Auditor](h.Prices)
	if !ok {
		t.Fatalf("the store's prices are no pricing.Auditor")
	}
	var wanted []pricing.Key
	var c pricing.Commit
	for n := range 3 {
		for _, s := range [][2]string{{"web", "GBP"}, {"Web", "GBP"}, {"web", "EUR"}} {
			p := plan(n+1, scope(ref.Channel(s[0]), s[1]), 1_000_000)
			wanted = append(wanted, p.Key)
			c.Plans = append(c.Plans, pricing.Write{State: p})
		}
	}
	if err := h.Committer.Commit(t.Context(), c); err != nil {
		t.Fatalf("writing prices: %v", err)
	}
	slices.SortFunc(wanted, pricing.Key.Compare)
	for _, size := range []int{1, 2, 9, 100} {
		var got []pricing.Key
		var after pricing.Key
		for n := 0; ; n++ {
			page, err := auditor.AuditPrices(t.Context(), after, size)
			if err != nil || len(page) > size || n > walkMost {
				t.Fatalf("page %d of %d prices: %d, %v", n, size, len(page), err)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			after = page[len(page)-1]
		}
		if !slices.Equal(got, wanted) {
			t.Errorf("in pages of %d: %v, want %v", size, got, wanted)
		}
	}
}
