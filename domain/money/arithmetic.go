package money

import "math/bits"

// Add is the sum. It fails with CurrencyMismatch or Overflow.
func (m Money) Add(o Money) (Money, error) {
	if err := sameCurrency(m.currency, o.currency); err != nil {
		return Money{}, err
	}
	sum := m.minor + o.minor
	// Only operands of one sign can overflow, and then the sum has the other.
	if (m.minor < 0) == (o.minor < 0) && (sum < 0) != (m.minor < 0) {
		return Money{}, overflow("an addition")
	}
	return New(sum, m.currency), nil
}

// Sub is the difference. It fails with CurrencyMismatch or Overflow.
func (m Money) Sub(o Money) (Money, error) {
	if err := sameCurrency(m.currency, o.currency); err != nil {
		return Money{}, err
	}
	difference := m.minor - o.minor
	// Only operands of different signs can overflow, and then the difference has the second one's.
	if (m.minor < 0) != (o.minor < 0) && (difference < 0) != (m.minor < 0) {
		return Money{}, overflow("a subtraction")
	}
	return New(difference, m.currency), nil
}

// Neg is the amount with its sign turned. It fails with Overflow for the smallest amount, which has no counterpart,
// and with CurrencyMismatch without a currency.
func (m Money) Neg() (Money, error) { return m.Mul(-1) }

// Mul is the amount n times. It fails with Overflow, or CurrencyMismatch without a currency.
func (m Money) Mul(n int64) (Money, error) {
	if err := hasCurrency(m.currency); err != nil {
		return Money{}, err
	}
	minor, ok := scaled(m.minor, n, 1, Down)
	if !ok {
		return Money{}, overflow("a multiplication")
	}
	return New(minor, m.currency), nil
}

// MulRate is the amount times the rate, rounded once: the tax on a net amount, the discount on a price. It fails with
// Overflow, UnknownRounding, or CurrencyMismatch without a currency.
func (m Money) MulRate(rate Rate, r Rounding) (Money, error) {
	return m.MulRatio(rate.ppm, rateScale, r)
}

// MulRatio is the amount × numerator / denominator, rounded once; the product in between cannot overflow. It takes the
// tax out of a gross amount (ppm / (1,000,000 + ppm)), or the share of a total. It fails with BadRatio if the
// denominator is zero, Overflow, UnknownRounding, or CurrencyMismatch without a currency.
func (m Money) MulRatio(numerator, denominator int64, r Rounding) (Money, error) {
	if err := hasCurrency(m.currency); err != nil {
		return Money{}, err
	}
	if err := r.check(); err != nil {
		return Money{}, err
	}
	if denominator == 0 {
		return Money{}, BadRatio.New("a ratio needs a denominator other than zero")
	}
	minor, ok := scaled(m.minor, numerator, denominator, r)
	if !ok {
		return Money{}, overflow("a multiplication")
	}
	return New(minor, m.currency), nil
}

// Sum adds amounts of currency c; of none it is Zero(c). Only the total has to fit, so that the order of the amounts
// does not matter. It fails with CurrencyMismatch, naming the first amount that is of another currency, or Overflow.
func Sum(c Currency, ms ...Money) (Money, error) {
	if err := hasCurrency(c); err != nil {
		return Money{}, err
	}
	var hi, lo uint64 // a 128-bit total in two's complement
	for _, m := range ms {
		if err := sameCurrency(c, m.currency); err != nil {
			return Money{}, err
		}
		var carry uint64
		lo, carry = bits.Add64(lo, uint64(m.minor), 0)
		hi, _ = bits.Add64(hi, uint64(m.minor>>63), carry)
	}
	total := int64(lo)
	if hi != uint64(total>>63) {
		return Money{}, overflow("a sum")
	}
	return New(total, c), nil
}
