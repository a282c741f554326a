package memory_test

import (
	"context"
	"runtime"
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/inventorytest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
	"github.com/ipswich-retail/commerce/testing/portstest"
	"github.com/ipswich-retail/commerce/testing/pricingtest"
)

func TestOrderAuditor(t *testing.T) {
	t.Parallel()
	orderingtest.TestAuditor(t, func(*testing.T) orderingtest.Harness { return auditedOrders(open()) }, orderingtest.Features{})
}

func TestStockAuditor(t *testing.T) {
	t.Parallel()
	inventorytest.TestAuditor(t, func(*testing.T) inventorytest.AuditHarness { return auditedStock(open()) })
}

func TestOutboxAuditor(t *testing.T) {
	t.Parallel()
	portstest.TestOutboxAuditor(t, func(*testing.T) portstest.AuditHarness { return auditedOutbox(open()) })
}

func auditedPrices(s *memory.Store) pricingtest.Harness {
	return pricingtest.Harness{Prices: s.Prices(), Committer: s.Pricing()}
}

func TestPriceAuditor(t *testing.T) {
	t.Parallel()
	pricingtest.TestAuditor(t, func(*testing.T) pricingtest.Harness { return auditedPrices(open()) })
}

// brokenPrices is an auditor of prices that is wrong about pages.
type brokenPrices struct{ pricing.Prices }

func (b brokenPrices) AuditPrices(ctx context.Context, after pricing.Key, limit int) ([]pricing.Key, error) {
	a, _ := ports.As[pricing.Auditor](b.Prices)
	page, err := a.AuditPrices(ctx, after, limit)
	if len(page) > 1 && len(page) == limit {
		page = page[1:]
	}
	return page, err
}

func TestPriceAuditorMutants(t *testing.T) {
	t.Parallel()
	mutant := func(name string, change func(h *pricingtest.Harness), kills ...string) clausetest.Mutant[pricingtest.Harness] {
		return clausetest.Mutant[pricingtest.Harness]{Name: name, Kills: kills, Open: func(clausetest.TB) pricingtest.Harness {
			h := auditedPrices(open())
			change(&h)
			return h
		}}
	}
	clausetest.TestMutants(t, pricingtest.AuditorClauses(), []clausetest.Mutant[pricingtest.Harness]{
		mutant("none", func(*pricingtest.Harness) {}),
		mutant("the first of a full page is dropped", func(h *pricingtest.Harness) { h.Prices = brokenPrices{h.Prices} }, "audit-prices"),
	})
}

// brokenOrders is an auditor of orders with flaws.
type brokenOrders struct {
	ordering.Orders
	orders func(a ordering.Auditor, ctx context.Context, after ref.OrderID, limit int) ([]ordering.OrderAudit, error)
	carts  func(page []ordering.CartAudit) []ordering.CartAudit
	claims func(asked []ref.OrderID, got map[ref.OrderID][]ref.ClaimID)
}

func (b brokenOrders) auditor() ordering.Auditor {
	a, _ := ports.As[ordering.Auditor](b.Orders)
	return a
}

func (b brokenOrders) AuditOrders(ctx context.Context, after ref.OrderID, limit int) ([]ordering.OrderAudit, error) {
	if b.orders != nil {
		return b.orders(b.auditor(), ctx, after, limit)
	}
	return b.auditor().AuditOrders(ctx, after, limit)
}

func (b brokenOrders) AuditCarts(ctx context.Context, after ref.CartID, limit int) ([]ordering.CartAudit, error) {
	page, err := b.auditor().AuditCarts(ctx, after, limit)
	if b.carts != nil {
		page = b.carts(page)
	}
	return page, err
}

func (b brokenOrders) ClaimsOf(ctx context.Context, orders []ref.OrderID) (map[ref.OrderID][]ref.ClaimID, error) {
	got, err := b.auditor().ClaimsOf(ctx, orders)
	if b.claims != nil {
		b.claims(orders, got)
	}
	return got, err
}

// orderMutant is an auditor with a flaw.
func orderMutant(name string, b brokenOrders, kills ...string) clausetest.Mutant[orderingtest.Harness] {
	return clausetest.Mutant[orderingtest.Harness]{Name: name, Kills: kills, Open: func(clausetest.TB) orderingtest.Harness {
		h := auditedOrders(open())
		broken := b
		broken.Orders = h.Orders
		h.Orders = broken
		return h
	}}
}

