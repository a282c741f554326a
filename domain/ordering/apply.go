package ordering

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// ClaimMode says what is known of the claims of an order that is about to be placed.
type ClaimMode uint8

// The modes. Whoever applies an event begins with ClaimsHeld; when the store says that they are gone the event is applied
// anew with ClaimsAgain, and when there is nothing left to claim with ClaimsLost.
const (
	ClaimsHeld  ClaimMode = iota // They are held, as far as is known.
	ClaimsAgain                  // They were taken away: claim anew, in the same commit.
	ClaimsLost                   // And nothing is left to claim.
)

// Settlement is what applying an event to a payment needs to know: the order, all of its payments and its cart as they
// are.
type Settlement struct {
	Sale
	Moment
	Cart Cart // Of an order that may be given up unpaid; it is opened again then.
}

// Applied is what came of an event. Without Changed there is nothing to write: what it says is known, was overtaken, or
// decides nothing.
type Applied struct {
	Sale
	Commit  Commit
	Changed bool
}

// The reasons for which an order is cancelled by what happens to its payment; those of people are their own words.
const (
	ReasonDeclined  = "payment_declined"
	ReasonVoided    = "payment_voided" // What was held for it was given up at the provider.
	ReasonStockLost = "stock_lost"     // It was paid so late that its goods were gone.
	ReasonNoStock   = "out_of_stock"   // The outside stock holder does not have them.
)

// ApplyPaymentEvent makes the commit that tells what became known of a payment, whoever learnt it: the answer to a call,
// a webhook, the sweeper or an operator. It takes events in any order, late, early and twice: what is written in the end
// is what the provider says.
//
//   - A pending order is placed once all of its money is held or taken, and its claims are made lasting; were they taken
//     away meanwhile it claims anew, and with nothing left the order is cancelled and the money goes back.
//   - It is cancelled, its stock released and its cart opened again, when no payment of it can come any more.
//   - Money that comes for a cancelled order goes back: what is held is to be voided, what was taken to be refunded. It
//     is written into the ledger as requested, and Service carries it out.
//
// Errors: PaymentContradiction; Missing when the payment is not of the sale.
func ApplyPaymentEvent(s Settlement, e PaymentEvent) (Applied, error) {
	return ApplyPaymentEvents(s, []PaymentEvent{e})
}

// ApplyPaymentEvents is ApplyPaymentEvent for several events that are one, such as the parts of a refund of two payments.
func ApplyPaymentEvents(s Settlement, events []PaymentEvent) (Applied, error) {
	d := drafting(s.Sale, s.Moment)
	changed := false
	for _, e := range events {
		i := d.sale.payment(e.Payment)
		if i < 0 {
			return Applied{Sale: s.Sale}, noPayment()
		}
		entry, news, err := d.sale.Payments[i].learn(e, s.At)
		if err != nil {
			return Applied{Sale: s.Sale}, err
		}
		if news {
			changed = true
			d.enter(i, entry)
		}
	}
	if !changed {
		return Applied{Sale: s.Sale}, nil
	}
	if err := d.react(s.Cart); err != nil {
		return Applied{Sale: s.Sale}, err
	}
	sale, c := d.finish()
	return Applied{Sale: sale, Commit: c, Changed: true}, nil
}

// react does to the order what its payments ask for by now.
func (d *draft) react(cart Cart) error {
	switch d.sale.Order.Status {
	case Pending:
		switch {
		case d.sale.secured():
			return d.place()
		case d.sale.hopeless():
			return d.giveUp(cart)
		}
	case Cancelled:
		d.giveBack()
	case Placed:
		d.complete()
	default:
	}
	return nil
}

// secured tells whether all that is to be paid is held or was taken.
func (s Sale) secured() bool {
	var sum int64
	some := false
	for _, p := range s.Payments {
		b := p.Balance()
		sum += b.Authorized
		if b.Captured == 0 {
			sum -= b.Voided
		} // Else the rest was given up after the sale was made.
		some = some || p.has(EntryAuthorized, EntryCaptured, EntryRefunded)
	}
	return some && sum >= s.Order.Totals.Total.Minor()
}

