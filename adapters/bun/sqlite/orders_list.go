package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The pages of the list of orders: ids in the list's order, by the primary key and the indexes orders_status,
// orders_number and orders_email. ?1 and ?2 are what comes after, ?3 how many, ?4 the status or "" for all; ?5 and ?6
// are the bounds of a prefix.
const (
	sqlListNewest = `SELECT id, '' FROM orders WHERE ?1 = '' AND id < ?2 AND ?4 = '' ORDER BY id DESC LIMIT ?3`
	sqlListStatus = `SELECT id, '' FROM orders WHERE ?1 = '' AND id < ?2 AND status = ?4 ORDER BY id DESC LIMIT ?3`
	sqlListNumber = `SELECT id, number FROM orders WHERE number >= ?5 AND number < ?6
		AND (number, id) > (?1, ?2) AND (?4 = '' OR status = ?4) ORDER BY number, id LIMIT ?3`
	sqlListEmails = `SELECT id, email_key FROM orders WHERE email_key >= ?5 AND email_key < ?6
		AND (email_key, id) > (?1, ?2) AND (?4 = '' OR status = ?4) ORDER BY email_key, id LIMIT ?3`
)

// lastRune stands behind every text that begins alike.
const lastRune = "\U0010FFFF"

// beginning is the place before every order.
func beginning() ordering.OrderPlace {
	last := [16]byte{}
	for i := range last {
		last[i] = 0xff
	}
	return ordering.OrderPlace{CreatedAt: time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC), ID: ref.NewID[ref.OrderKind](last)}
}

// List reads a page: four statements for any number of orders, in one snapshot.
func (p Orders) List(ctx context.Context, q ordering.OrderQuery) (out ordering.OrderListing, err error) {
	query, after := sqlListNewest, ordering.OrderCursor{ID: beginning().ID}
	switch {
	case q.Prefix != "" && q.ByNumber():
		query, after = sqlListNumber, ordering.OrderCursor{}
	case q.Prefix != "":
		query, after = sqlListEmails, ordering.OrderCursor{}
	case q.Status != "":
		query = sqlListStatus
	}
	if q.After != nil {
		after = *q.After
	}
	args := []any{after.Key, after.ID.String(), q.Limit + 1, string(q.Status)}
	if q.Prefix != "" {
		prefix := q.Compared()
		args = append(args, prefix, prefix+lastRune)
	}
	err = p.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		cursors, err := rowsOf(ctx, tx, func(row scanned) (c ordering.OrderCursor, err error) {
			err = row.Scan(intoID(&c.ID), &c.Key)
			return c, err
		}, query, args...)
		if err != nil {
			return err
		}
		cursors, more := pageOf(cursors, q.Limit)
		if more {
			out.Next = &cursors[len(cursors)-1]
		}
		ids := make([]ref.OrderID, len(cursors))
		for i, c := range cursors {
			ids[i] = c.ID
		}
		items, err := readOrders(ctx, tx, ids)
		for _, item := range items {
			out.Items = append(out.Items, ordering.Sale(item))
		}
		return err
	})
	if err != nil {
		return ordering.OrderListing{}, err
	}
	return out, nil
}

// CustomerOrders is the store as ordering.CustomerOrders.
type CustomerOrders struct{ s *Store }

var _ ordering.CustomerOrders = CustomerOrders{}

// CustomerOrders gives the port ordering.CustomerOrders.
func (s *Store) CustomerOrders() CustomerOrders { return CustomerOrders{s} }

// The pages of orders, by the indexes orders_customer and orders_guest, whose conditions stand here word by word.
const (
	sqlOfCustomer = `SELECT id FROM orders WHERE customer = ?1 AND customer IS NOT NULL
		AND (created_at, id) < (?2, ?3) ORDER BY created_at DESC, id DESC LIMIT ?4`
	sqlOfGuest = `SELECT id FROM orders WHERE email_key = ?1 AND customer IS NULL AND email <> ''
		AND (created_at, id) < (?2, ?3) ORDER BY created_at DESC, id DESC LIMIT ?4`
)

// OfCustomer reads a page of a customer's orders.
func (p CustomerOrders) OfCustomer(ctx context.Context, customer ref.CustomerID, after *ordering.OrderPlace, limit int) (ordering.OrderPage, error) {
	return p.page(ctx, sqlOfCustomer, idText(customer), after, limit)
}

// OfGuest reads a page of the orders that guests made with an address.
func (p CustomerOrders) OfGuest(ctx context.Context, email ref.Email, after *ordering.OrderPlace, limit int) (ordering.OrderPage, error) {
	return p.page(ctx, sqlOfGuest, email.String(), after, limit)
}

// page reads the ids of one order more than asked for, and then all that the page shows, in one snapshot.
func (p CustomerOrders) page(ctx context.Context, query string, whose any, after *ordering.OrderPlace, limit int) (out ordering.OrderPage, err error) {
	place := beginning()
	if after != nil {
		place = *after
	}
	limit = max(limit, 0)
	err = p.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		ids, err := rowsOf(ctx, tx, scanID[ref.OrderKind], query, whose, microsOf(place.CreatedAt), place.ID.String(), limit+1)
		if err != nil {
			return err
		}
		ids, more := pageOf(ids, limit)
		out.Items, err = readOrders(ctx, tx, ids)
		if n := len(out.Items); more && n > 0 {
			last := out.Items[n-1].Order
			out.Next = &ordering.OrderPlace{CreatedAt: last.CreatedAt, ID: last.ID}
		}
		return err
	})
	if err != nil {
		return ordering.OrderPage{}, err
	}
	return out, nil
}
