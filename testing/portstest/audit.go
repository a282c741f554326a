package portstest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// AuditHarness is a store, fresh and empty, as the auditor of its outbox sees it.
type AuditHarness struct {
	Outbox    ports.Outbox
	Committer ordering.Committer
}

// take has a consumer take all that there is, so that nothing is owed. What is written and not settled yet comes soon.
func (h AuditHarness) take(t clausetest.TB) {
	t.Helper()
	at := time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)
	share, err := h.Outbox.Claim(t.Context(), ports.OutboxClaim{Consumer: "taker", Owner: [16]byte{1}, At: at, Until: at.Add(time.Minute)})
	if err != nil {
		t.Fatalf("claiming: %v", err)
	}
	for range 1000 {
		reading, err := h.Outbox.Read(t.Context(), ports.OutboxRead{Consumer: "taker", Leases: share.Leases, At: at, Limit: 1000})
		if err != nil {
			t.Fatalf("reading: %v", err)
		}
		through := map[int]ports.Cursor{}
		for _, d := range reading.Fresh {
			through[d.Partition] = d.Cursor
		}
		for _, l := range share.Leases {
			if err := h.Outbox.Ack(t.Context(), ports.Progress{Lease: l, At: at, Through: through[l.Partition]}); err != nil {
				t.Fatalf("acknowledging: %v", err)
			}
		}
		owed, err := h.Outbox.Pending(t.Context(), "taker", 1)
		if err == nil && len(owed) == 0 {
			return
		}
	}
	t.Fatalf("there is no end to what is to be taken")
}

// TestOutboxAuditor proves a ports.OutboxAuditor, which is found through the harness's Outbox. Open makes a fresh store
// for each subtest.
func TestOutboxAuditor(t *testing.T, open func(t *testing.T) AuditHarness) {
	t.Helper()
	clausetest.Run(t, OutboxAuditorClauses(), open)
}

// OutboxAuditorClauses are the clauses of ports.OutboxAuditor.
func OutboxAuditorClauses() []clausetest.Clause[AuditHarness] {
	return []clausetest.Clause[AuditHarness]{
		{ID: "outbox-audit", Case: "pages of every size", Run: auditEvents},
		{ID: "outbox-audit", Case: "whoever took them", Run: auditTaken},
	}
}

type auditMark struct{ N int }

func (auditMark) EventName() string { return "suite.audited" }

// auditCommit writes events of some aggregates in two commits.
func auditCommit(t clausetest.TB, h AuditHarness, first, n int) []event.Event {
	t.Helper()
	at := time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)
	var all []event.Event
	for i := first; i < first+n; i++ {
		id := ref.NewID[ref.EventKind]([16]byte{0: 1, 6: 0x70, 8: 0x80, 15: byte(i)})
		e := event.New(id, fmt.Sprintf("thing:%d", i%3), at, auditMark{i})
		all = append(all, e)
		if _, err := h.Committer.Commit(t.Context(), ordering.Commit{At: at, Events: []event.Event{e}}); err != nil {
			t.Fatalf("writing an event: %v", err)
		}
	}
	return all
}

// auditWalk reads all events in pages of a size.
func auditWalk(t clausetest.TB, h AuditHarness, size int) []string {
	t.Helper()
	auditor, ok := ports.As[ports.OutboxAuditor](h.Outbox)
	if !ok {
		t.Fatalf("the outbox is no ports.OutboxAuditor")
	}
	var out []string
	var after ports.Cursor
	for n := 0; ; n++ {
		page, err := auditor.AuditEvents(t.Context(), after, size)
		if err != nil || len(page) > size || n > 100 {
			t.Fatalf("page %d of %d events: %d, %v", n, size, len(page), err)
		}
		if len(page) == 0 {
			return out
		}
		for _, d := range page {
			if d.Cursor.Position <= after.Position {
				t.Fatalf("the cursor %d comes after %d", d.Cursor.Position, after.Position)
			}
			after = d.Cursor
			out = append(out, d.Event.ID.String()+" "+d.Event.Name+" "+d.Event.Aggregate+" "+d.Event.At.String())
		}
	}
}

func auditTexts(events []event.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, e.ID.String()+" "+e.Name+" "+e.Aggregate+" "+e.At.String())
	}
	return out
}

func auditEvents(t clausetest.TB, open func(clausetest.TB) AuditHarness) {
	h := open(t)
	if got := auditWalk(t, h, 3); len(got) != 0 {
		t.Errorf("an empty outbox has %v", got)
	}
	wanted := auditTexts(auditCommit(t, h, 1, 9))
	for _, size := range []int{1, 2, 9, 100} {
		if got := auditWalk(t, h, size); !slices.Equal(got, wanted) {
			t.Errorf("in pages of %d: %q, want %q", size, got, wanted)
		}
	}
}

func auditTaken(t clausetest.TB, open func(clausetest.TB) AuditHarness) {
	h := open(t)
	wanted := auditCommit(t, h, 1, 4)
	h.take(t)
	wanted = append(wanted, auditCommit(t, h, 5, 3)...)
	if got := auditWalk(t, h, 2); !slices.Equal(got, auditTexts(wanted)) {
		t.Errorf("after some were taken: %q, want %q", got, auditTexts(wanted))
	}
}