// eachOrder changes what is given of orders.
func eachOrder(change func(*ordering.OrderAudit)) brokenOrders {
	return brokenOrders{orders: func(a ordering.Auditor, ctx context.Context, after ref.OrderID, limit int) ([]ordering.OrderAudit, error) {
		page, err := a.AuditOrders(ctx, after, limit)
		for i := range page {
			change(&page[i])
		}
		return page, err
	}}
}

func TestOrderAuditorMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, orderingtest.AuditorClauses(), []clausetest.Mutant[orderingtest.Harness]{
		orderMutant("none", brokenOrders{}),
		orderMutant("a page begins with the order before", brokenOrders{orders: func(a ordering.Auditor, ctx context.Context, after ref.OrderID, limit int) ([]ordering.OrderAudit, error) {
			u := after.UUID()
			if u[15] > 0 {
				u[15]--
			}
			page, err := a.AuditOrders(ctx, ref.NewID[ref.OrderKind](u), 100)
			page = slices.DeleteFunc(page, func(o ordering.OrderAudit) bool { return limit > 50 && o.Order.ID == after })
			return page[:min(len(page), limit)], err
		}}, "audit-orders"),
		orderMutant("the last of a full page is dropped", brokenOrders{orders: func(a ordering.Auditor, ctx context.Context, after ref.OrderID, limit int) ([]ordering.OrderAudit, error) {
			page, err := a.AuditOrders(ctx, after, limit)
			if len(page) == limit && limit == 7 {
				page = page[:limit-1]
				page[limit-2].Order.ID = ref.NewID[ref.OrderKind]([16]byte{0xff})
			}
			return page, err
		}}, "audit-orders"),
		orderMutant("orders come newest first", brokenOrders{orders: func(a ordering.Auditor, ctx context.Context, after ref.OrderID, limit int) ([]ordering.OrderAudit, error) {
			page, err := a.AuditOrders(ctx, after, limit)
			if limit > 50 || limit == 2 {
				return page, err
			}
			slices.Reverse(page)
			return page, err
		}}, "audit-orders"),
		orderMutant("payments are left out", eachOrder(func(a *ordering.OrderAudit) { a.Payments = a.Payments[:min(1, len(a.Payments))] }), "audit-moment"),
		orderMutant("claims are those of other lines", eachOrder(func(a *ordering.OrderAudit) { slices.Reverse(a.Claims) }), "audit-moment"),
		orderMutant("what was released is held", eachOrder(func(a *ordering.OrderAudit) {
			for i := range a.Claims {
				a.Claims[i].Held = a.Claims[i].Quantity
			}
		}), "audit-moment"),
		orderMutant("claims are read later than orders", brokenOrders{orders: func(a ordering.Auditor, ctx context.Context, after ref.OrderID, limit int) ([]ordering.OrderAudit, error) {
			page, err := a.AuditOrders(ctx, after, limit)
			for range 20 {
				runtime.Gosched()
			}
			later, _ := a.AuditOrders(ctx, after, limit)
			for i := range page {
				if i < len(later) {
					page[i].Claims = later[i].Claims
				}
			}
			return page, err
		}}, "audit-moment"),
		orderMutant("carts come in pages of three at most", brokenOrders{carts: func(page []ordering.CartAudit) []ordering.CartAudit {
			if len(page) > 3 {
				page[2].Cart.Lines = nil
			}
			return page
		}}, "audit-carts"),
		orderMutant("cancelled orders live", brokenOrders{carts: func(page []ordering.CartAudit) []ordering.CartAudit {
			for i, a := range page {
				if a.Cart.Status == ordering.CartActive && a.Cart.Version > 1 {
					page[i].Live = []ref.OrderID{{}}
				}
			}
			return page
		}}, "audit-carts"),
		orderMutant("every order that is asked for is known", brokenOrders{claims: func(asked []ref.OrderID, got map[ref.OrderID][]ref.ClaimID) {
			for _, id := range asked {
				got[id] = append([]ref.ClaimID{}, got[id]...)
			}
		}}, "audit-lines"),
		orderMutant("an order without lines is unknown", brokenOrders{claims: func(_ []ref.OrderID, got map[ref.OrderID][]ref.ClaimID) {
			for id, c := range got {
				if len(c) == 0 {
					delete(got, id)
				}
			}
		}}, "audit-lines"),
	})
}

// brokenStock is an auditor of stock with flaws.
type brokenStock struct {
	inventory.Stock
	levels   func(page []inventory.LevelAudit, limit int) []inventory.LevelAudit
	claims   func(page []inventory.Claim) []inventory.Claim
	promises func(page []inventory.PromiseAudit) []inventory.PromiseAudit
}

