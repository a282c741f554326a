package simulation

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/shoptest"
)

// purse is what the provider did with the money of one payment, in minor units.
type purse struct {
	order                            ref.OrderID
	amount                           int64
	held, captured, voided, returned int64
}

// checkMoney compares an order with its payments, and these with what the provider did. The shop may not know yet; it
// never knows more.
func (w *world) checkMoney(o ordering.Order, payments []ordering.Payment) {
	var held int64
	for _, p := range payments {
		if _, known := w.payments[p.ID]; !known {
			w.payments[p.ID] = &purse{order: o.ID, amount: p.Amount.Minor()}
		}
		b, truth := p.Balance(), w.payments[p.ID]
		held += b.Authorized
		if b.Authorized > truth.held || b.Captured > truth.captured || b.Refunded > truth.returned || b.Voided > truth.voided {
			w.find("payment-invented", p.ID.String(), sprintf("the books say held %d, taken %d, given up %d, back %d; the provider %d, %d, %d, %d",
				b.Authorized, b.Captured, b.Voided, b.Refunded, truth.held, truth.captured, truth.voided, truth.returned))
		}
	}
	if stands := o.Status == ordering.Placed || o.Status == ordering.Completed; stands && held < o.Totals.Total.Minor() {
		w.find("payment-missing", o.ID.String(), sprintf("it stands with %d of %s", held, o.Totals.Total))
	}
}

// checkJournal looks at what the provider did since the last look: for whom, and no more than was to be.
func (w *world) checkJournal() {
	for _, e := range w.provider.JournalSince(w.journal) {
		w.journal++
		w.history.count("provider " + string(e.Kind))
		p, known := w.payments[e.Payment]
		if !known {
			w.find("payment-foreign", e.Payment.String(), sprintf("the provider has %s of a payment that the shop does not know", e.Amount))
			continue
		}
		if !w.asked(p.order, e) {
			w.find("payment-unasked", p.order.String(), sprintf("%s of %s under %s, which nobody asked for", e.Kind, e.Amount, e.Effect))
		}
		switch n := e.Amount.Minor(); e.Kind {
		case ordering.EntryAuthorized:
			p.held += n
		case ordering.EntryCaptured:
			p.captured += n
			p.held = max(p.held, p.captured)
		case ordering.EntryVoided:
			p.voided += n
		case ordering.EntryRefunded:
			p.returned += n
		default:
		}
		if p.held > p.amount || p.captured > p.amount || p.returned > p.captured {
			w.find("payment-double", p.order.String(), sprintf("of %d the provider held %d, took %d and sent %d back", p.amount, p.held, p.captured, p.returned))
		}
	}
}

// asked tells whether the books have what the provider was asked for after the charge: it is written down before.
func (w *world) asked(id ref.OrderID, e shoptest.JournalEntry) bool {
	if e.Effect == "" {
		return true
	}
	for _, p := range w.orders[id].payments {
		for _, x := range p.Effects() {
			if p.ID == e.Payment && (x.Capture.String() == e.Effect || x.Refund.String() == e.Effect || x.Kind == ordering.EffectVoid && e.Kind == ordering.EntryVoided) {
				return true
			}
		}
	}
	return false
}

// balance compares what the shop has of each payment with what the provider says, when all is told.
func (w *world) balance() {
	for _, id := range w.known {
		o := w.orders[id]
		for _, p := range o.payments {
			b, truth := p.Balance(), w.payments[p.ID]
			if b.Authorized != truth.held || b.Captured != truth.captured || b.Refunded != truth.returned || b.Voided != truth.voided {
				w.find("payment-unmatched", id.String(), sprintf("the books say held %d, taken %d, given up %d, back %d; the provider %d, %d, %d, %d",
					b.Authorized, b.Captured, b.Voided, b.Refunded, truth.held, truth.captured, truth.voided, truth.returned))
			}
			failed := slices.ContainsFunc(p.Effects(), func(e ordering.Effect) bool {
				return e.State == ordering.EffectFailed && e.Kind != ordering.EffectCapture
			})
			if o.Status == ordering.Cancelled && !failed && truth.held-truth.voided != truth.returned {
				w.find("payment-kept", id.String(), sprintf("it is cancelled; held %d, given up %d, back %d", truth.held, truth.voided, truth.returned))
			}
		}
		if o.Status == ordering.Pending || o.Status == ordering.Claiming {
			w.find("order-stuck", id.String(), "it is "+string(o.Status)+" and nobody is left to settle it")
		}
		if len(o.Open) > 0 {
			w.find("order-stuck", id.String(), sprintf("%d commands about it were never answered", len(o.Open)))
		}
	}
}
