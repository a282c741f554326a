package ordering

import "github.com/ipswich-retail/commerce/domain/money"

// Balance is what a payment's entries add up to, in minor units of its currency.
//
// Invariants, kept by every change and checked by Commit.Validate:
//
//	0 ≤ Captured + Capturing ≤ Authorized ≤ the payment's amount
//	0 ≤ Refunded + Refunding ≤ Captured
//
// Providers tell what happened in any order, so what one fact implies counts as known before it is told itself: money
// that went back was taken, and money that was taken had been held.
type Balance struct {
	Authorized int64 // Held for us at some time, what was taken of it included.
	Captured   int64 // Taken.
	Voided     int64 // Held and given up.
	Refunded   int64 // Went back.
	Capturing  int64 // Requested or unknown.
	Refunding  int64 // Requested or unknown.
	Voiding    bool  // Requested or unknown.
}

// Open is what is still held and was neither taken nor given up.
func (b Balance) Open() int64 { return max(b.Authorized-b.Captured-b.Voided, 0) }

// Capturable is what can still be asked for.
func (b Balance) Capturable() int64 {
	if b.Voiding {
		return 0
	}
	return max(b.Open()-b.Capturing, 0)
}

// Refundable is what can still be sent back.
func (b Balance) Refundable() int64 { return max(b.Captured-b.Refunded-b.Refunding, 0) }

// Balance adds up the entries. The amounts of one payment are bounded by Amount, so the sums do not overflow.
func (p Payment) Balance() Balance {
	var b Balance
	for _, e := range p.Entries {
		switch e.Kind {
		case EntryAuthorized:
			b.Authorized += e.Amount.Minor()
		case EntryCaptured:
			b.Captured += e.Amount.Minor()
		case EntryVoided:
			b.Voided += e.Amount.Minor()
		case EntryRefunded:
			b.Refunded += e.Amount.Minor()
		default:
		}
	}
	for _, e := range p.Effects() {
		if !e.Open() {
			continue
		}
		switch e.Kind {
		case EffectCapture:
			b.Capturing += e.Amount.Minor()
		case EffectRefund:
			b.Refunding += e.Amount.Minor()
		default:
			b.Voiding = true
		}
	}
	b.Captured = max(b.Captured, b.Refunded)
	b.Authorized = max(b.Authorized, b.Captured)
	return b
}

// sound tells whether the ledger keeps the invariants of Balance.
func (p Payment) sound() error {
	b := p.Balance()
	broken := ""
	for _, e := range p.Entries {
		if e.Amount.IsNegative() || e.Amount.Currency() != p.Amount.Currency() {
			broken = "an amount is negative or in another currency"
		}
	}
	switch {
	case broken != "":
	case b.Authorized > p.Amount.Minor():
		broken = "more is held or taken than is to be paid"
	case b.Captured+b.Capturing > b.Authorized:
		broken = "more is taken than is held"
	case b.Refunded+b.Refunding > b.Captured:
		broken = "more goes back than was taken"
	}
	if broken == "" {
		return nil
	}
	return PaymentContradiction.New(broken).With("payment", p.ID.String())
}

// gives makes an amount in the payment's currency.
func (p Payment) gives(minor int64) money.Money { return money.New(minor, p.Amount.Currency()) }
