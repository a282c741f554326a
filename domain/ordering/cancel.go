package ordering

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

// Cancel makes the commit that gives an order up for a reason: its goods are for others again, what is held for it is to
// be voided, what was taken to be refunded, and money that comes later goes back too. Its cart stays closed. Errors:
// statemachine.IllegalTransition; OrderSent while goods of it are under way or delivered.
func Cancel(s Sale, reason string, m Moment) (Sale, Commit, error) {
	d := drafting(s, m)
	o := d.order()
	if _, err := OrderMachine.Apply(o.Status, OrderCancels); err != nil {
		return s, Commit{}, err
	}
	for _, l := range o.Lines {
		if o.Sent(l.ID) > 0 {
			return s, Commit{}, OrderSent.New("goods of the order were sent; cancel their fulfilments first, or take them back as a return")
		}
	}
	// Nobody was asked for the money of an order that waits for its stock, and nobody can be for what comes by other ways.
	unasked := o.Status != Pending
	if err := d.cancel(reason); err != nil {
		return s, Commit{}, err
	}
	if unasked {
		d.closeUnasked()
	}
	d.giveBack()
	sale, c := d.finish()
	return sale, c, nil
}

// closeUnasked settles payments that nobody was asked for, or can be: nothing of them is held. Should their money come all
// the same, it is known then.
func (d *draft) closeUnasked() {
	for i, p := range d.sale.Payments {
		if !p.Settled() {
			d.enter(i, PaymentEntry{Kind: EntryVoided, Amount: p.gives(0), At: d.At})
		}
	}
}

// Expire makes the commit that takes an unpaid order's claims away, their time being over. The order stays pending, for
// it may have been paid all the same. It is false when there is nothing to take.
func Expire(s Sale, m Moment) (Sale, Commit, bool) {
	if until := s.Order.lapses(); until.IsZero() || m.At.Before(until) {
		return s, Commit{}, false
	}
	d := drafting(s, m)
	o := d.order()
	d.commit.Stock = claims(*o, StockExpire)
	d.hold(HoldingLapses)
	*o = o.unowed()
	d.note(TimelineLapsed, "")
	d.tell(ClaimsLapsed{Order: o.ID, Number: o.Number})
	sale, c := d.finish()
	return sale, c, true
}

// statusError says that something cannot be done to an order in its status.
func statusError(o Order, done string) error {
	return statemachine.IllegalTransition.Newf("an order that is %s cannot be %s", o.Status, done).
		With("state", string(o.Status)).With("allowed", OrderMachine.Allowed(o.Status))
}

// noPayment is the error of a payment that is not of the order.
func noPayment() error { return fault.Missing.New("the order has no such payment") }

// indexed is the path of a field of a list's element.
func indexed(list string, i int, field string) string {
	return fmt.Sprintf("%s[%d].%s", list, i, field)
}
