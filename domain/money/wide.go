package money

import (
	"cmp"
	"math"
	"math/bits"
)

// wide is an unsigned 128-bit number: room for the product of any two amounts, so that only results can overflow.
type wide struct{ hi, lo uint64 }

// product is a × b.
func product(a, b uint64) wide {
	hi, lo := bits.Mul64(a, b)
	return wide{hi: hi, lo: lo}
}

// plus is w + n; the callers stay below 2^128.
func (w wide) plus(n uint64) wide {
	lo, carry := bits.Add64(w.lo, n, 0)
	return wide{hi: w.hi + carry, lo: lo}
}

// minus is w - o, where o is not above w.
func (w wide) minus(o wide) wide {
	lo, borrow := bits.Sub64(w.lo, o.lo, 0)
	return wide{hi: w.hi - o.hi - borrow, lo: lo}
}

// times is w × n; the callers stay below 2^128.
func (w wide) times(n uint64) wide {
	out := product(w.lo, n)
	out.hi += w.hi * n
	return out
}

// compare is -1, 0 or +1.
func (w wide) compare(o wide) int {
	return cmp.Or(cmp.Compare(w.hi, o.hi), cmp.Compare(w.lo, o.lo))
}

// over divides w by d, which is not zero. It reports false when the quotient needs more than 64 bits.
func (w wide) over(d wide) (quotient uint64, remainder wide, ok bool) {
	if d.hi == 0 {
		if w.hi >= d.lo {
			return 0, wide{}, false
		}
		quotient, rest := bits.Div64(w.hi, w.lo, d.lo)
		return quotient, wide{lo: rest}, true
	}
	// With the divisor shifted until its top bit is set, its upper half alone gives a quotient that is exact or one
	// too large; one less is therefore never too large, and is put right below (Warren, Hacker's Delight, 9-5).
	shift := bits.LeadingZeros64(d.hi)
	top := d.hi<<shift | d.lo>>1>>(63-shift)
	quotient, _ = bits.Div64(w.hi>>1, w.hi<<63|w.lo>>1, top)
	quotient >>= 63 - shift
	if quotient > 0 {
		quotient--
	}
	remainder = w.minus(d.times(quotient))
	for remainder.compare(d) >= 0 {
		remainder = remainder.minus(d)
		quotient++
	}
	return quotient, remainder, true
}

// magnitude is |v|, the smallest int64 included.
func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// signed gives a magnitude its sign back; the caller has checked that it fits.
func signed(magnitude uint64, negative bool) int64 {
	if negative {
		return -int64(magnitude)
	}
	return int64(magnitude)
}

// fits gives a magnitude its sign back and reports whether the result is an int64.
func fits(magnitude uint64, negative bool) (int64, bool) {
	if magnitude > math.MaxInt64 && (!negative || magnitude > 1<<63) {
		return 0, false
	}
	return signed(magnitude, negative), true
}

// scaled is a × b / d, rounded once. The divisor is not zero; false means that the result is no int64.
func scaled(a, b, d int64, r Rounding) (int64, bool) {
	negative := (a < 0) != (b < 0) != (d < 0)
	divisor := wide{lo: magnitude(d)}
	quotient, remainder, ok := product(magnitude(a), magnitude(b)).over(divisor)
	if !ok {
		return 0, false
	}
	if r.away(quotient, remainder.lo, divisor.lo, negative) {
		if quotient == math.MaxUint64 {
			return 0, false
		}
		quotient++
	}
	return fits(quotient, negative)
}
