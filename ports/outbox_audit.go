package ports

import "context"

// OutboxAuditor is the capability of an outbox to show every event that it keeps, whoever took it, for who checks
// whether they agree with what they tell of. Find it with As on Outbox.
//
// Contract: [outbox-audit] AuditEvents gives the events behind a cursor in the order of their cursors, at most limit,
// each once; it leaves out none that was committed before the first call of a walk through all and is still kept, and
// moves nobody's cursor. Errors: kind Unavailable. Safe for concurrent use.
type OutboxAuditor interface {
	AuditEvents(ctx context.Context, after Cursor, limit int) ([]Delivery, error)
}
