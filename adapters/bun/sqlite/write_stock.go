package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/mapping"
	"github.com/ipswich-retail/commerce/domain/inventory"
)

const (
	sqlPutSite = `INSERT INTO stock_locations (code, version, name, state, priority) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT (code) DO UPDATE SET version = excluded.version, name = excluded.name, state = excluded.state, priority = excluded.priority`
	sqlPutPromise = `INSERT INTO stock_policies (` + policyColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT (sku) DO UPDATE SET version = excluded.version, kind = excluded.kind, most = excluded.most, until = excluded.until, owed = excluded.owed`
	sqlPutLevel = `INSERT INTO stock_levels (sku, location, on_hand, reserved) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (sku, location) DO UPDATE SET on_hand = excluded.on_hand, reserved = excluded.reserved`
	sqlPutClaim = `INSERT INTO stock_claims (` + claimColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, parts = excluded.parts, sent = excluded.sent, owed = excluded.owed,
			freed = excluded.freed, back = excluded.back, damaged = excluded.damaged, until = excluded.until`
	sqlInsertMovement = `INSERT INTO stock_movements (sku, location, kind, on_hand, reserved, on_hand_after, reserved_after, cause, reason, at)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`
)

// writeStock writes what a ledger changed. The facts were read in the same transaction, so what is there is known.
func (s *Store) writeStock(ctx context.Context, tx *sql.Tx, f inventory.Facts, c inventory.Changes) error {
	if err := each(ctx, tx, sqlPutSite, c.Sites, func(x inventory.Site) []any {
		return []any{string(x.Location), int64(x.Version), x.Name, string(x.State), x.Priority}
	}); err != nil {
		return err
	}
	if err := each(ctx, tx, sqlPutPromise, c.Promises, func(p inventory.Promise) []any {
		return []any{string(p.SKU), int64(p.Version), string(p.Kind), p.Limit, nullMicros(p.Until), p.Owed}
	}); err != nil {
		return err
	}
	if err := each(ctx, tx, sqlPutLevel, c.Levels, func(l inventory.Level) []any {
		return []any{string(l.SKU), string(l.Location), l.OnHand, l.Reserved}
	}); err != nil {
		return err
	}
	if err := each(ctx, tx, sqlPutClaim, c.Claims, func(x inventory.Claim) []any {
		return []any{
			x.ID.String(), x.Owner, string(x.SKU), string(x.State), listText(x.Parts), listText(x.Sent), x.Owed, x.Freed, x.Back, x.Damaged, nullMicros(x.Until),
		}
	}); err != nil {
		return err
	}
	if err := each(ctx, tx, sqlInsertMovement, c.Movements, func(m inventory.Movement) []any {
		return []any{
			string(m.SKU), string(m.Location), string(m.Kind), m.OnHand, m.Reserved, m.OnHandAfter, m.ReservedAfter, m.Cause, m.Reason, microsOf(m.At),
		}
	}); err != nil {
		return err
	}
	return s.projectStock(ctx, tx, mapping.Crossed(f, c))
}
