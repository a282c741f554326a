package ordering

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Capture makes the commit that asks for money that is held: amount, or all of it when nil. It writes the request into
// the ledgers, oldest payment first; the provider is called after. Where several payments hold the money, each takes
// its part of the one capture. Errors: statemachine.IllegalTransition for an order that is not placed or completed;
// NotCapturable; Bad for an amount that is not more than nothing.
func Capture(s Sale, amount *money.Money, m Moment) (Sale, ref.CaptureID, Commit, error) {
	d := drafting(s, m)
	if err := d.sale.standing("captured"); err != nil {
		return s, ref.CaptureID{}, Commit{}, err
	}
	wanted, err := d.sale.wanted(amount, NotCapturable, Balance.Capturable)
	if err != nil {
		return s, ref.CaptureID{}, Commit{}, err
	}
	id := ref.NewID[ref.CaptureKind](d.NextID())
	err = d.spread(wanted, Balance.Capturable, func(i int, n money.Money) {
		d.enter(i, PaymentEntry{Kind: EntryCaptureRequested, Amount: n, Capture: id, At: d.At})
	})
	if err != nil {
		return s, ref.CaptureID{}, Commit{}, err
	}
	sale, c := d.finish()
	return sale, id, c, nil
}

// RefundOrder says what goes back: an amount, or lines for what they cost, or neither for all that is left.
type RefundOrder struct {
	Amount *money.Money
	Lines  []RefundLine
	Reason string // For who looks into it later; not shown to the buyer.
}

// Refund makes the commit that asks for money to go back. From then on the amount is spoken for: no other refund can
// have it, whatever becomes of this one's answer. The provider is called after. Errors: NotRefundable; Bad for an
// amount that is not more than nothing, and for lines that are not the order's or for which it went back already;
// ProviderLacks for an order of another system.
func Refund(s Sale, r RefundOrder, m Moment) (Sale, ref.RefundID, Commit, error) {
	none := ref.RefundID{}
	if s.Order.Imported() {
		return s, none, Commit{}, ProviderLacks.New("another system was paid for the order; send the money back there")
	}
	d := drafting(s, m)
	amount := r.Amount
	if len(r.Lines) > 0 {
		if amount != nil {
			return s, none, Commit{}, one("amount", "a refund is of an amount or of lines, not both")
		}
		n, err := d.sale.priceOf(r.Lines)
		if err != nil {
			return s, none, Commit{}, err
		}
		amount = &n
	}
	wanted, err := d.sale.wanted(amount, NotRefundable, Balance.Refundable)
	if err != nil {
		return s, none, Commit{}, err
	}
	id := ref.NewID[ref.RefundKind](d.NextID())
	lines := slices.Clone(r.Lines)
	err = d.spread(wanted, Balance.Refundable, func(i int, n money.Money) {
		d.enter(i, PaymentEntry{Kind: EntryRefundRequested, Amount: n, Refund: id, Lines: lines, Message: r.Reason, At: d.At})
		lines = nil // They stand once, in the first of several parts.
	})
	if err != nil {
		return s, none, Commit{}, err
	}
	sale, c := d.finish()
	return sale, id, c, nil
}

// Void makes the commit that asks for all that is held and not taken to be given up. It is false when nothing is, or
// when it is asked for already.
func Void(s Sale, m Moment) (Sale, Commit, bool) {
	d := drafting(s, m)
	some := false
	for i, p := range s.Payments {
		if b := p.Balance(); b.Capturable() > 0 && b.Capturing == 0 && len(p.Entries) < EntriesMax {
			d.enter(i, PaymentEntry{Kind: EntryVoidRequested, Amount: p.gives(b.Open()), At: d.At})
			some = true
		}
	}
	if !some {
		return s, Commit{}, false
	}
	sale, c := d.finish()
	return sale, c, true
}

// standing refuses what is only done to an order that stands.
func (s Sale) standing(done string) error {
	if s.Order.Status == Placed || s.Order.Status == Completed {
		return nil
	}
	return statusError(s.Order, done)
}

// wanted is how much is asked for, within what there is.
func (s Sale) wanted(amount *money.Money, class fault.Class, of func(Balance) int64) (money.Money, error) {
	var n int64
	for _, p := range s.Payments {
		n += of(p.Balance())
	}
	available := money.New(n, s.Order.Currency())
	if amount == nil {
		amount = &available
	}
	switch {
	case amount.Currency() != available.Currency():
		return money.Money{}, one("amount", "the currency is that of the order, "+available.Currency().Code())
	case amount.Minor() > n || n == 0:
		return money.Money{}, class.Newf("%s can be had", available).At("amount").With("available", available)
	case amount.Minor() < 1:
		return money.Money{}, one("amount", "an amount is more than nothing")
	}
	return *amount, nil
}

// spread shares an amount out among the payments, as far as each has some.
func (d *draft) spread(amount money.Money, of func(Balance) int64, enter func(i int, n money.Money)) error {
	left := amount.Minor()
	for i, p := range d.sale.Payments {
		n := min(of(p.Balance()), left)
		if n <= 0 {
			continue
		}
		if len(p.Entries) >= EntriesMax {
			return Rule.Newf("a payment has at most %d entries", EntriesMax).At("amount")
		}
		enter(i, p.gives(n))
		left -= n
	}
	return nil
}

// priceOf is what quantities of lines cost, less what went back for them before: the shares of a line add up to it.
func (s Sale) priceOf(lines []RefundLine) (money.Money, error) {
	sum := money.Zero(s.Order.Currency())
	var wrong []*fault.Error
	seen := map[ref.LineID]bool{}
	for i, r := range lines {
		at := slices.IndexFunc(s.Order.Lines, func(l OrderLine) bool { return l.ID == r.Line })
		if at < 0 || seen[r.Line] {
			wrong = append(wrong, Rule.New("each line is one of the order's, and stands once").At(indexed("lines", i, "id")))
			continue
		}
		seen[r.Line] = true
		l := s.Order.Lines[at]
		before := s.refunded(r.Line)
		if r.Quantity < 1 || r.Quantity > l.Quantity-before {
			wrong = append(wrong, Rule.Newf("money can go back for 1 to %d of it", l.Quantity-before).At(indexed("lines", i, "quantity")))
			continue
		}
		n, err := share(l.Total, before, r.Quantity, l.Quantity)
		if err == nil {
			sum, err = sum.Add(n)
		}
		if err != nil {
			return money.Money{}, err
		}
	}
	return sum, fault.Collect(wrong)
}

// share is what n of a line cost when before of them are reckoned already.
func share(total money.Money, before, n, of int64) (money.Money, error) {
	upTo, err := total.MulRatio(before+n, of, LineRounding)
	if err != nil {
		return money.Money{}, err
	}
	had, err := total.MulRatio(before, of, LineRounding)
	if err != nil {
		return money.Money{}, err
	}
	return upTo.Sub(had)
}

// refunded is for how many of a line money went back, or is to.
func (s Sale) refunded(line ref.LineID) int64 {
	failed := map[ref.RefundID]bool{}
	for _, p := range s.Payments {
		for _, e := range p.Effects() {
			if e.Kind == EffectRefund && e.State == EffectFailed {
				failed[e.Refund] = true
			}
		}
	}
	var n int64
	for _, p := range s.Payments {
		for _, e := range p.Entries {
			for _, l := range e.Lines {
				if l.Line == line && !failed[e.Refund] {
					n += l.Quantity
				}
			}
		}
	}
	return n
}
