package money

import "cmp"

// Money is an exact amount: a count of minor units (pence, cents) of one currency. It may be negative. The zero value
// has no currency and is of no use but to be replaced; see the package comment.
//
// Mind that encoding/json's omitzero asks IsZero and would leave out an amount of nothing; use a pointer for an
// optional amount.
type Money struct {
	minor    int64
	currency Currency
}

// New is the amount of so many minor units: New(1999, GBP) is £19.99. With the zero Currency it makes a value that
// every calculation refuses.
func New(minor int64, c Currency) Money { return Money{minor: minor, currency: c} }

// Zero is the amount of nothing in a currency.
func Zero(c Currency) Money { return Money{currency: c} }

// Minor is the count of minor units.
func (m Money) Minor() int64 { return m.minor }

// Currency is what the amount is counted in.
func (m Money) Currency() Currency { return m.currency }

// IsZero tells whether the amount is nothing, in whatever currency or none.
func (m Money) IsZero() bool { return m.minor == 0 }

// IsNegative tells whether the amount is below zero.
func (m Money) IsNegative() bool { return m.minor < 0 }

// Sign is -1, 0 or +1.
func (m Money) Sign() int { return cmp.Compare(m.minor, 0) }

// Equal tells whether both are the same amount of the same currency, as == does.
func (m Money) Equal(o Money) bool { return m == o }

// Cmp is -1, 0 or +1 as the amount is below, equal to or above the other. It fails with CurrencyMismatch.
func (m Money) Cmp(o Money) (int, error) {
	if err := sameCurrency(m.currency, o.currency); err != nil {
		return 0, err
	}
	return cmp.Compare(m.minor, o.minor), nil
}

// Decimal is the amount in major units with exactly the currency's digits: "19.99", "-0.05", "1200" for yen.
func (m Money) Decimal() string {
	digits := m.currency.Digits()
	return formatScaled(m.minor, digits, digits)
}

// String is the amount for logs and tests, "19.99 GBP"; shops format amounts for people by locale.
func (m Money) String() string { return m.Decimal() + " " + m.currency.String() }

// Parse reads an amount in major units: "19.99", "-0.05", "20". The package comment has the grammar; fewer decimals
// than the currency has are taken as whole, more are refused even if they are zeros. It fails with MalformedAmount,
// Overflow, or CurrencyMismatch without a currency.
func Parse(amount string, c Currency) (Money, error) {
	if err := hasCurrency(c); err != nil {
		return Money{}, err
	}
	minor, err := parseScaled(amount, c.Digits(), c.Digits(), MalformedAmount)
	if err != nil {
		return Money{}, err
	}
	return New(minor, c), nil
}
