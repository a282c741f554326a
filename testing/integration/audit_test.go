package integration_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/testing/inventorytest"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

// auditedStock is the harness of the suite of inventory.Auditor.
func auditedStock(s store) func(t *testing.T) inventorytest.AuditHarness {
	return func(t *testing.T) inventorytest.AuditHarness {
		t.Helper()
		h := s.inventory(t)
		return inventorytest.AuditHarness{Stock: h.Stock, Ordering: h.Ordering}
	}
}

// auditedOutbox is the harness of the suite of ports.OutboxAuditor.
func auditedOutbox(s store) func(t *testing.T) portstest.AuditHarness {
	return func(t *testing.T) portstest.AuditHarness {
		t.Helper()
		h := s.ports(t)
		return portstest.AuditHarness{Outbox: h.Outbox, Committer: h.Committer}
	}
}
