package sqlite

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// PaymentInbox is the store as ordering.PaymentInbox.
type PaymentInbox struct{ s *Store }

var _ ordering.PaymentInbox = PaymentInbox{}

// PaymentInbox gives the port ordering.PaymentInbox.
func (s *Store) PaymentInbox() PaymentInbox { return PaymentInbox{s} }

// Waiting reads the events whose time has come.
func (p PaymentInbox) Waiting(ctx context.Context, at time.Time, limit int) ([]ordering.InboxEvent, error) {
	return rowsOf(ctx, p.s.reader, func(row scanned) (e ordering.InboxEvent, err error) {
		err = row.Scan(intoJSON(&e.Event), intoTime(&e.KeptAt), intoTime(&e.Due), &e.Note)
		return e, err
	}, `SELECT event, kept_at, due, note FROM payment_inbox WHERE due <= ?1 AND due IS NOT NULL ORDER BY due, provider, id LIMIT ?2`, microsOf(at), limit)
}
