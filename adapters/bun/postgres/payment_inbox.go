package postgres

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// PaymentInbox is the store as ordering.PaymentInbox.
type PaymentInbox struct{ s *Store }

var (
	_ ordering.PaymentInbox = PaymentInbox{}
	_ ordering.InboxSweeper = PaymentInbox{}
)

// PaymentInbox gives the port ordering.PaymentInbox.
func (s *Store) PaymentInbox() PaymentInbox { return PaymentInbox{s} }

const (
	// One statement for what is kept and what is done with, in one order: two of them could wait for each other.
	sqlUpsertInbox = `INSERT INTO commerce.payment_inbox (shop, provider, id, event, kept_at, due, note)
		SELECT $1, i.provider, i.id, i.event::jsonb, i.kept_at, i.due, i.note
		FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[]) AS i(provider, id, event, kept_at, due, note)
		ON CONFLICT (shop, provider, id) DO UPDATE
			SET event = excluded.event, kept_at = excluded.kept_at, due = excluded.due, note = excluded.note`
	sqlReadInbox = `SELECT event, kept_at, due, note FROM commerce.payment_inbox
		WHERE shop = $1 AND due <= $2 ORDER BY due, provider, id LIMIT $3`
)

func (w *writer) queueInbox() {
	if len(w.inbox.Items) == 0 {
		return
	}
	slices.SortFunc(w.inbox.Items, func(a, b ordering.InboxEvent) int {
		return cmp.Or(cmp.Compare(a.Event.Provider, b.Event.Provider), cmp.Compare(a.Event.ID, b.Event.ID))
	})
	var providers, ids, events, notes []string
	var kept []time.Time
	var due []*time.Time
	for _, e := range w.inbox.Items {
		providers, ids, events = append(providers, e.Event.Provider), append(ids, e.Event.ID), append(events, text(e.Event))
		kept, due, notes = append(kept, e.KeptAt), append(due, nullTime(e.Due)), append(notes, e.Note)
	}
	w.pending.Queue(sqlUpsertInbox, w.s.cfg.Shop, providers, ids, events, kept, due, notes)
}

// Waiting reads the events whose time has come.
func (p PaymentInbox) Waiting(ctx context.Context, at time.Time, limit int) ([]ordering.InboxEvent, error) {
	rows, err := p.s.pool.Query(ctx, sqlReadInbox, pgx.QueryExecModeCacheStatement, p.s.cfg.Shop, at, limit)
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (ordering.InboxEvent, error) {
		var e ordering.InboxEvent
		var data []byte
		if err := row.Scan(&data, &e.KeptAt, &e.Due, &e.Note); err != nil {
			return e, err
		}
		e.KeptAt, e.Due = ref.Instant(e.KeptAt), ref.Instant(e.Due)
		if err := json.Unmarshal(data, &e.Event); err != nil {
			return e, corrupt(err)
		}
		return e, nil
	})
	return out, readError(err)
}

// SweepInbox deletes old events that are done with, skipping those that a commit holds. Few events ever come here, so no
// index leads to them.
func (p PaymentInbox) SweepInbox(ctx context.Context, before time.Time, limit int) (int, error) {
	tag, err := p.s.pool.Exec(ctx, `WITH old AS MATERIALIZED (
			SELECT provider, id FROM commerce.payment_inbox WHERE shop = $1 AND due IS NULL AND kept_at < $2
			LIMIT $3 FOR UPDATE SKIP LOCKED)
		DELETE FROM commerce.payment_inbox d USING old WHERE d.shop = $1 AND d.provider = old.provider AND d.id = old.id`,
		p.s.cfg.Shop, before, max(limit, 0))
	return int(tag.RowsAffected()), readError(err)
}
