package postgres

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	sqlInsertOrders = `INSERT INTO commerce.orders (shop, id, version, number, status, reason, cart, channel, locale, email, currency,
			subtotal, discount, shipping, tax, total, shipping_lines, shipping_address, billing_address, timeline, created_at, updated_at, backordered,
			customer, tax_lines, details, due, holding, open, fulfilments, notes)
		SELECT $1, o.id, o.version, o.number, o.status, o.reason, o.cart, o.channel, o.locale, o.email, o.currency,
			o.subtotal, o.discount, o.shipping, o.tax, o.total, o.lines::jsonb, o.ship::jsonb, o.bill::jsonb, o.timeline::jsonb, o.created, o.updated, o.backordered,
			o.customer, o.taxes::jsonb, o.details::jsonb, o.due, o.holding, o.open::jsonb, o.fulfilments::jsonb, o.notes::jsonb
		FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::text[], $9::text[], $10::text[], $11::text[],
			$12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::text[], $18::text[], $19::text[], $20::text[],
			$21::timestamptz[], $22::timestamptz[], $23::bigint[], $24::uuid[], $25::text[], $26::text[],
			$27::timestamptz[], $28::text[], $29::text[], $30::text[], $31::text[])
		AS o(id, version, number, status, reason, cart, channel, locale, email, currency, subtotal, discount, shipping, tax, total,
			lines, ship, bill, timeline, created, updated, backordered, customer, taxes, details, due, holding, open, fulfilments, notes)`
	sqlInsertOrderLines = `INSERT INTO commerce.order_lines (shop, order_id, position, id, variant_id, product_id, sku, title, variant_title,
			quantity, unit_price, total, claim_id, backordered, details)
		SELECT $1, l.order_id, l.position, l.id, l.variant_id, l.product_id, l.sku, l.title, l.variant_title,
			l.quantity, l.unit_price, l.total, l.claim_id, l.backordered, l.details::jsonb
		FROM unnest($2::uuid[], $3::integer[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[],
			$10::bigint[], $11::bigint[], $12::bigint[], $13::uuid[], $14::bigint[], $15::text[])
		AS l(order_id, position, id, variant_id, product_id, sku, title, variant_title, quantity, unit_price, total, claim_id, backordered, details)`
	sqlUpdateOrderLines = `UPDATE commerce.order_lines t SET backordered = l.backordered, claim_id = l.claim_id
		FROM unnest($2::uuid[], $3::integer[], $4::bigint[], $5::uuid[]) AS l(order_id, position, backordered, claim_id)
		WHERE t.shop = $1 AND t.order_id = l.order_id AND t.position = l.position
			AND (t.backordered <> l.backordered OR t.claim_id <> l.claim_id)`
	sqlUpdateOrders = `UPDATE commerce.orders t SET version = o.version, status = o.status, reason = o.reason, timeline = o.timeline::jsonb, updated_at = o.updated_at,
			backordered = o.backordered, customer = o.customer, due = o.due, holding = o.holding, open = o.open::jsonb,
			fulfilments = o.fulfilments::jsonb, notes = o.notes::jsonb
		FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::bigint[], $9::uuid[],
			$10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::text[])
		AS o(id, version, status, reason, timeline, updated_at, backordered, customer, due, holding, open, fulfilments, notes)
		WHERE t.shop = $1 AND t.id = o.id`
	sqlInsertPayments = `INSERT INTO commerce.payments (shop, id, version, order_id, provider, currency, amount, entries)
		SELECT $1, p.id, p.version, p.order_id, p.provider, p.currency, p.amount, p.entries::jsonb
		FROM unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::text[])
		AS p(id, version, order_id, provider, currency, amount, entries)`
	sqlUpdatePayments = `UPDATE commerce.payments t SET version = p.version, entries = p.entries::jsonb
		FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[]) AS p(order_id, id, version, entries)
		WHERE t.shop = $1 AND t.order_id = p.order_id AND t.id = p.id`
)

// text encodes a value of ours; such values always encode.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("postgres: a row does not encode: " + err.Error())
	}
	return string(b)
}

// orNull is NULL for the zero id.
func orNull[K ref.Kind](id ref.ID[K]) pgtype.UUID {
	return pgtype.UUID{Bytes: id.UUID(), Valid: !id.IsZero()}
}

