package ports

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// Actor is who does something, as the audit log names them. The zero value is nobody.
type Actor struct {
	Kind string // "staff", "customer", "api_key" or "system".
	ID   string // The public id, such as "stf_…"; of the system, the part that acts.
}

// IsZero tells whether this is nobody.
func (a Actor) IsZero() bool { return a == Actor{} }

// AuditOutcome is what came of a command, as the audit log has it.
type AuditOutcome string

// The outcomes. Begun stands alone until a second entry, whose Of names the first, tells the end: that is how commands
// are recorded whose own commit cannot carry an entry. A begun one without an end was cut off, and its effect may stand.
const (
	AuditBegun   AuditOutcome = "begun"
	AuditDone    AuditOutcome = "done"
	AuditRefused AuditOutcome = "refused" // Nothing was done.
	AuditUnknown AuditOutcome = "unknown" // The answer was lost; the effect may stand.
)

// AuditEntry is a line of the audit log: who did what to what, when, and what came of it. It holds no secret, and rides
// in the commit of the command that it tells of. Entries are never changed and never taken away.
type AuditEntry struct {
	ID      [16]byte // A UUID of version 7: entries sort by it.
	Of      [16]byte // The entry whose command this one ends, or zero.
	At      time.Time
	Actor   Actor
	Action  string // Such as "access.role_saved".
	Subject string // The public id of what it was done to.
	Outcome AuditOutcome
	Code    string // Of the fault, unless done.
	Changes []AuditChange
}

// AuditChange is one field before and after, as text; a secret is never among them.
type AuditChange struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// AuditEnd tells how an error, or nil, ends a command: the outcome and the code of the fault.
func AuditEnd(err error) (AuditOutcome, string) {
	switch {
	case err == nil:
		return AuditDone, ""
	case fault.KindOf(err) == fault.Unknown, fault.KindOf(err) == fault.Internal:
		return AuditUnknown, fault.CodeOf(err)
	default:
		return AuditRefused, fault.CodeOf(err)
	}
}
