package ordering

import (
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Receipt is money that came by other ways, such as a bank transfer.
type Receipt struct {
	Amount    money.Money
	Reference string // Of the bank; the same reference again, with the same amount, is the same money.
}

// Record makes the commit that writes money down that came by other ways: less than is to be paid, more, or in several
// pieces. It goes to the payments of the provider that are not paid yet, oldest first. What is left over becomes a
// payment of its own, for a payment never has more than its amount; the order is overpaid then. Money for a cancelled
// order goes back. It is false when the receipt was recorded before. Errors: Bad for an amount that is not more than
// nothing or of another currency; statemachine.IllegalTransition for an order that still waits for its stock,
// and for one that another system was paid for.
func Record(s Sale, provider string, r Receipt, m Moment) (Sale, Commit, bool, error) {
	switch {
	case s.Order.Status == Claiming, s.Order.Imported():
		return s, Commit{}, false, statusError(s.Order, "paid")
	case r.Amount.Currency() != s.Order.Currency():
		return s, Commit{}, false, one("amount", "the currency is that of the order, "+s.Order.Currency().Code())
	case r.Amount.Minor() < 1:
		return s, Commit{}, false, one("amount", "an amount is more than nothing")
	case r.Reference != "" && s.recorded(provider, r.Reference):
		return s, Commit{}, false, nil
	}
	d := drafting(s, m)
	left := r.Amount.Minor()
	for i, p := range s.Payments {
		n := min(p.Amount.Minor()-p.Balance().Captured, left)
		if p.Provider != provider || n <= 0 {
			continue
		}
		d.enter(i, PaymentEntry{Kind: EntryCaptured, Amount: p.gives(n), Reference: r.Reference, At: d.At})
		left -= n
	}
	if left > 0 {
		amount := money.New(left, r.Amount.Currency())
		i := d.pay(Payment{ID: ref.NewID[ref.PaymentKind](d.NextID()), Order: s.Order.ID, Provider: provider, Amount: amount})
		d.enter(i, PaymentEntry{Kind: EntryCaptured, Amount: amount, Reference: r.Reference, At: d.At})
	}
	if err := d.react(Cart{}); err != nil {
		return s, Commit{}, false, err
	}
	sale, c := d.finish()
	return sale, c, true, nil
}

// recorded tells whether money of the reference was written down.
func (s Sale) recorded(provider, reference string) bool {
	for _, p := range s.Payments {
		for _, e := range p.Entries {
			if p.Provider == provider && e.Kind == EntryCaptured && e.Reference == reference {
				return true
			}
		}
	}
	return false
}
