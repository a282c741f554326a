package doctor

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// payments checks what was taken of an order.
func payments(a ordering.OrderAudit, r Rules) []Finding {
	var out []Finding
	subject := a.Order.ID.String()
	var amount, held int64
	waits := false
	for _, p := range a.Payments {
		b := p.Balance()
		at := subject + " " + p.ID.String()
		amount += p.Amount.Minor()
		held += b.Authorized
		waits = waits || !p.Settled() && (r.Online == nil || !r.Online(p.Provider))
		switch {
		case p.Order != a.Order.ID || p.Amount.Currency() != a.Order.Currency():
			out = append(out, find(PaymentBounds, at, "a payment of this order in "+a.Order.Currency().Code(), p.Amount.String()))
		case b.Authorized > p.Amount.Minor():
			out = append(out, find(PaymentBounds, at, fmt.Sprintf("at most %d held or taken", p.Amount.Minor()), minor(b.Authorized)))
		case b.Captured+b.Capturing > b.Authorized, b.Captured+b.Voided > b.Authorized:
			out = append(out, find(PaymentBounds, at, fmt.Sprintf("at most %d taken and given up", b.Authorized),
				fmt.Sprintf("%d taken, %d being taken, %d given up", b.Captured, b.Capturing, b.Voided)))
		case b.Refunded+b.Refunding > b.Captured:
			out = append(out, find(PaymentBounds, at, fmt.Sprintf("at most %d going back", b.Captured), minor(b.Refunded+b.Refunding)))
		case a.Order.Status == ordering.Cancelled && left(p):
			out = append(out, find(PaymentLeft, at, "nothing held or taken that is not on its way back", fmt.Sprintf("%d held, %d to be refunded", b.Open(), b.Refundable())))
		}
	}
	total := a.Order.Totals.Total.Minor()
	if len(a.Payments) > 0 && amount < total || len(a.Payments) == 1 && amount != total {
		out = append(out, find(PaymentBounds, subject, fmt.Sprintf("payments of %d", total), minor(amount)))
	}
	if stands := a.Order.Status == ordering.Placed || a.Order.Status == ordering.Completed; stands && len(a.Payments) > 0 && !waits && held < total {
		out = append(out, find(PaymentDue, subject, fmt.Sprintf("%d authorised or captured", total), minor(held)))
	}
	return out
}

// minor is an amount in a finding, in minor units.
func minor(n int64) string { return strconv.FormatInt(n, 10) }

// left tells whether money of a cancelled order's payment is there and nobody asked for it to go back. What was refused
// before is for somebody to look into.
func left(p ordering.Payment) bool {
	b := p.Balance()
	failed := func(kind ordering.EffectKind) bool {
		return slices.ContainsFunc(p.Effects(), func(e ordering.Effect) bool { return e.Kind == kind && e.State == ordering.EffectFailed })
	}
	return b.Open() > 0 && b.Capturing == 0 && !b.Voiding && !failed(ordering.EffectVoid) || b.Refundable() > 0 && !failed(ordering.EffectRefund)
}
