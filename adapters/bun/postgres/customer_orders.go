package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// CustomerOrders is the store as ordering.CustomerOrders.
type CustomerOrders struct{ s *Store }

var _ ordering.CustomerOrders = CustomerOrders{}

// CustomerOrders gives the port ordering.CustomerOrders.
func (s *Store) CustomerOrders() CustomerOrders { return CustomerOrders{s} }

// The pages of orders, by the indexes orders_customer and orders_guest, whose conditions stand here word by word. A page
// is $3, $4 and $5: what comes after a place, and how many.
const (
	sqlOfCustomer = `SELECT id FROM commerce.orders WHERE shop = $1 AND customer = $2 AND customer IS NOT NULL
		AND (created_at, id) < ($3::timestamptz, $4::uuid) ORDER BY created_at DESC, id DESC LIMIT $5`
	sqlOfGuest = `SELECT id FROM commerce.orders WHERE shop = $1 AND lower(btrim(email, E' \t\n\v\f\r') COLLATE "C") = $2
		AND customer IS NULL AND email <> ''
		AND (created_at, id) < ($3::timestamptz, $4::uuid) ORDER BY created_at DESC, id DESC LIMIT $5`
)

// OfCustomer reads a page of a customer's orders.
func (p CustomerOrders) OfCustomer(ctx context.Context, customer ref.CustomerID, after *ordering.OrderPlace, limit int) (ordering.OrderPage, error) {
	return p.page(ctx, sqlOfCustomer, orNull(customer), after, limit)
}

// OfGuest reads a page of the orders that guests made with an address.
func (p CustomerOrders) OfGuest(ctx context.Context, email ref.Email, after *ordering.OrderPlace, limit int) (ordering.OrderPage, error) {
	return p.page(ctx, sqlOfGuest, email.String(), after, limit)
}

// beginning is the place before every order.
func beginning() ordering.OrderPlace {
	last := [16]byte{}
	for i := range last {
		last[i] = 0xff
	}
	return ordering.OrderPlace{CreatedAt: time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC), ID: ref.NewID[ref.OrderKind](last)}
}

// page reads the ids of one order more than asked for, and then all that the page shows: four statements for any number
// of orders, in one round trip and one snapshot.
func (p CustomerOrders) page(ctx context.Context, sql string, whose any, after *ordering.OrderPlace, limit int) (ordering.OrderPage, error) {
	place := beginning()
	if after != nil {
		place = *after
	}
	limit = max(limit, 0)
	args := []any{p.s.cfg.Shop, whose, place.CreatedAt, [16]byte(place.ID.UUID()), limit + 1}
	shown := append(args[:4:4], limit)
	page := "WITH page AS MATERIALIZED (" + sql + ") "
	var read listedOrders
	more := false
	b := &pgx.Batch{}
	b.Queue("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	b.Queue(sql, args...).Query(func(rows pgx.Rows) error {
		ids, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
		more = len(ids) > limit
		return err
	})
	b.Queue(page+sqlListOrders, shown...).Query(each(read.order))
	b.Queue(page+sqlListLines, shown...).Query(each(read.line))
	b.Queue(page+sqlListPayments, shown...).Query(each(read.payment))
	b.Queue("COMMIT")
	conn, err := p.s.pool.Acquire(ctx)
	if err != nil {
		return ordering.OrderPage{}, readError(err)
	}
	defer conn.Release()
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return ordering.OrderPage{}, readError(p.s.rollback(ctx, conn, err))
	}
	out := ordering.OrderPage{Items: read.items}
	if n := len(out.Items); more && n > 0 {
		last := out.Items[n-1].Order
		out.Next = &ordering.OrderPlace{CreatedAt: last.CreatedAt, ID: last.ID}
	}
	return out, nil
}

// The parts of the orders of a page, each with the id of its order first.
const (
	sqlListOrders = `SELECT t.* FROM page CROSS JOIN LATERAL (SELECT id, ` + orderColumnNames + ` FROM commerce.orders
		WHERE shop = $1 AND id = page.id OFFSET 0) t ORDER BY t.created_at DESC, t.id DESC`
	sqlListLines = `SELECT t.* FROM page CROSS JOIN LATERAL (SELECT order_id, ` + lineColumnNames + ` FROM commerce.order_lines
		WHERE shop = $1 AND order_id = page.id ORDER BY position OFFSET 0) t`
	sqlListPayments = `SELECT t.* FROM page CROSS JOIN LATERAL (SELECT order_id, ` + paymentColumnNames + ` FROM commerce.payments
		WHERE shop = $1 AND order_id = page.id ORDER BY id OFFSET 0) t`
)

// listedOrders gathers the parts of orders.
type listedOrders struct {
	items []ordering.ListedOrder
	index map[ref.OrderID]int
}

// ofOrder reads the id of an order before the columns that are asked for.
type ofOrder struct {
	row pgx.Row
	id  [16]byte
}

// Scan is pgx.Row's.
func (n *ofOrder) Scan(dest ...any) error { return n.row.Scan(append([]any{&n.id}, dest...)...) }

// of gives the order that was read last.
func (l *listedOrders) of(n *ofOrder) *ordering.ListedOrder {
	return &l.items[l.index[ref.NewID[ref.OrderKind](n.id)]]
}

func (l *listedOrders) order(row pgx.Row) error {
	n := &ofOrder{row: row}
	var o ordering.Order
	if err := scanOrder(n, &o); err != nil {
		return err
	}
	o.ID = ref.NewID[ref.OrderKind](n.id)
	if l.index == nil {
		l.index = map[ref.OrderID]int{}
	}
	l.index[o.ID] = len(l.items)
	l.items = append(l.items, ordering.ListedOrder{Order: o})
	return nil
}

func (l *listedOrders) line(row pgx.Row) error {
	n := &ofOrder{row: row}
	return scanLine(n, func() *ordering.Order { return &l.of(n).Order })
}

func (l *listedOrders) payment(row pgx.Row) error {
	n := &ofOrder{row: row}
	p, err := scanPayment(n, ref.OrderID{})
	if err != nil {
		return err
	}
	item := l.of(n)
	p.Order = item.Order.ID
	item.Payments = append(item.Payments, p)
	return nil
}

// each calls f for every row.
func each(f func(pgx.Row) error) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		for rows.Next() {
			if err := f(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	}
}
