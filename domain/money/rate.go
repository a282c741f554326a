package money

import "cmp"

// rateDigits is how many decimals a rate has, and rateScale what one is in its parts.
const (
	rateDigits = 6
	rateScale  = 1_000_000
)

// Rate is an exact factor in parts per million of one: 20 % is 0.20 is 200,000. It may be negative or above one. The
// zero value is the rate of nothing. In JSON and text it is its decimal, a string.
type Rate struct{ ppm int64 }

// NewRate is the rate of so many parts per million: NewRate(200_000) is 20 %.
func NewRate(ppm int64) Rate { return Rate{ppm: ppm} }

// ParseRate reads a factor, "0.20" for 20 %, with at most six decimals; the package comment has the grammar. It fails
// with MalformedRate or Overflow.
func ParseRate(text string) (Rate, error) {
	ppm, err := parseScaled(text, rateDigits, rateDigits, MalformedRate)
	if err != nil {
		return Rate{}, err
	}
	return NewRate(ppm), nil
}

// PPM is the rate in parts per million.
func (r Rate) PPM() int64 { return r.ppm }

// IsZero tells whether the rate is nothing.
func (r Rate) IsZero() bool { return r.ppm == 0 }

// IsNegative tells whether the rate is below zero.
func (r Rate) IsNegative() bool { return r.ppm < 0 }

// Sign is -1, 0 or +1.
func (r Rate) Sign() int { return cmp.Compare(r.ppm, 0) }

// Cmp is -1, 0 or +1 as the rate is below, equal to or above the other.
func (r Rate) Cmp(o Rate) int { return cmp.Compare(r.ppm, o.ppm) }

// Decimal is the factor with as many decimals as it needs: "0.2", "0.08875", "1".
func (r Rate) Decimal() string { return formatScaled(r.ppm, rateDigits, 0) }

// String is the same as Decimal.
func (r Rate) String() string { return r.Decimal() }

// MarshalText writes the decimal.
func (r Rate) MarshalText() ([]byte, error) { return []byte(r.Decimal()), nil }

// UnmarshalText reads a decimal by the rules of ParseRate.
func (r *Rate) UnmarshalText(text []byte) error {
	read, err := ParseRate(string(text))
	if err != nil {
		return err
	}
	*r = read
	return nil
}
