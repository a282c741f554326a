package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// PaymentInbox is the store as ordering.PaymentInbox.
type PaymentInbox struct{ s *Store }

var (
	_ ordering.PaymentInbox = PaymentInbox{}
	_ ordering.InboxSweeper = PaymentInbox{}
)

// PaymentInbox gives the port ordering.PaymentInbox.
func (s *Store) PaymentInbox() PaymentInbox { return PaymentInbox{s} }

// Waiting reads the events whose time has come.
func (p PaymentInbox) Waiting(ctx context.Context, at time.Time, limit int) ([]ordering.InboxEvent, error) {
	return rowsOf(ctx, p.s.reader, func(row scanned) (e ordering.InboxEvent, err error) {
		err = row.Scan(intoJSON(&e.Event), intoTime(&e.KeptAt), intoTime(&e.Due), &e.Note)
		return e, err
	}, `SELECT event, kept_at, due, note FROM payment_inbox WHERE due <= ?1 AND due IS NOT NULL ORDER BY due, provider, id LIMIT ?2`, microsOf(at), limit)
}

// SweepInbox deletes old events that are done with.
func (p PaymentInbox) SweepInbox(ctx context.Context, before time.Time, limit int) (n int, err error) {
	err = p.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		n, err = affected(ctx, tx, `DELETE FROM payment_inbox WHERE (provider, id) IN (
			SELECT provider, id FROM payment_inbox WHERE due IS NULL AND kept_at < ?1 LIMIT ?2)`, microsOf(before), max(limit, 0))
		return err
	})
	return n, err
}
