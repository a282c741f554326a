package money

import "cmp"

// microDigits is how many decimals a unit price has.
const microDigits = 6

// microPerMinor is how many millionths of the major unit one minor unit is, by the currency's digits; the table
// holds none above four.
var microPerMinor = [...]int64{1_000_000, 100_000, 10_000, 1_000, 100}

// UnitPrice is the exact price of one unit, in millionths of the currency's major unit, so that it may be finer than
// any coin: 1,000 is £0.001. A line becomes Money once, through Mul. It may be negative. The zero value has no
// currency; see the package comment.
type UnitPrice struct {
	micro    int64
	currency Currency
}

// NewUnitPrice is the price of so many millionths of the major unit: NewUnitPrice(19_990_000, GBP) is £19.99.
func NewUnitPrice(micro int64, c Currency) UnitPrice { return UnitPrice{micro: micro, currency: c} }

// UnitPriceOf is the amount as a price of one unit, exactly. It fails with Overflow, since a UnitPrice ends at about
// 9.2 million million major units, or CurrencyMismatch without a currency.
func UnitPriceOf(m Money) (UnitPrice, error) {
	if err := hasCurrency(m.currency); err != nil {
		return UnitPrice{}, err
	}
	micro, ok := scaled(m.minor, microPerMinor[m.currency.Digits()], 1, Down)
	if !ok {
		return UnitPrice{}, Overflow.Newf("%s is too large for a unit price; use a smaller amount", m)
	}
	return NewUnitPrice(micro, m.currency), nil
}

// ParseUnitPrice reads a price in major units with at most six decimals: "0.001", "19.99". The package comment has
// the grammar. It fails with MalformedAmount, Overflow, or CurrencyMismatch without a currency.
func ParseUnitPrice(amount string, c Currency) (UnitPrice, error) {
	if err := hasCurrency(c); err != nil {
		return UnitPrice{}, err
	}
	micro, err := parseScaled(amount, microDigits, microDigits, MalformedAmount)
	if err != nil {
		return UnitPrice{}, err
	}
	return NewUnitPrice(micro, c), nil
}

// Micro is the price in millionths of the major unit.
func (p UnitPrice) Micro() int64 { return p.micro }

// Currency is what the price is counted in.
func (p UnitPrice) Currency() Currency { return p.currency }

// IsZero tells whether the price is nothing, in whatever currency or none.
func (p UnitPrice) IsZero() bool { return p.micro == 0 }

// IsNegative tells whether the price is below zero.
func (p UnitPrice) IsNegative() bool { return p.micro < 0 }

// Sign is -1, 0 or +1.
func (p UnitPrice) Sign() int { return cmp.Compare(p.micro, 0) }

// Equal tells whether both are the same price in the same currency, as == does.
func (p UnitPrice) Equal(o UnitPrice) bool { return p == o }

// Cmp is -1, 0 or +1 as the price is below, equal to or above the other. It fails with CurrencyMismatch.
func (p UnitPrice) Cmp(o UnitPrice) (int, error) {
	if err := sameCurrency(p.currency, o.currency); err != nil {
		return 0, err
	}
	return cmp.Compare(p.micro, o.micro), nil
}

// Mul is what so many units cost, rounded once to whole minor units; DefaultRounding where nothing else is agreed. A
// negative quantity is a line that is given back. It fails with Overflow, UnknownRounding, or CurrencyMismatch
// without a currency.
func (p UnitPrice) Mul(quantity int64, r Rounding) (Money, error) {
	if err := hasCurrency(p.currency); err != nil {
		return Money{}, err
	}
	if err := r.check(); err != nil {
		return Money{}, err
	}
	minor, ok := scaled(p.micro, quantity, microPerMinor[p.currency.Digits()], r)
	if !ok {
		return Money{}, overflow("price times quantity")
	}
	return New(minor, p.currency), nil
}

// Decimal is the price in major units with at least the currency's digits and at most six, without superfluous zeros:
// "19.99", "20.00", "0.001".
func (p UnitPrice) Decimal() string {
	return formatScaled(p.micro, microDigits, p.currency.Digits())
}

// String is the price for logs and tests, "0.001 GBP".
func (p UnitPrice) String() string { return p.Decimal() + " " + p.currency.String() }
