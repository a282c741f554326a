package money

import "slices"

// MaxParts is the most parts that Split makes: far above the units of any order line, and low enough that a
// mistaken number cannot exhaust memory.
const MaxParts = 1_000_000

// Allocate divides the amount in proportion to the weights, one part for each, so that the parts add up to it exactly.
// Each part is its exact share cut to whole minor units; the units left over go one each to the largest remainders,
// equal ones in the order of the weights. A weight of zero gets nothing, and a negative amount is divided as its
// counterpart is. It fails with BadAllocation for no weights, a negative one or only zeros, and with CurrencyMismatch
// without a currency. It never overflows.
func (m Money) Allocate(weights ...int64) ([]Money, error) {
	if err := hasCurrency(m.currency); err != nil {
		return nil, err
	}
	var sum wide
	for i, w := range weights {
		if w < 0 {
			return nil, BadAllocation.Newf("weight %d is %d; weights must not be negative", i, w).With("index", i)
		}
		sum = sum.plus(uint64(w))
	}
	if sum == (wide{}) {
		return nil, BadAllocation.New("at least one weight must be above zero")
	}
	total := magnitude(m.minor)
	shares := make([]share, len(weights))
	left := total
	for i, w := range weights {
		// The quotient fits: no weight is above the sum, so no share is above the total.
		quotient, remainder, _ := product(total, uint64(w)).over(sum)
		shares[i] = share{index: i, units: quotient, remainder: remainder}
		left -= quotient
	}
	if left > 0 {
		slices.SortStableFunc(shares, func(a, b share) int { return b.remainder.compare(a.remainder) })
	}
	out := make([]Money, len(weights))
	for rank, s := range shares {
		if uint64(rank) < left {
			s.units++
		}
		out[s.index] = New(signed(s.units, m.IsNegative()), m.currency)
	}
	return out, nil
}

// share is what one weight is due: whole units, and the remainder that competes for those left over.
type share struct {
	index     int
	units     uint64
	remainder wide
}

// Split divides the amount into n equal parts that add up to it exactly; the first parts are the larger ones by one
// minor unit, away from zero. It fails with BadAllocation unless n is between 1 and MaxParts, and with
// CurrencyMismatch without a currency.
func (m Money) Split(n int) ([]Money, error) {
	if err := hasCurrency(m.currency); err != nil {
		return nil, err
	}
	if n < 1 || n > MaxParts {
		return nil, BadAllocation.Newf("an amount can be split into 1 to %d parts, not %d", MaxParts, n)
	}
	parts := uint64(n)
	each, left := magnitude(m.minor)/parts, magnitude(m.minor)%parts
	out := make([]Money, n)
	for i := range out {
		units := each
		if uint64(i) < left {
			units++
		}
		out[i] = New(signed(units, m.IsNegative()), m.currency)
	}
	return out, nil
}