// hopeless tells whether no payment can come any more and none came.
func (s Sale) hopeless() bool {
	for _, p := range s.Payments {
		if st := p.State(); st != StateDeclined && st != StateVoided {
			return false
		}
	}
	return true
}

// place makes the order stand. Its claims are held for good, in one of the ways that the mode says.
func (d *draft) place() error {
	o := d.order()
	switch {
	case d.Claims == ClaimsLost:
		return d.loseStock()
	case o.Holding.outside():
	case d.Claims == ClaimsAgain || o.Holding == HoldingLapsed:
		d.claimAgain()
	default:
		d.commit.Stock = append(d.commit.Stock, claims(*o, StockExtend)...)
	}
	if err := d.move(OrderPlaces); err != nil {
		return err
	}
	d.note(TimelinePlaced, "")
	d.tell(OrderPlaced{Order: o.ID, Number: o.Number, Total: o.Totals.Total, Lines: len(o.Lines)})
	d.complete()
	return nil
}

// claimAgain gives up what may be left of the claims and makes new ones.
func (d *draft) claimAgain() {
	o := d.order()
	if o.Holding == HoldingOwn {
		d.commit.Stock = append(d.commit.Stock, claims(*o, StockRelease)...)
	}
	*o = o.unowed()
	for i := range o.Lines {
		l := &o.Lines[i]
		l.Claim = ref.NewID[ref.ClaimKind](d.NextID())
		d.commit.Stock = append(d.commit.Stock, StockEffect{Kind: StockClaim, Claim: l.Claim, Order: o.ID, SKU: l.SKU, Quantity: l.Quantity})
	}
	d.hold(HoldingRenews)
	d.note(TimelineReclaimed, "")
}

// loseStock ends an order that was paid when its goods were gone: what was paid goes back, all of it.
func (d *draft) loseStock() error {
	if err := d.cancel(ReasonStockLost); err != nil {
		return err
	}
	d.giveBack()
	return nil
}

// giveUp ends an order that nobody paid; its cart is open again.
func (d *draft) giveUp(cart Cart) error {
	reason := ReasonDeclined
	if slices.ContainsFunc(d.sale.Payments, func(p Payment) bool { return p.State() == StateVoided }) {
		reason = ReasonVoided
	}
	if err := d.cancel(reason); err != nil {
		return err
	}
	d.reopen(cart)
	return nil
}

// cancel takes the order to its end and lets its goods go.
func (d *draft) cancel(reason string) error {
	if err := d.move(OrderCancels); err != nil {
		return err
	}
	o := d.order()
	o.Reason = reason
	if o.Holding == HoldingOwn {
		d.commit.Stock = append(d.commit.Stock, claims(*o, StockRelease)...)
	}
	*o = o.unowed()
	d.note(TimelineCancelled, "")
	d.tell(OrderCancelled{Order: o.ID, Number: o.Number, Reason: reason})
	return nil
}

// reopen makes the order's cart active again, if it still is this order's.
func (d *draft) reopen(cart Cart) {
	if cart.Status == CartDone && cart.Order == d.sale.Order.ID {
		cart = cart.reopen(d.At)
		d.commit.Carts = []Write[Cart]{write(cart, cart.Version)}
	}
}

// giveBack asks for all money to go back that is there and was not asked to yet. While a capture is under way nothing is
// voided: what it comes to is dealt with when it is known. What failed before is for somebody to look into.
func (d *draft) giveBack() {
	for i, p := range d.sale.Payments {
		b := p.Balance()
		if b.Open() > 0 && b.Capturing == 0 && !b.Voiding && !p.failed(EffectVoid) {
			d.enter(i, PaymentEntry{Kind: EntryVoidRequested, Amount: p.gives(b.Open()), At: d.At})
		}
		if n := b.Refundable(); n > 0 && !p.failed(EffectRefund) {
			d.enter(i, PaymentEntry{
				Kind: EntryRefundRequested, Amount: p.gives(n), Refund: ref.NewID[ref.RefundKind](d.NextID()), Message: d.sale.Order.Reason, At: d.At,
			})
		}
	}
}

// failed tells whether an effect of the kind failed.
func (p Payment) failed(kind EffectKind) bool {
	return slices.ContainsFunc(p.Effects(), func(e Effect) bool { return e.Kind == kind && e.State == EffectFailed })
}
