package sqlite

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/ports"
)

// AuditLog is the store as access.AuditLog.
type AuditLog struct{ s *Store }

var _ access.AuditLog = AuditLog{}

// AuditLog gives the port access.AuditLog.
func (s *Store) AuditLog() AuditLog { return AuditLog{s} }

const auditColumns = `id, of_id, at, actor_kind, actor_id, action, subject, outcome, code, changes`

// writeAudit adds entries to the log.
func writeAudit(ctx context.Context, tx *sql.Tx, entries []ports.AuditEntry) error {
	return each(ctx, tx, `INSERT INTO audit_entries (`+auditColumns+`) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`, entries,
		func(e ports.AuditEntry) []any {
			var of any
			if e.Of != [16]byte{} {
				of = e.Of[:]
			}
			return []any{
				e.ID[:], of, microsOf(e.At), e.Actor.Kind, e.Actor.ID, e.Action, e.Subject, e.Outcome, e.Code, jsonText(orNothing(e.Changes)),
			}
		})
}

// Entries reads a page along an index of the newest.
func (l AuditLog) Entries(ctx context.Context, q access.AuditQuery) ([]ports.AuditEntry, error) {
	query, args := `SELECT `+auditColumns+` FROM audit_entries WHERE true`, []any{}
	where := func(condition string, arg any) {
		args = append(args, arg)
		query += ` AND ` + condition + ` ?` + strconv.Itoa(len(args))
	}
	if q.Before != [16]byte{} {
		where(`id <`, q.Before[:])
	}
	if q.Subject != "" {
		where(`subject =`, q.Subject)
	}
	if q.Actor != "" {
		where(`actor_id =`, q.Actor)
	}
	return rowsOf(ctx, l.s.reader, func(row scanned) (ports.AuditEntry, error) {
		var e ports.AuditEntry
		return e, row.Scan(intoBytes(e.ID[:]), intoBytes(e.Of[:]), intoTime(&e.At), &e.Actor.Kind, &e.Actor.ID, &e.Action, &e.Subject, &e.Outcome,
			&e.Code, intoList(&e.Changes))
	}, query+` ORDER BY id DESC LIMIT `+strconv.Itoa(q.Limit), args...)
}
