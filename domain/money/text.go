package money

import (
	"math"
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// formatScaled writes value / 10^scale with as few decimals as are exact, but at least atLeast of them.
func formatScaled(value int64, scale, atLeast int) string {
	digits := strconv.FormatUint(magnitude(value), 10)
	if missing := scale + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	whole, decimals := digits[:len(digits)-scale], digits[len(digits)-scale:]
	for len(decimals) > atLeast && decimals[len(decimals)-1] == '0' {
		decimals = decimals[:len(decimals)-1]
	}
	if decimals != "" {
		whole += "." + decimals
	}
	if value < 0 {
		return "-" + whole
	}
	return whole
}

// parseScaled reads a plain decimal with at most atMost decimals as a count of 10^-scale; atMost never exceeds scale.
func parseScaled(text string, atMost, scale int, class fault.Class) (int64, error) {
	unsigned, negative := strings.CutPrefix(text, "-")
	whole, decimals, point := strings.Cut(unsigned, ".")
	switch {
	case !allDigits(whole) || point && !allDigits(decimals):
		return 0, class.Newf("%q is not a plain decimal; write it like 19 or -0.5, with a point and nothing else", excerpt(text))
	case len(whole) > 1 && whole[0] == '0':
		return 0, class.Newf("%q has superfluous leading zeros; leave them out", excerpt(text))
	case len(decimals) > atMost:
		return 0, class.Newf("%q has %d decimals; at most %d are permitted here", excerpt(text), len(decimals), atMost)
	}
	limit := uint64(math.MaxInt64)
	if negative {
		limit++
	}
	var value uint64
	for _, digit := range []byte(whole + decimals + strings.Repeat("0", scale-len(decimals))) {
		add := uint64(digit - '0')
		if value > (limit-add)/10 {
			return 0, Overflow.Newf("%q is too large; use a smaller amount", excerpt(text))
		}
		value = value*10 + add
	}
	return signed(value, negative), nil
}

// allDigits tells whether text is one or more ASCII digits.
func allDigits(text string) bool {
	for _, b := range []byte(text) {
		if b < '0' || b > '9' {
			return false
		}
	}
	return text != ""
}
