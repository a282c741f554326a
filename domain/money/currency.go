package money

import (
	"cmp"
	"slices"
)

// Currency is one currency of the ISO 4217 table. It is comparable, one byte wide, and its zero value is the absence
// of a currency. In JSON and text it is its code. Never store the value itself, only its code: the number inside is
// private to a build.
type Currency struct{ index uint8 }

// Currencies that tests, examples and configuration name often; CurrencyOf gives all others.
var (
	// EUR is the euro.
	EUR = MustCurrency("EUR")
	// GBP is the pound sterling.
	GBP = MustCurrency("GBP")
	// JPY is the yen, which has no minor unit.
	JPY = MustCurrency("JPY")
	// KWD is the Kuwaiti dinar, whose minor unit is a thousandth.
	KWD = MustCurrency("KWD")
	// USD is the US dollar.
	USD = MustCurrency("USD")
)

// CurrencyOf finds a currency by its ISO 4217 alphabetic code, exactly as the standard spells it: three capital
// letters. It fails with UnknownCurrency.
func CurrencyOf(code string) (Currency, error) {
	index, found := slices.BinarySearchFunc(table[1:], code, func(e entry, code string) int {
		return cmp.Compare(e.code, code)
	})
	if !found {
		return Currency{}, UnknownCurrency.Newf("%q is not a known currency; use an ISO 4217 code such as GBP", excerpt(code))
	}
	return Currency{index: uint8(index + 1)}, nil
}

// MustCurrency is CurrencyOf for codes that stand in source code; it panics on any other.
func MustCurrency(code string) Currency {
	c, err := CurrencyOf(code)
	if err != nil {
		panic("money: " + err.Error())
	}
	return c
}

// Currencies lists all known currencies, sorted by code. The slice is the caller's.
func Currencies() []Currency {
	out := make([]Currency, len(table)-1)
	for i := range out {
		out[i] = Currency{index: uint8(i + 1)}
	}
	return out
}

// IsZero tells whether this is the absence of a currency.
func (c Currency) IsZero() bool { return c.index == 0 }

// Code is the alphabetic code, such as "GBP", or "" without a currency.
func (c Currency) Code() string { return table[c.index].code }

// Numeric is the ISO 4217 number, such as 826, or 0 without a currency. The standard writes it with three digits.
func (c Currency) Numeric() int { return int(table[c.index].numeric) }

// Digits is how many decimals the minor unit has: 0, 2, 3 or 4; 0 without a currency.
func (c Currency) Digits() int { return int(table[c.index].digits) }

// String is the code, or "no currency".
func (c Currency) String() string {
	if c.IsZero() {
		return "no currency"
	}
	return c.Code()
}

// MarshalText writes the code. It fails with CurrencyMismatch without a currency.
func (c Currency) MarshalText() ([]byte, error) {
	if err := hasCurrency(c); err != nil {
		return nil, err
	}
	return []byte(c.Code()), nil
}

// UnmarshalText reads a code by the rules of CurrencyOf.
func (c *Currency) UnmarshalText(text []byte) error {
	read, err := CurrencyOf(string(text))
	if err != nil {
		return err
	}
	*c = read
	return nil
}
