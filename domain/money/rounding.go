package money

// Rounding is the named rule by which a finer value becomes a whole number of minor units. The zero value is HalfUp.
// A Rounding outside the named ones is refused with UnknownRounding wherever it is used.
type Rounding uint8

// The roundings. "Up" and "down" are away from and toward zero, so that a refund rounds like its sale; floor and
// ceiling are toward the lesser and the greater number.
const (
	// HalfUp rounds to the nearest, halves away from zero: 0.5 to 1, -0.5 to -1.
	HalfUp Rounding = iota
	// HalfEven rounds to the nearest, halves to the even neighbour: 0.5 to 0, 1.5 to 2.
	HalfEven
	// HalfDown rounds to the nearest, halves toward zero: 0.5 to 0, -0.5 to 0.
	HalfDown
	// Down rounds toward zero.
	Down
	// Up rounds away from zero.
	Up
	// Floor rounds toward the lesser number: -0.1 to -1.
	Floor
	// Ceiling rounds toward the greater number: 0.1 to 1, -0.9 to 0.
	Ceiling
)

// DefaultRounding is the house rule for order lines and taxes where a shop names none: half a penny up, as receipts
// and tax offices expect.
const DefaultRounding = HalfUp

var roundingNames = [...]string{"half_up", "half_even", "half_down", "down", "up", "floor", "ceiling"}

// Roundings lists all named modes. The slice is the caller's.
func Roundings() []Rounding {
	out := make([]Rounding, len(roundingNames))
	for i := range out {
		out[i] = Rounding(i)
	}
	return out
}

// ParseRounding finds a mode by its name, such as "half_up". It fails with UnknownRounding.
func ParseRounding(name string) (Rounding, error) {
	for i, known := range roundingNames {
		if known == name {
			return Rounding(i), nil
		}
	}
	return 0, UnknownRounding.Newf("%q is not a rounding; use one of %q", excerpt(name), roundingNames)
}

// String is the name, such as "half_up", or "unknown".
func (r Rounding) String() string {
	if int(r) < len(roundingNames) {
		return roundingNames[r]
	}
	return "unknown"
}

// check refuses a mode that has no name.
func (r Rounding) check() error {
	if int(r) < len(roundingNames) {
		return nil
	}
	return UnknownRounding.Newf("rounding %d does not exist; use one of %q", uint8(r), roundingNames)
}

// away tells whether quotient, a magnitude with the remainder left over, is to be raised by one.
func (r Rounding) away(quotient, remainder, divisor uint64, negative bool) bool {
	if remainder == 0 {
		return false
	}
	// Compared with the rest of the divisor, because twice the remainder may not fit.
	rest := divisor - remainder
	switch r {
	case HalfUp:
		return remainder >= rest
	case HalfEven:
		return remainder > rest || remainder == rest && quotient%2 == 1
	case HalfDown:
		return remainder > rest
	case Up:
		return true
	case Floor:
		return negative
	case Ceiling:
		return !negative
	default: // Down; check has refused all others.
		return false
	}
}
