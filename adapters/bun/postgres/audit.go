package postgres

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// AuditLog is the store as access.AuditLog.
type AuditLog struct{ s *Store }

var _ access.AuditLog = AuditLog{}

// AuditLog gives the port access.AuditLog.
func (s *Store) AuditLog() AuditLog { return AuditLog{s} }

const (
	sqlInsertAudit = `INSERT INTO commerce.audit_entries (shop, id, of_id, at, actor_kind, actor_id, action, subject, outcome, code, changes)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb)`
	sqlAudit = `SELECT id, of_id, at, actor_kind, actor_id, action, subject, outcome, code, changes FROM commerce.audit_entries WHERE shop = $1`
)

// queueAudit adds entries to the log.
func queueAudit(b *pgx.Batch, shop int32, entries []ports.AuditEntry) {
	for _, e := range entries {
		changes := "[]"
		if len(e.Changes) > 0 {
			changes = text(e.Changes)
		}
		b.Queue(sqlInsertAudit, shop, e.ID, pgtype.UUID{Bytes: e.Of, Valid: e.Of != [16]byte{}}, e.At, e.Actor.Kind, e.Actor.ID, e.Action, e.Subject,
			string(e.Outcome), e.Code, changes)
	}
}

// Entries reads a page along an index of the newest.
func (l AuditLog) Entries(ctx context.Context, q access.AuditQuery) ([]ports.AuditEntry, error) {
	sql, args := sqlAudit, []any{l.s.cfg.Shop}
	where := func(condition string, arg any) {
		args = append(args, arg)
		sql += ` AND ` + condition + ` $` + strconv.Itoa(len(args))
	}
	if q.Before != [16]byte{} {
		where(`id <`, q.Before)
	}
	if q.Subject != "" {
		where(`subject =`, q.Subject)
	}
	if q.Actor != "" {
		where(`actor_id =`, q.Actor)
	}
	return collect(ctx, l.s, scanEntry, sql+` ORDER BY id DESC LIMIT `+strconv.Itoa(q.Limit), args...)
}

func scanEntry(row pgx.CollectableRow) (ports.AuditEntry, error) {
	var e ports.AuditEntry
	var of pgtype.UUID
	var at time.Time
	var changes []byte
	err := row.Scan(&e.ID, &of, &at, &e.Actor.Kind, &e.Actor.ID, &e.Action, &e.Subject, &e.Outcome, &e.Code, &changes)
	if err != nil {
		return e, err
	}
	e.Of, e.At = of.Bytes, ref.Instant(at)
	if string(changes) == "[]" {
		return e, nil
	}
	if err := json.Unmarshal(changes, &e.Changes); err != nil {
		return e, corrupt(err)
	}
	return e, nil
}
