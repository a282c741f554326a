package money

import (
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// The cases in which a calculation or a text is refused. All are of kind Invalid: the same input fails again.
var (
	// Overflow is the case of a result outside the range of a 64-bit count of minor units (or millionths).
	Overflow = fault.Define(fault.Invalid, "amount_overflow",
		"The amount is too large to be represented; use a smaller amount or quantity.")
	// CurrencyMismatch is the case of one calculation over two currencies, or over a value without one.
	CurrencyMismatch = fault.Define(fault.Invalid, "currency_mismatch",
		"Amounts of different currencies, or without one, cannot be calculated together.")
	// UnknownCurrency is the case of a code that is not in the currency table.
	UnknownCurrency = fault.Define(fault.Invalid, "unknown_currency",
		"The currency is not a known ISO 4217 code of three capital letters.")
	// MalformedAmount is the case of a text that is no amount of its currency.
	MalformedAmount = fault.Define(fault.Invalid, "malformed_amount",
		"The amount is not a plain decimal with at most the permitted number of decimals.")
	// MalformedRate is the case of a text that is no rate.
	MalformedRate = fault.Define(fault.Invalid, "malformed_rate",
		"The rate is not a plain decimal with at most six decimals.")
	// BadAllocation is the case of weights or a number of parts among which nothing can be divided.
	BadAllocation = fault.Define(fault.Invalid, "bad_allocation",
		"An amount can only be divided among weights that are not negative and not all zero.")
	// BadRatio is the case of a ratio whose denominator is zero.
	BadRatio = fault.Define(fault.Invalid, "bad_ratio", "A ratio needs a denominator other than zero.")
	// UnknownRounding is the case of a rounding that has no name here.
	UnknownRounding = fault.Define(fault.Invalid, "unknown_rounding", "The rounding is not one of the named modes.")
)

// maxQuoted bounds, in bytes, how much of a refused text is repeated in a public message.
const maxQuoted = 40

// excerpt is the part of a refused text that a message may repeat.
func excerpt(text string) string {
	if len(text) <= maxQuoted {
		return text
	}
	cut := maxQuoted
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

// overflow is the error of an operation whose result does not fit.
func overflow(operation string) error {
	return Overflow.Newf("the result of %s is too large; use a smaller amount, quantity or rate", operation)
}

// sameCurrency refuses two operands unless both are of one currency.
func sameCurrency(a, b Currency) error {
	if a == b && !a.IsZero() {
		return nil
	}
	if a.IsZero() || b.IsZero() {
		return hasCurrency(Currency{})
	}
	return CurrencyMismatch.Newf("%s and %s cannot be calculated together; convert one first", a.Code(), b.Code()).
		With("currencies", []string{a.Code(), b.Code()})
}

// hasCurrency refuses an operand without a currency.
func hasCurrency(c Currency) error {
	if c.IsZero() {
		return CurrencyMismatch.New("an amount without a currency cannot be used; give it a currency first")
	}
	return nil
}
