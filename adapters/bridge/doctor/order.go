package doctor

import (
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// Rules are what an order's checks depend on besides the order.
type Rules struct {
	At    time.Time
	Grace time.Duration // How much later than due something may happen; Grace when 0.
	// Online tells of a provider whether it decides on each payment, so that what is placed must have been decided on.
	Online func(provider string) bool
}

// Grace is how much later than due something may happen before it is a finding: sweepers run each minute or so.
const Grace = time.Minute

// late tells whether a moment is past by more than the grace.
func (r Rules) late(due time.Time) bool {
	grace := r.Grace
	if grace == 0 {
		grace = Grace
	}
	return !due.IsZero() && r.At.After(due.Add(grace))
}

// Order checks an order, its payments and its claims.
func Order(a ordering.OrderAudit, r Rules) []Finding {
	out := total(a.Order)
	out = append(out, claims(a, r)...)
	out = append(out, payments(a, r)...)
	if due := a.Order.Due; r.late(due) {
		out = append(out, find(OrderOverdue, a.Order.ID.String(), "looked at by the sweeper by "+stamp(due), string(a.Order.Status)))
	}
	return out
}

// stamp is a time in a finding.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// total adds an order up.
func total(o ordering.Order) []Finding {
	subject := o.ID.String()
	t := o.Totals
	c := t.Total.Currency()
	for _, m := range []money.Money{t.Subtotal, t.Discount, t.Shipping, t.Tax, t.Total} {
		if m.Currency() != c || m.IsNegative() {
			return []Finding{find(OrderTotal, subject, "amounts of 0 or more in "+c.Code(), m.String())}
		}
	}
	for i, l := range o.Lines {
		if want, err := l.UnitPrice.Mul(l.Quantity, ordering.LineRounding); err != nil || want != l.Total {
			return []Finding{find(OrderTotal, subject, fmt.Sprintf("line %d is %d × %s", i, l.Quantity, l.UnitPrice), l.Total.String())}
		}
	}
	if sums, err := o.Sums(); err != nil || sums != t {
		return []Finding{find(OrderTotal, subject, shown(sums), shown(t))}
	}
	return nil
}

// shown are totals in a finding.
func shown(t ordering.Totals) string {
	return fmt.Sprintf("%s − %s + %s + %s = %s", t.Subtotal.Decimal(), t.Discount.Decimal(), t.Shipping.Decimal(), t.Tax.Decimal(), t.Total)
}
