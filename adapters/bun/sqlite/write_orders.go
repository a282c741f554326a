package sqlite

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	sqlInsertOrder = `INSERT INTO orders (id, version, number, status, reason, cart, channel, locale, email, email_key, customer, currency,
			subtotal, discount, shipping, tax, total, shipping_lines, tax_lines, shipping_address, billing_address, timeline, details,
			due, holding, open, fulfilments, notes, created_at, updated_at)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27,
			?28, ?29, ?30)`
	sqlUpdateOrder = `UPDATE orders SET version = ?2, status = ?3, reason = ?4, customer = ?5, timeline = ?6, due = ?7, holding = ?8, open = ?9,
		fulfilments = ?10, notes = ?11, updated_at = ?12 WHERE id = ?1`
	sqlInsertLine = `INSERT INTO order_lines (order_id, position, id, variant_id, product_id, sku, title, variant_title, quantity, unit_price,
			total, claim_id, backordered, details)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)`
	sqlUpdateLine    = `UPDATE order_lines SET backordered = ?3, claim_id = ?4 WHERE order_id = ?1 AND position = ?2`
	sqlInsertPayment = `INSERT INTO payments (order_id, id, version, provider, currency, amount, entries) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	sqlUpdatePayment = `UPDATE payments SET version = ?3, entries = ?4 WHERE order_id = ?1 AND id = ?2`
)

func (w *writer) writeOrders(ctx context.Context) error {
	fresh, known := w.orders.Split()
	if err := each(ctx, w.tx, sqlInsertOrder, fresh, newOrderRow); err != nil {
		return err
	}
	if err := each(ctx, w.tx, sqlInsertLine, linesOf(fresh), newLineRow); err != nil {
		return err
	}
	err := each(ctx, w.tx, sqlUpdateOrder, known, func(o ordering.Order) []any {
		return []any{
			o.ID.String(), int64(o.Version), string(o.Status), o.Reason, idText(o.Customer), jsonText(o.Timeline), nullMicros(o.Due),
			string(o.Holding), listText(o.Open), listText(o.Fulfilments), listText(o.Notes), microsOf(o.UpdatedAt),
		}
	})
	if err != nil {
		return err
	}
	// Lines say less of what is promised beyond stock as goods come in, and have other claims when theirs were made anew;
	// else they never change.
	owing := slices.DeleteFunc(known, func(o ordering.Order) bool {
		return !w.facts.owed[o.ID] && !w.claimed[o.ID] && o.Backordered() == 0
	})
	return each(ctx, w.tx, sqlUpdateLine, linesOf(owing), func(l placedLine) []any {
		return []any{l.order.String(), l.position, l.Backordered, idText(l.Claim)}
	})
}

func newOrderRow(o ordering.Order) []any {
	var bill any
	if o.BillingAddress != nil {
		bill = jsonText(o.BillingAddress)
	}
	t := o.Totals
	return []any{
		o.ID.String(), int64(o.Version), o.Number, string(o.Status), o.Reason, cartKey(o.Cart), string(o.Channel), o.Locale,
		o.Email, ref.CanonicalEmail(o.Email), idText(o.Customer), o.Currency().Code(),
		t.Subtotal.Minor(), t.Discount.Minor(), t.Shipping.Minor(), t.Tax.Minor(), t.Total.Minor(),
		jsonText(o.Shipping), listText(o.Taxes), jsonText(o.ShippingAddress), bill, jsonText(o.Timeline),
		jsonText(remarks{Note: o.Note, Metadata: o.Metadata}), nullMicros(o.Due), string(o.Holding),
		listText(o.Open), listText(o.Fulfilments), listText(o.Notes), microsOf(o.CreatedAt), microsOf(o.UpdatedAt),
	}
}

// listText encodes a list that most orders do not have, for little.
func listText[T any](list []T) string {
	if len(list) == 0 {
		return "[]"
	}
	return jsonText(list)
}

// lineRemarks are what is written on a line of an order, besides what was bought.
type lineRemarks struct {
	remarks
	Custom ordering.Customisation `json:"custom,omitempty"`
	Origin ordering.PriceOrigin   `json:"origin,omitzero"`
}

// placedLine is a line with its place.
type placedLine struct {
	order    ref.OrderID
	position int
	ordering.OrderLine
}

func linesOf(orders []ordering.Order) (out []placedLine) {
	for _, o := range orders {
		for i, l := range o.Lines {
			out = append(out, placedLine{order: o.ID, position: i, OrderLine: l})
		}
	}
	return out
}

func newLineRow(l placedLine) []any {
	said := lineRemarks{remarks: remarks{Note: l.Note, Metadata: l.Metadata}, Custom: l.Custom, Origin: l.Origin}
	return []any{
		l.order.String(), l.position, l.ID.String(), idText(l.Variant), idText(l.Product), string(l.SKU), l.Title, l.VariantTitle,
		l.Quantity, l.UnitPrice.Micro(), l.Total.Minor(), idText(l.Claim), l.Backordered, jsonText(said),
	}
}

func (w *writer) writePayments(ctx context.Context) error {
	fresh, known := w.pays.Split()
	if err := each(ctx, w.tx, sqlInsertPayment, fresh, newPaymentRow); err != nil {
		return err
	}
	return each(ctx, w.tx, sqlUpdatePayment, known, func(p ordering.Payment) []any {
		return []any{p.Order.String(), p.ID.String(), int64(p.Version), jsonText(p.Entries)}
	})
}
