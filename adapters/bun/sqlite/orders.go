package sqlite

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Orders is the store as ordering.Orders and ordering.Auditor.
type Orders struct{ s *Store }

var _ ordering.Orders = Orders{}

// Orders gives the port ordering.Orders.
func (s *Store) Orders() Orders { return Orders{s} }

const (
	orderColumns = `id, version, number, status, reason, cart, channel, locale, email, currency, subtotal, discount, shipping, tax, total,
		shipping_lines, shipping_address, billing_address, timeline, created_at, updated_at, customer, tax_lines, details,
		due, holding, open, fulfilments, notes`
	lineColumns = `order_id, id, variant_id, product_id, sku, title, variant_title, quantity, unit_price, total, claim_id, backordered, details`
	payColumns  = `order_id, id, version, provider, currency, amount, entries`

	// The parts of the orders whose ids a list in JSON has.
	sqlNamedOrders   = `SELECT ` + orderColumns + ` FROM ` + sqlNamed + ` CROSS JOIN orders o ON o.id = k.value ORDER BY k.place`
	sqlNamedLines    = `SELECT ` + lineColumns + ` FROM ` + sqlNamed + ` CROSS JOIN order_lines ON order_id = k.value ORDER BY order_id, position`
	sqlNamedPayments = `SELECT ` + payColumns + ` FROM ` + sqlNamed + ` CROSS JOIN payments ON order_id = k.value ORDER BY order_id, id`
)

// Order reads an order, its lines and payments, in one snapshot: nobody sees a part of a commit.
func (p Orders) Order(ctx context.Context, id ref.OrderID) (o ordering.Order, payments []ordering.Payment, err error) {
	err = p.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		read, err := readOrders(ctx, tx, []ref.OrderID{id})
		if err != nil {
			return err
		}
		if len(read) == 0 {
			return sql.ErrNoRows
		}
		o, payments = read[0].Order, read[0].Payments
		return nil
	})
	return o, payments, missing("order", err)
}

// readOrders reads orders with their lines and payments, in the order of the ids: three statements for any number.
func readOrders(ctx context.Context, tx *sql.Tx, ids []ref.OrderID) ([]ordering.ListedOrder, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	named := idTexts(ids)
	items, err := rowsOf(ctx, tx, scanOrder, sqlNamedOrders, named)
	if err != nil {
		return nil, err
	}
	index := make(map[ref.OrderID]*ordering.ListedOrder, len(items))
	for i := range items {
		index[items[i].Order.ID] = &items[i]
	}
	lines, err := rowsOf(ctx, tx, scanLine, sqlNamedLines, named)
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		if item := index[l.order]; item != nil {
			item.Order.Lines = append(item.Order.Lines, l.of(item.Order.Currency()))
		}
	}
	payments, err := rowsOf(ctx, tx, scanPayment, sqlNamedPayments, named)
	if err != nil {
		return nil, err
	}
	for _, pay := range payments {
		if item := index[pay.Order]; item != nil {
			item.Payments = append(item.Payments, pay)
		}
	}
	return items, nil
}

func scanOrder(row scanned) (item ordering.ListedOrder, err error) {
	o := &item.Order
	var currency string
	var said remarks
	var subtotal, discount, delivery, tax, total int64
	err = row.Scan(intoID(&o.ID), &o.Version, &o.Number, &o.Status, &o.Reason, intoCart(&o.Cart), &o.Channel, &o.Locale, &o.Email, &currency,
		&subtotal, &discount, &delivery, &tax, &total, intoJSON(&o.Shipping), intoJSON(&o.ShippingAddress), intoJSON(&o.BillingAddress),
		intoJSON(&o.Timeline), intoTime(&o.CreatedAt), intoTime(&o.UpdatedAt), intoID(&o.Customer), intoList(&o.Taxes), intoJSON(&said),
		intoTime(&o.Due), &o.Holding, intoList(&o.Open), intoList(&o.Fulfilments), intoList(&o.Notes))
	if err != nil {
		return item, err
	}
	c, err := money.CurrencyOf(currency)
	if err != nil {
		return item, err
	}
	o.Totals = ordering.Totals{
		Subtotal: money.New(subtotal, c), Discount: money.New(discount, c), Shipping: money.New(delivery, c),
		Tax: money.New(tax, c), Total: money.New(total, c),
	}
	o.Note, o.Metadata = said.Note, said.Metadata
	return item, nil
}

// lineRow is a line that does not know the currency of its order yet.
type lineRow struct {
	order        ref.OrderID
	line         ordering.OrderLine
	price, total int64
}

func scanLine(row scanned) (r lineRow, err error) {
	l := &r.line
	var said lineRemarks
	err = row.Scan(intoID(&r.order), intoID(&l.ID), intoID(&l.Variant), intoID(&l.Product), &l.SKU, &l.Title, &l.VariantTitle, &l.Quantity,
		&r.price, &r.total, intoID(&l.Claim), &l.Backordered, intoJSON(&said))
	l.Note, l.Metadata, l.Custom, l.Origin = said.Note, said.Metadata, said.Custom, said.Origin
	return r, err
}

// of is the line with its amounts.
func (r lineRow) of(c money.Currency) ordering.OrderLine {
	r.line.UnitPrice, r.line.Total = money.NewUnitPrice(r.price, c), money.New(r.total, c)
	return r.line
}

func scanPayment(row scanned) (p ordering.Payment, err error) {
	var currency string
	var amount int64
	if err := row.Scan(intoID(&p.Order), intoID(&p.ID), &p.Version, &p.Provider, &currency, &amount, intoJSON(&p.Entries)); err != nil {
		return p, err
	}
	c, err := money.CurrencyOf(currency)
	p.Amount = money.New(amount, c)
	return p, err
}

// OfPayment reads the order of a payment.
func (p Orders) OfPayment(ctx context.Context, id ref.PaymentID) (o ordering.Order, payments []ordering.Payment, err error) {
	var order ref.OrderID
	err = readError(p.s.reader.QueryRowContext(ctx, `SELECT order_id FROM payments WHERE id = ?1`, id.String()).Scan(intoID(&order)))
	switch {
	case fault.Is(err, fault.Missing):
		return o, nil, fault.Missing.New("there is no such payment")
	case err != nil:
		return o, nil, err
	}
	return p.Order(ctx, order) // A payment keeps its order.
}

// Unsettled reads which orders are due.
func (p Orders) Unsettled(ctx context.Context, at time.Time, limit int) ([]ref.OrderID, error) {
	return rowsOf(ctx, p.s.reader, scanID[ref.OrderKind], `SELECT id FROM orders WHERE due <= ?1 AND due IS NOT NULL ORDER BY due, id LIMIT ?2`, microsOf(at), limit)
}

// scanID reads a row that is an id.
func scanID[K ref.Kind](row scanned) (id ref.ID[K], err error) {
	err = row.Scan(intoID(&id))
	return id, err
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
	out := ordering.Figures{Orders: map[ordering.Status]int64{}, Revenue: map[string]int64{}}
	var status ordering.Status
	var currency string
	var n, sum int64
	err := eachRow(ctx, p.s.reader, `SELECT status, currency, count(*), sum(total) FROM orders GROUP BY 1, 2`, nil,
		[]any{&status, &currency, &n, &sum}, func() {
			out.Orders[status] += n
			if status == ordering.Placed || status == ordering.Completed {
				out.Revenue[currency] += sum
			}
		})
	if err != nil {
		return ordering.Figures{}, readError(err)
	}
	if clock != nil {
		f.value, f.at = out, clock.Now()
	}
	return out, nil
}