func (w *writer) queueOrders() {
	fresh, known := w.orders.Split()
	if len(fresh) > 0 {
		queueNewOrders(w.pending, w.s.cfg.Shop, fresh)
		queueLines(w.pending, w.s.cfg.Shop, lineColumnsOf(fresh))
	}
	if len(known) > 0 {
		c := orderColumnsOf(known)
		w.pending.Queue(sqlUpdateOrders, w.s.cfg.Shop, c.ids, c.versions, c.statuses, c.reasons, c.timelines, c.updated, c.backordered, c.customers,
			c.due, c.holdings, c.open, c.fulfilments, c.notes)
	}
	// Lines say less of what is promised beyond stock as goods come in, and have other claims when theirs were made anew;
	// else they never change.
	owing := slices.DeleteFunc(known, func(o ordering.Order) bool {
		return !w.facts.owed[o.ID] && !w.claimed[o.ID] && o.Backordered() == 0
	})
	if len(owing) > 0 {
		l := lineColumnsOf(owing)
		w.pending.Queue(sqlUpdateOrderLines, w.s.cfg.Shop, l.orders, l.positions, l.backordered, l.claims)
	}
}

// queueNewOrders writes orders without their lines.
func queueNewOrders(b *pgx.Batch, shop int32, fresh []ordering.Order) {
	c := orderColumnsOf(fresh)
	b.Queue(sqlInsertOrders, shop, c.ids, c.versions, c.numbers, c.statuses, c.reasons, c.carts, c.channels, c.locales,
		c.emails, c.currencies, c.subtotals, c.discounts, c.shippings, c.taxes, c.totals, c.shippingLines, c.ship, c.bill, c.timelines, c.created, c.updated,
		c.backordered, c.customers, c.taxLines, c.details, c.due, c.holdings, c.open, c.fulfilments, c.notes)
}

// queueLines writes new lines of orders.
func queueLines(b *pgx.Batch, shop int32, l lineColumns) {
	b.Queue(sqlInsertOrderLines, shop, l.orders, l.positions, l.ids, l.variants, l.products, l.skus, l.titles,
		l.variantTitles, l.quantities, l.unitPrices, l.totals, l.claims, l.backordered, l.details)
}

type orderColumns struct {
	ids                                                [][16]byte
	versions                                           []int64
	numbers, statuses, reasons, channels, locales      []string
	emails, currencies, shippingLines, ship, timelines []string
	bill                                               []*string
	carts                                              [][]byte
	subtotals, discounts, shippings, taxes, totals     []int64
	backordered                                        []int64
	created, updated                                   []time.Time
	customers                                          []pgtype.UUID
	taxLines, details                                  []string
	due                                                []*time.Time
	holdings, open, fulfilments, notes                 []string
}

func orderColumnsOf(orders []ordering.Order) (c orderColumns) {
	for _, o := range orders {
		c.ids = append(c.ids, o.ID.UUID())
		c.versions = append(c.versions, int64(o.Version))
		c.numbers = append(c.numbers, o.Number)
		c.statuses = append(c.statuses, string(o.Status))
		c.reasons = append(c.reasons, o.Reason)
		c.carts = append(c.carts, cartKey(o.Cart))
		c.channels = append(c.channels, string(o.Channel))
		c.locales = append(c.locales, o.Locale)
		c.emails = append(c.emails, o.Email)
		c.currencies = append(c.currencies, o.Currency().Code())
		c.subtotals = append(c.subtotals, o.Totals.Subtotal.Minor())
		c.discounts = append(c.discounts, o.Totals.Discount.Minor())
		c.shippings = append(c.shippings, o.Totals.Shipping.Minor())
		c.taxes = append(c.taxes, o.Totals.Tax.Minor())
		c.totals = append(c.totals, o.Totals.Total.Minor())
		c.shippingLines = append(c.shippingLines, text(o.Shipping))
		c.ship = append(c.ship, text(o.ShippingAddress))
		var bill *string
		if o.BillingAddress != nil {
			t := text(o.BillingAddress)
			bill = &t
		}
		c.bill = append(c.bill, bill)
		c.timelines = append(c.timelines, text(o.Timeline))
		c.created = append(c.created, o.CreatedAt)
		c.updated = append(c.updated, o.UpdatedAt)
		c.backordered = append(c.backordered, o.Backordered())
		c.customers = append(c.customers, orNull(o.Customer))
		c.taxLines = append(c.taxLines, text(o.Taxes))
		c.details = append(c.details, text(remarks{Note: o.Note, Metadata: o.Metadata}))
		c.due = append(c.due, nullTime(o.Due))
		c.holdings = append(c.holdings, string(o.Holding))
		c.open = append(c.open, list(o.Open))
		c.fulfilments = append(c.fulfilments, list(o.Fulfilments))
		c.notes = append(c.notes, list(o.Notes))
	}
	return c
}

