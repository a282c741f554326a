package sqlite_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bun/sqlite"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/testing/inventorytest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
	"github.com/ipswich-retail/commerce/testing/portstest"
	"github.com/ipswich-retail/commerce/testing/pricingtest"
)

// orders is the harness of ordering's suites over a file of the test's own.
func orders(t *testing.T) orderingtest.Harness {
	t.Helper()
	cfg, faults := shop(t), orderingtest.NewFaults()
	cfg.Fault, cfg.Clock = faults.Hook, orderingtest.NewClock(orderingtest.Moment())
	return ordersOn(t, cfg, faults)
}

// ordersOn is that harness over a file, whose data stay when the store is closed.
func ordersOn(t *testing.T, cfg sqlite.Config, faults *orderingtest.Faults) orderingtest.Harness {
	t.Helper()
	s := open(t, cfg)
	return orderingtest.Harness{
		Committer: s.Ordering(), Carts: s.Carts(), Orders: s.Orders(), Inbox: s.PaymentInbox(), Customers: s.CustomerOrders(), Commands: s.Commands(),
		Outbox: s.Outbox(), Stock: s.Stock(), Attachment: s.Attachment, Claim: s.Claim, Faults: faults,
		Reopen: func(orderingtest.TB) orderingtest.Harness {
			s.Close()
			return ordersOn(t, cfg, faults)
		},
	}
}

// stockOn is the harness of inventory's suites over a file, whose data stay when the store is closed.
func stockOn(t *testing.T, cfg sqlite.Config) inventorytest.Harness {
	t.Helper()
	s := open(t, cfg)
	return inventorytest.Harness{
		Stock: s.Stock(), Ordering: s.Ordering(), Claim: s.Claim, Events: func(inventorytest.TB) []event.Event { return events(t, s) },
		Reopen: func(inventorytest.TB) inventorytest.Harness {
			s.Close()
			return stockOn(t, cfg)
		},
	}
}

// portsOn is the harness of the suites of technical ports over a file, whose data stay when the store is closed.
func portsOn(t *testing.T, cfg sqlite.Config) portstest.Harness {
	t.Helper()
	s := open(t, cfg)
	return portstest.Harness{
		Commands: s.Commands(), CommandDesk: s.Commands(), CommandSweeper: s.Commands(), Outbox: s.Outbox(), Parked: s.Outbox(), OutboxSweeper: s.Outbox(),
		Jobs: s.Jobs(), Desk: s.Jobs(), Blobs: s.Blobs(), Committer: s.Ordering(),
		Reopen: func(portstest.TB) portstest.Harness {
			s.Close()
			return portsOn(t, cfg)
		},
	}
}

func stock(t *testing.T) inventorytest.Harness { t.Helper(); return stockOn(t, shop(t)) }
func desk(t *testing.T) portstest.Harness      { t.Helper(); return portsOn(t, shop(t)) }

func prices(t *testing.T) pricingtest.Harness {
	t.Helper()
	s := open(t, shop(t))
	return pricingtest.Harness{Prices: s.Prices(), Committer: s.Pricing(), Events: func(pricingtest.TB) []event.Event { return events(t, s) }}
}

func TestOrdering(t *testing.T) {
	t.Parallel()
	orderingtest.TestCommitter(t, orders, orderingtest.Features{})
}

func TestImportCommitter(t *testing.T) {
	t.Parallel()
	orderingtest.TestImportCommitter(t, orders, orderingtest.Features{})
}

func TestCarts(t *testing.T) {
	t.Parallel()
	orderingtest.TestCarts(t, orders, orderingtest.Features{})
}

func TestOrders(t *testing.T) {
	t.Parallel()
	orderingtest.TestOrders(t, orders, orderingtest.Features{})
}

func TestCustomerOrders(t *testing.T) {
	t.Parallel()
	orderingtest.TestCustomerOrders(t, orders, orderingtest.Features{})
}

func TestPaymentInbox(t *testing.T) {
	t.Parallel()
	orderingtest.TestPaymentInbox(t, orders, orderingtest.Features{})
}

func TestOrderingAuditor(t *testing.T) {
	t.Parallel()
	orderingtest.TestAuditor(t, orders, orderingtest.Features{})
}

func TestStock(t *testing.T)          { t.Parallel(); inventorytest.TestStock(t, stock) }
func TestPrices(t *testing.T)         { t.Parallel(); pricingtest.TestPrices(t, prices) }
func TestPricing(t *testing.T)        { t.Parallel(); pricingtest.TestCommitter(t, prices) }
func TestPricingAuditor(t *testing.T) { t.Parallel(); pricingtest.TestAuditor(t, prices) }
func TestCommands(t *testing.T)       { t.Parallel(); portstest.TestCommands(t, desk) }
func TestCommandDesk(t *testing.T)    { t.Parallel(); portstest.TestCommandDesk(t, desk) }
func TestCommandSweeper(t *testing.T) { t.Parallel(); portstest.TestCommandSweeper(t, desk) }
func TestOutbox(t *testing.T)         { t.Parallel(); portstest.TestOutbox(t, desk) }
func TestParkedEvents(t *testing.T)   { t.Parallel(); portstest.TestParkedEvents(t, desk) }
func TestOutboxSweeper(t *testing.T)  { t.Parallel(); portstest.TestOutboxSweeper(t, desk) }
func TestBlobs(t *testing.T)          { t.Parallel(); portstest.TestBlobs(t, desk) }
func TestJobs(t *testing.T)           { t.Parallel(); portstest.TestJobs(t, desk) }
func TestJobsDesk(t *testing.T)       { t.Parallel(); portstest.TestJobsDesk(t, desk) }

func TestStockAuditor(t *testing.T) {
	t.Parallel()
	inventorytest.TestAuditor(t, func(t *testing.T) inventorytest.AuditHarness {
		t.Helper()
		h := stock(t)
		return inventorytest.AuditHarness{Stock: h.Stock, Ordering: h.Ordering}
	})
}

func TestOutboxAuditor(t *testing.T) {
	t.Parallel()
	portstest.TestOutboxAuditor(t, func(t *testing.T) portstest.AuditHarness {
		t.Helper()
		h := desk(t)
		return portstest.AuditHarness{Outbox: h.Outbox, Committer: h.Committer}
	})
}
