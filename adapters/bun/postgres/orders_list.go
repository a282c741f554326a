package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The pages of the list of orders: ids in the list's order, by the indexes orders_pkey, orders_status, orders_number_prefix
// and orders_email, whose expressions stand here word by word. $1 is the shop, $2 and $3 what comes after, $4 how many,
// $5 the status or "" for all; $6 and $7 are the bounds of a prefix.
const (
	sqlListNewest = `SELECT id, '' AS key FROM commerce.orders WHERE shop = $1 AND $2::text = '' AND id < $3::uuid AND $5::text = ''
		ORDER BY id DESC LIMIT $4`
	sqlListStatus = `SELECT id, '' AS key FROM commerce.orders WHERE shop = $1 AND $2::text = '' AND id < $3::uuid AND status = $5
		ORDER BY id DESC LIMIT $4`
	sqlListNumbers = `SELECT id, number COLLATE "C" AS key FROM commerce.orders WHERE shop = $1
		AND number COLLATE "C" >= $6 AND number COLLATE "C" < $7
		AND (number COLLATE "C", id) > ($2::text, $3::uuid) AND ($5::text = '' OR status = $5) ORDER BY number COLLATE "C", id LIMIT $4`
	sqlListEmails = `SELECT id, lower(btrim(email, E' \t\n\v\f\r') COLLATE "C") AS key FROM commerce.orders WHERE shop = $1
		AND lower(btrim(email, E' \t\n\v\f\r') COLLATE "C") >= $6 AND lower(btrim(email, E' \t\n\v\f\r') COLLATE "C") < $7
		AND (lower(btrim(email, E' \t\n\v\f\r') COLLATE "C"), id) > ($2::text, $3::uuid) AND ($5::text = '' OR status = $5)
		ORDER BY lower(btrim(email, E' \t\n\v\f\r') COLLATE "C"), id LIMIT $4`
	sqlListedOrders = `SELECT t.* FROM page CROSS JOIN LATERAL (SELECT id, ` + orderColumnNames + ` FROM commerce.orders
		WHERE shop = $1 AND id = page.id OFFSET 0) t`
)

// lastRune stands behind every text that begins alike.
const lastRune = "\U0010FFFF"

// List reads a page: four statements for any number of orders, in one round trip and one snapshot.
func (p Orders) List(ctx context.Context, q ordering.OrderQuery) (ordering.OrderListing, error) {
	sql, after := sqlListNewest, ordering.OrderCursor{ID: beginning().ID}
	prefix := q.Compared()
	switch {
	case q.Prefix != "" && q.ByNumber():
		sql, after = sqlListNumbers, ordering.OrderCursor{}
	case q.Prefix != "":
		sql, after = sqlListEmails, ordering.OrderCursor{}
	case q.Status != "":
		sql = sqlListStatus
	}
	if q.After != nil {
		after = *q.After
	}
	args := []any{p.s.cfg.Shop, after.Key, [16]byte(after.ID.UUID()), q.Limit + 1, string(q.Status)}
	if q.Prefix != "" {
		args = append(args, prefix, prefix+lastRune)
	}
	var cursors []ordering.OrderCursor
	var read listedOrders
	page := "WITH page AS MATERIALIZED (" + sql + ") "
	b := &pgx.Batch{}
	b.Queue("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	b.Queue(sql, args...).Query(func(rows pgx.Rows) error {
		var id [16]byte
		var key string
		_, err := pgx.ForEachRow(rows, []any{&id, &key}, func() error {
			cursors = append(cursors, ordering.OrderCursor{Key: key, ID: ref.NewID[ref.OrderKind](id)})
			return nil
		})
		return err
	})
	b.Queue(page+sqlListedOrders, args...).Query(each(read.order))
	b.Queue(page+sqlListLines, args...).Query(each(read.line))
	b.Queue(page+sqlListPayments, args...).Query(each(read.payment))
	b.Queue("COMMIT")
	conn, err := p.s.pool.Acquire(ctx)
	if err != nil {
		return ordering.OrderListing{}, readError(err)
	}
	defer conn.Release()
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return ordering.OrderListing{}, readError(p.s.rollback(ctx, conn, err))
	}
	var out ordering.OrderListing
	if len(cursors) > q.Limit {
		cursors = cursors[:q.Limit]
		out.Next = &cursors[q.Limit-1]
	}
	for _, c := range cursors {
		out.Items = append(out.Items, ordering.Sale(read.items[read.index[c.ID]]))
	}
	return out, nil
}

// Unsettled reads which orders are due.
func (p Orders) Unsettled(ctx context.Context, at time.Time, limit int) ([]ref.OrderID, error) {
	rows, err := p.s.pool.Query(ctx, `SELECT id FROM commerce.orders WHERE shop = $1 AND due <= $2 ORDER BY due, id LIMIT $3`,
		pgx.QueryExecModeCacheStatement, p.s.cfg.Shop, at, limit)
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (ref.OrderID, error) {
		var id [16]byte
		err := row.Scan(&id)
		return ref.NewID[ref.OrderKind](id), err
	})
	return out, readError(err)
}

// OfPayment reads the order of a payment: its key first, which never changes, then all of it at one moment.
func (p Orders) OfPayment(ctx context.Context, id ref.PaymentID) (ordering.Order, []ordering.Payment, error) {
	var order [16]byte
	err := p.s.pool.QueryRow(ctx, `SELECT order_id FROM commerce.payments WHERE shop = $1 AND id = $2`,
		pgx.QueryExecModeCacheStatement, p.s.cfg.Shop, [16]byte(id.UUID())).Scan(&order)
	if err != nil {
		err = readError(err)
		if fault.Is(err, fault.Missing) {
			err = fault.Missing.New("there is no such payment")
		}
		return ordering.Order{}, nil, err
	}
	return p.Order(ctx, ref.NewID[ref.OrderKind](order))
}