// list encodes a list that most orders do not have, for little.
func list[T any](of []T) string {
	if len(of) == 0 {
		return "[]"
	}
	return text(of)
}

type lineColumns struct {
	orders, ids, variants, products, claims [][16]byte
	positions                               []int32
	skus, titles, variantTitles             []string
	quantities, unitPrices, totals          []int64
	backordered                             []int64
	details                                 []string
}

func lineColumnsOf(orders []ordering.Order) (c lineColumns) {
	for _, o := range orders {
		for i, l := range o.Lines {
			c.orders = append(c.orders, o.ID.UUID())
			c.positions = append(c.positions, int32(i))
			c.ids = append(c.ids, l.ID.UUID())
			c.variants = append(c.variants, l.Variant.UUID())
			c.products = append(c.products, l.Product.UUID())
			c.skus = append(c.skus, string(l.SKU))
			c.titles = append(c.titles, l.Title)
			c.variantTitles = append(c.variantTitles, l.VariantTitle)
			c.quantities = append(c.quantities, l.Quantity)
			c.unitPrices = append(c.unitPrices, l.UnitPrice.Micro())
			c.totals = append(c.totals, l.Total.Minor())
			c.claims = append(c.claims, l.Claim.UUID())
			c.backordered = append(c.backordered, l.Backordered)
			c.details = append(c.details, text(lineRemarks{remarks: remarks{Note: l.Note, Metadata: l.Metadata}, Custom: l.Custom, Origin: l.Origin}))
		}
	}
	return c
}

func (w *writer) queuePayments() {
	fresh, known := w.pays.Split()
	queuePaymentSet(w.pending, w.s.cfg.Shop, fresh, true)
	queuePaymentSet(w.pending, w.s.cfg.Shop, known, false)
}

// queuePaymentSet writes new payments, or the ledgers of known ones.
func queuePaymentSet(b *pgx.Batch, shop int32, set []ordering.Payment, fresh bool) {
	if len(set) == 0 {
		return
	}
	c := paymentColumnsOf(set)
	if fresh {
		b.Queue(sqlInsertPayments, shop, c.ids, c.versions, c.orders, c.providers, c.currencies, c.amounts, c.entries)
	} else {
		b.Queue(sqlUpdatePayments, shop, c.orders, c.ids, c.versions, c.entries)
	}
}

type paymentColumns struct {
	ids, orders                    [][16]byte
	versions, amounts              []int64
	providers, currencies, entries []string
}

func paymentColumnsOf(set []ordering.Payment) (c paymentColumns) {
	for _, p := range set {
		c.ids, c.orders = append(c.ids, p.ID.UUID()), append(c.orders, p.Order.UUID())
		c.versions, c.amounts = append(c.versions, int64(p.Version)), append(c.amounts, p.Amount.Minor())
		c.providers, c.currencies = append(c.providers, p.Provider), append(c.currencies, p.Amount.Currency().Code())
		c.entries = append(c.entries, text(p.Entries))
	}
	return c
}

type eventColumns struct {
	ids                     [][16]byte
	names, aggregates, data []string
	ats                     []time.Time
}

func (c *eventColumns) add(e event.Event) {
	c.ids = append(c.ids, e.ID.UUID())
	c.names = append(c.names, e.Name)
	c.aggregates = append(c.aggregates, e.Aggregate)
	c.ats = append(c.ats, e.At)
	c.data = append(c.data, string(e.Data))
}
