package memory_test

import (
	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/testing/inventorytest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

func auditedOrders(s *memory.Store) orderingtest.Harness {
	return orderingtest.Harness{
		Committer: s.Ordering(), Carts: s.Carts(), Orders: s.Orders(), Commands: s.Commands(), Outbox: s.Outbox(), Stock: s.Stock(),
	}
}

func auditedStock(s *memory.Store) inventorytest.AuditHarness {
	return inventorytest.AuditHarness{Stock: s.Stock(), Ordering: s.Ordering()}
}

func auditedOutbox(s *memory.Store) portstest.AuditHarness {
	return portstest.AuditHarness{Outbox: s.Outbox(), Committer: s.Ordering()}
}
