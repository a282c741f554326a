package portstest

import (
	"slices"
	"testing"
)

// TestOutbox proves an adapter of ports.Outbox. Open gives an empty store for each subtest.
func TestOutbox(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	run(t, OutboxClauses(), open)
}

// OutboxClauses are the clauses of ports.Outbox.
func OutboxClauses() []Clause[Harness] {
	return slices.Concat(
		leaseClauses(), fenceClauses(), readClauses(), committedClauses(), ackClauses(), parkClauses(), owedClauses(), wakeClauses(),
	)
}

// TestParkedEvents proves an adapter of ports.ParkedEvents. Open gives an empty store for each subtest.
func TestParkedEvents(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	run(t, ParkedEventsClauses(), open)
}

// TestOutboxSweeper proves an adapter of ports.OutboxSweeper. Open gives an empty store for each subtest.
func TestOutboxSweeper(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	run(t, OutboxSweeperClauses(), open)
}
