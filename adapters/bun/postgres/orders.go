package postgres

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Orders is the store as ordering.Orders.
type Orders struct{ s *Store }

// Commands is the store as ports.Commands.
type Commands struct{ s *Store }

var (
	_ ordering.Orders = Orders{}
	_ ports.Commands  = Commands{}
)

// Orders gives the port ordering.Orders.
func (s *Store) Orders() Orders { return Orders{s} }

// Commands gives the port ports.Commands.
func (s *Store) Commands() Commands { return Commands{s} }

// corrupt is the error of a row that this program could not have written.
func corrupt(err error) error {
	return fault.Unexpected.New("a stored row cannot be read").Because(err)
}

// Find reads the record of a command.
func (p Commands) Find(ctx context.Context, key ports.CommandKey) (*ports.CommandRecord, error) {
	rows, err := p.s.pool.Query(ctx, `SELECT actor, route, key, fingerprint, owner, subject, created_at, lease, answered, code, detail
		FROM commerce.commands WHERE shop = $1 AND actor = $2 AND route = $3 AND key = $4`,
		pgx.QueryExecModeCacheStatement, p.s.cfg.Shop, key.Actor, key.Route, key.Key)
	if err != nil {
		return nil, readError(err)
	}
	records, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (ports.CommandRecord, error) { return scanCommand(row) })
	if err != nil || len(records) == 0 {
		return nil, readError(err)
	}
	return &records[0], nil
}

// Order reads an order, its lines and payments. One round trip in one snapshot: nobody sees a part of a commit.
func (p Orders) Order(ctx context.Context, id ref.OrderID) (ordering.Order, []ordering.Payment, error) {
	o := ordering.Order{ID: id}
	var payments []ordering.Payment
	b := &pgx.Batch{}
	b.Queue("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	shop, key := p.s.cfg.Shop, id.UUID()
	b.Queue(sqlReadOrder, shop, [16]byte(key)).QueryRow(func(row pgx.Row) error { return scanOrder(row, &o) })
	b.Queue(sqlReadLines, shop, [16]byte(key)).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			if err := scanLine(rows, func() *ordering.Order { return &o }); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	b.Queue(sqlReadPayments, shop, [16]byte(key)).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			pay, err := scanPayment(rows, id)
			if err != nil {
				return err
			}
			payments = append(payments, pay)
		}
		return rows.Err()
	})
	b.Queue("COMMIT")
	conn, err := p.s.pool.Acquire(ctx)
	if err != nil {
		return ordering.Order{}, nil, readError(err)
	}
	defer conn.Release()
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return ordering.Order{}, nil, missing("order", p.s.rollback(ctx, conn, err))
	}
	return o, payments, nil
}

const (
	orderColumnNames = `version, number, status, reason, cart, channel, locale, email, currency, subtotal, discount, shipping, tax, total,
		shipping_lines, shipping_address, billing_address, timeline, created_at, updated_at, customer, tax_lines, details,
		due, holding, open, fulfilments, notes`
	lineColumnNames    = `id, variant_id, product_id, sku, title, variant_title, quantity, unit_price, total, claim_id, backordered, details`
	paymentColumnNames = `id, version, provider, currency, amount, entries`

	sqlReadOrder    = `SELECT ` + orderColumnNames + ` FROM commerce.orders WHERE shop = $1 AND id = $2`
	sqlReadLines    = `SELECT ` + lineColumnNames + ` FROM commerce.order_lines WHERE shop = $1 AND order_id = $2 ORDER BY position`
	sqlReadPayments = `SELECT ` + paymentColumnNames + ` FROM commerce.payments WHERE shop = $1 AND order_id = $2 ORDER BY id`
)