func (b brokenStock) AuditPromises(ctx context.Context, after ref.SKU, limit int) ([]inventory.PromiseAudit, error) {
	a, _ := ports.As[inventory.Auditor](b.Stock)
	page, err := a.AuditPromises(ctx, after, limit)
	if b.promises != nil {
		page = b.promises(page)
	}
	return page, err
}

func (b brokenStock) AuditLevels(ctx context.Context, after inventory.LevelKey, limit int) ([]inventory.LevelAudit, error) {
	a, _ := ports.As[inventory.Auditor](b.Stock)
	page, err := a.AuditLevels(ctx, after, limit)
	if b.levels != nil {
		page = b.levels(page, limit)
	}
	return page, err
}

func (b brokenStock) AuditClaims(ctx context.Context, after ref.ClaimID, limit int) ([]inventory.Claim, error) {
	a, _ := ports.As[inventory.Auditor](b.Stock)
	page, err := a.AuditClaims(ctx, after, limit)
	if b.claims != nil {
		page = b.claims(page)
	}
	return page, err
}

func TestStockAuditorMutants(t *testing.T) {
	t.Parallel()
	mutant := func(name string, b brokenStock, kills ...string) clausetest.Mutant[inventorytest.AuditHarness] {
		return clausetest.Mutant[inventorytest.AuditHarness]{Name: name, Kills: kills, Open: func(clausetest.TB) inventorytest.AuditHarness {
			h := auditedStock(open())
			broken := b
			broken.Stock = h.Stock
			h.Stock = broken
			return h
		}}
	}
	clausetest.TestMutants(t, inventorytest.AuditorClauses(), []clausetest.Mutant[inventorytest.AuditHarness]{
		mutant("none", brokenStock{}),
		mutant("levels are not in order", brokenStock{levels: func(page []inventory.LevelAudit, limit int) []inventory.LevelAudit {
			if limit == 100 {
				slices.Reverse(page)
			}
			return page
		}}, "audit-levels"),
		mutant("what is held is not added up", brokenStock{levels: func(page []inventory.LevelAudit, _ int) []inventory.LevelAudit {
			for i := range page {
				page[i].Held = 0
			}
			return page
		}}, "audit-levels"),
		mutant("what left is not added up", brokenStock{levels: func(page []inventory.LevelAudit, _ int) []inventory.LevelAudit {
			for i := range page {
				page[i].GoneSum = 0
			}
			return page
		}}, "audit-levels"),
		mutant("what claims are owed is not added up", brokenStock{promises: func(page []inventory.PromiseAudit) []inventory.PromiseAudit {
			for i := range page {
				page[i].OwedSum = 0
			}
			return page
		}}, "audit-promises"),
		mutant("settled claims are left out", brokenStock{claims: func(page []inventory.Claim) []inventory.Claim {
			if len(page) > 3 {
				page = slices.DeleteFunc(page, func(c inventory.Claim) bool { return c.State != inventory.Held })
			}
			return page
		}}, "audit-claims"),
	})
}

// brokenOutbox is an auditor of events with a flaw.
type brokenOutbox struct {
	ports.Outbox
	change func(page []ports.Delivery) []ports.Delivery
}

func (b brokenOutbox) AuditEvents(ctx context.Context, after ports.Cursor, limit int) ([]ports.Delivery, error) {
	a, _ := ports.As[ports.OutboxAuditor](b.Outbox)
	page, err := a.AuditEvents(ctx, after, limit)
	return b.change(page), err
}

func TestOutboxAuditorMutants(t *testing.T) {
	t.Parallel()
	mutant := func(name string, change func(page []ports.Delivery) []ports.Delivery, kills ...string) clausetest.Mutant[portstest.AuditHarness] {
		return clausetest.Mutant[portstest.AuditHarness]{Name: name, Kills: kills, Open: func(clausetest.TB) portstest.AuditHarness {
			h := auditedOutbox(open())
			h.Outbox = brokenOutbox{h.Outbox, change}
			return h
		}}
	}
	clausetest.TestMutants(t, portstest.OutboxAuditorClauses(), []clausetest.Mutant[portstest.AuditHarness]{
		mutant("none", func(page []ports.Delivery) []ports.Delivery { return page }),
		mutant("one event is left out", func(page []ports.Delivery) []ports.Delivery {
			return slices.DeleteFunc(page, func(d ports.Delivery) bool { return d.Cursor.Position == 3 && len(page) > 1 })
		}, "outbox-audit"),
	})
}
