package postgres

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	sqlInsertCarts = `INSERT INTO commerce.carts (shop, id, version, status, channel, currency, lines, order_id, created_at, updated_at)
		SELECT $1, c.id, c.version, c.status, c.channel, c.currency, c.lines::jsonb, c.order_id, c.created_at, c.updated_at
		FROM unnest($2::bytea[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::timestamptz[], $10::timestamptz[])
		AS c(id, version, status, channel, currency, lines, order_id, created_at, updated_at)`
	sqlUpdateCarts = `UPDATE commerce.carts t SET version = c.version, status = c.status, lines = c.lines::jsonb, order_id = c.order_id, updated_at = c.updated_at
		FROM unnest($2::bytea[], $3::bigint[], $4::text[], $5::text[], $6::uuid[], $7::timestamptz[]) AS c(id, version, status, lines, order_id, updated_at)
		WHERE t.shop = $1 AND t.id = c.id`
	sqlInsertOrders = `INSERT INTO commerce.orders (shop, id, version, number, status, reason, cart, channel, locale, email, currency,
			subtotal, discount, shipping, tax, total, shipping_lines, shipping_address, billing_address, timeline, created_at, updated_at, backordered)
		SELECT $1, o.id, o.version, o.number, o.status, o.reason, o.cart, o.channel, o.locale, o.email, o.currency,
			o.subtotal, o.discount, o.shipping, o.tax, o.total, o.lines::jsonb, o.ship::jsonb, o.bill::jsonb, o.timeline::jsonb, o.created, o.updated, o.backordered
		FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::text[], $9::text[], $10::text[], $11::text[],
			$12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::text[], $18::text[], $19::text[], $20::text[],
			$21::timestamptz[], $22::timestamptz[], $23::bigint[])
		AS o(id, version, number, status, reason, cart, channel, locale, email, currency, subtotal, discount, shipping, tax, total,
			lines, ship, bill, timeline, created, updated, backordered)`
	sqlInsertOrderLines = `INSERT INTO commerce.order_lines (shop, order_id, position, id, variant_id, product_id, sku, title, variant_title,
			quantity, unit_price, total, claim_id, backordered)
		SELECT $1, * FROM unnest($2::uuid[], $3::integer[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[],
			$10::bigint[], $11::bigint[], $12::bigint[], $13::uuid[], $14::bigint[])`
	sqlUpdateOrderLines = `UPDATE commerce.order_lines t SET backordered = l.backordered
		FROM unnest($2::uuid[], $3::integer[], $4::bigint[]) AS l(order_id, position, backordered)
		WHERE t.shop = $1 AND t.order_id = l.order_id AND t.position = l.position AND t.backordered <> l.backordered`
	sqlUpdateOrders = `UPDATE commerce.orders t SET version = o.version, status = o.status, reason = o.reason, timeline = o.timeline::jsonb, updated_at = o.updated_at,
			backordered = o.backordered
		FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::bigint[])
		AS o(id, version, status, reason, timeline, updated_at, backordered)
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

// cartKey is NULL for an order that came from no cart.
func cartKey(id ref.CartID) []byte {
	if id.IsZero() {
		return nil
	}
	secret := id.Bytes()
	return secret[:]
}

func (w *writer) queueCarts() {
	fresh, known := w.carts.split()
	if len(fresh) > 0 {
		c := cartColumnsOf(fresh)
		w.pending.Queue(sqlInsertCarts, w.s.cfg.Shop, c.ids, c.versions, c.statuses, c.channels, c.currencies, c.lines, c.orders, c.created, c.updated)
	}
	if len(known) > 0 {
		c := cartColumnsOf(known)
		w.pending.Queue(sqlUpdateCarts, w.s.cfg.Shop, c.ids, c.versions, c.statuses, c.lines, c.orders, c.updated)
	}
}

type cartColumns struct {
	ids                                   [][]byte
	versions                              []int64
	statuses, channels, currencies, lines []string
	orders                                []pgtype.UUID
	created, updated                      []time.Time
}

func cartColumnsOf(carts []ordering.Cart) (c cartColumns) {
	for _, x := range carts {
		c.ids = append(c.ids, cartKey(x.ID))
		c.versions = append(c.versions, int64(x.Version))
		c.statuses = append(c.statuses, string(x.Status))
		c.channels = append(c.channels, string(x.Channel))
		c.currencies = append(c.currencies, x.Currency.Code())
		c.lines = append(c.lines, text(x.Lines))
		c.orders = append(c.orders, orNull(x.Order))
		c.created = append(c.created, x.CreatedAt)
		c.updated = append(c.updated, x.UpdatedAt)
	}
	return c
}

func (w *writer) queueOrders() {
	fresh, known := w.orders.split()
	if len(fresh) > 0 {
		c := orderColumnsOf(fresh)
		w.pending.Queue(sqlInsertOrders, w.s.cfg.Shop, c.ids, c.versions, c.numbers, c.statuses, c.reasons, c.carts, c.channels, c.locales,
			c.emails, c.currencies, c.subtotals, c.discounts, c.shippings, c.taxes, c.totals, c.shippingLines, c.ship, c.bill, c.timelines, c.created, c.updated,
			c.backordered)
		l := lineColumnsOf(fresh)
		w.pending.Queue(sqlInsertOrderLines, w.s.cfg.Shop, l.orders, l.positions, l.ids, l.variants, l.products, l.skus, l.titles,
			l.variantTitles, l.quantities, l.unitPrices, l.totals, l.claims, l.backordered)
	}
	if len(known) > 0 {
		c := orderColumnsOf(known)
		w.pending.Queue(sqlUpdateOrders, w.s.cfg.Shop, c.ids, c.versions, c.statuses, c.reasons, c.timelines, c.updated, c.backordered)
	}
	// Lines say less of what is promised beyond stock as goods come in; else they never change.
	owing := slices.DeleteFunc(known, func(o ordering.Order) bool { return !w.facts.owed[o.ID] && o.Backordered() == 0 })
	if len(owing) > 0 {
		l := lineColumnsOf(owing)
		w.pending.Queue(sqlUpdateOrderLines, w.s.cfg.Shop, l.orders, l.positions, l.backordered)
	}
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
	}
	return c
}

type lineColumns struct {
	orders, ids, variants, products, claims [][16]byte
	positions                               []int32
	skus, titles, variantTitles             []string
	quantities, unitPrices, totals          []int64
	backordered                             []int64
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
		}
	}
	return c
}

func (w *writer) queuePayments() {
	fresh, known := w.pays.split()
	for i, set := range [2][]ordering.Payment{fresh, known} {
		if len(set) == 0 {
			continue
		}
		ids, orders := make([][16]byte, len(set)), make([][16]byte, len(set))
		versions, amounts := make([]int64, len(set)), make([]int64, len(set))
		providers, currencies, entries := make([]string, len(set)), make([]string, len(set)), make([]string, len(set))
		for j, p := range set {
			ids[j], orders[j], versions[j], amounts[j] = p.ID.UUID(), p.Order.UUID(), int64(p.Version), p.Amount.Minor()
			providers[j], currencies[j], entries[j] = p.Provider, p.Amount.Currency().Code(), text(p.Entries)
		}
		if i == 0 {
			w.pending.Queue(sqlInsertPayments, w.s.cfg.Shop, ids, versions, orders, providers, currencies, amounts, entries)
		} else {
			w.pending.Queue(sqlUpdatePayments, w.s.cfg.Shop, orders, ids, versions, entries)
		}
	}
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