func scanOrder(row pgx.Row, o *ordering.Order) error {
	var currency string
	var cart, shipping, ship, bill, timeline, taxes, details, open, fulfilments, notes []byte
	var due *time.Time
	var customer pgtype.UUID
	var said remarks
	var subtotal, discount, delivery, tax, total int64
	err := row.Scan(&o.Version, &o.Number, &o.Status, &o.Reason, &cart, &o.Channel, &o.Locale, &o.Email, &currency,
		&subtotal, &discount, &delivery, &tax, &total, &shipping, &ship, &bill, &timeline, &o.CreatedAt, &o.UpdatedAt,
		&customer, &taxes, &details, &due, &o.Holding, &open, &fulfilments, &notes)
	if err != nil {
		return err
	}
	c, err := money.CurrencyOf(currency)
	if err != nil {
		return corrupt(err)
	}
	o.Totals = ordering.Totals{
		Subtotal: money.New(subtotal, c), Discount: money.New(discount, c), Shipping: money.New(delivery, c),
		Tax: money.New(tax, c), Total: money.New(total, c),
	}
	o.CreatedAt, o.UpdatedAt = ref.Instant(o.CreatedAt), ref.Instant(o.UpdatedAt)
	o.Cart = cartID(cart)
	if due != nil {
		o.Due = ref.Instant(*due)
	}
	if customer.Valid {
		o.Customer = ref.NewID[ref.CustomerKind](customer.Bytes)
	}
	for _, part := range []struct {
		data []byte
		into any
	}{
		{shipping, &o.Shipping},
		{ship, &o.ShippingAddress},
		{bill, &o.BillingAddress},
		{timeline, &o.Timeline},
		{taxes, &o.Taxes},
		{details, &said},
		{open, &o.Open},
		{fulfilments, &o.Fulfilments},
		{notes, &o.Notes},
	} {
		if part.data == nil || string(part.data) == "[]" {
			continue
		}
		if err := json.Unmarshal(part.data, part.into); err != nil {
			return corrupt(err)
		}
	}
	o.Note, o.Metadata = said.Note, said.Metadata
	return nil
}

// lineRemarks are what is written on a line of an order, besides what was bought.
type lineRemarks struct {
	remarks
	Custom ordering.Customisation `json:"custom,omitempty"`
	Origin ordering.PriceOrigin   `json:"origin,omitzero"`
}

// scanLine reads a line of the order that of gives once the row is read.
func scanLine(row pgx.Row, of func() *ordering.Order) error {
	var l ordering.OrderLine
	var id, variant, product, claim [16]byte
	var price, total int64
	var details []byte
	err := row.Scan(&id, &variant, &product, &l.SKU, &l.Title, &l.VariantTitle, &l.Quantity, &price, &total, &claim, &l.Backordered, &details)
	if err != nil {
		return err
	}
	var said lineRemarks
	if err := json.Unmarshal(details, &said); err != nil {
		return corrupt(err)
	}
	o := of()
	l.Note, l.Metadata, l.Custom, l.Origin = said.Note, said.Metadata, said.Custom, said.Origin
	l.ID, l.Variant, l.Product = ref.NewID[ref.LineKind](id), ref.NewID[ref.VariantKind](variant), ref.NewID[ref.ProductKind](product)
	l.Claim = ref.NewID[ref.ClaimKind](claim)
	l.UnitPrice, l.Total = money.NewUnitPrice(price, o.Currency()), money.New(total, o.Currency())
	o.Lines = append(o.Lines, l)
	return nil
}

func scanPayment(row pgx.Row, order ref.OrderID) (ordering.Payment, error) {
	p := ordering.Payment{Order: order}
	var id [16]byte
	var currency string
	var amount int64
	var entries []byte
	if err := row.Scan(&id, &p.Version, &p.Provider, &currency, &amount, &entries); err != nil {
		return p, err
	}
	c, err := money.CurrencyOf(currency)
	if err != nil {
		return p, corrupt(err)
	}
	p.ID, p.Amount = ref.NewID[ref.PaymentKind](id), money.New(amount, c)
	if err := json.Unmarshal(entries, &p.Entries); err != nil {
		return p, corrupt(err)
	}
	return p, nil
}

// figuresAge is how old figures may be: they are for metrics, and adding up all orders is work.
const figuresAge = 15 * time.Second

type figures struct {
	mu    sync.Mutex
	at    time.Time
	value ordering.Figures
}

// Figures adds up all orders, at most once in figuresAge.
func (p Orders) Figures(ctx context.Context) (ordering.Figures, error) {
	f := &p.s.figures
	f.mu.Lock()
	defer f.mu.Unlock()
	clock := p.s.cfg.Clock
	if clock != nil && !f.at.IsZero() && clock.Now().Sub(f.at) < figuresAge {
		return f.value, nil
	}
	rows, err := p.s.pool.Query(ctx, `SELECT status, currency, count(*), sum(total)::bigint FROM commerce.orders WHERE shop = $1 GROUP BY 1, 2`, p.s.cfg.Shop)
	if err != nil {
		return ordering.Figures{}, readError(err)
	}
	out := ordering.Figures{Orders: map[ordering.Status]int64{}, Revenue: map[string]int64{}}
	var status ordering.Status
	var currency string
	var n, sum int64
	_, err = pgx.ForEachRow(rows, []any{&status, &currency, &n, &sum}, func() error {
		out.Orders[status] += n
		if status == ordering.Placed || status == ordering.Completed {
			out.Revenue[currency] += sum
		}
		return nil
	})
	if err != nil {
		return ordering.Figures{}, readError(err)
	}
	if clock != nil {
		f.value, f.at = out, clock.Now()
	}
	return out, nil
}
