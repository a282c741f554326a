// Package money holds exact amounts: Money in whole minor units of a currency, UnitPrice in millionths of its major
// unit, Rate for percentages, and the named roundings that lead from one to the other.
//
// Nothing here is a floating-point number, and nothing overflows in silence: each operation that can leave the range
// of int64, or that meets two currencies, returns an error of package fault instead of a value. Every such error is
// of kind Invalid and of one of the classes in errors.go.
//
// # Rounding
//
// Sums and differences are exact. An amount is rounded only where a finer value becomes Money (UnitPrice.Mul,
// Money.MulRate, Money.MulRatio), once, by a Rounding that the caller names; DefaultRounding is the house rule.
// Dividing an amount among shares never rounds: Allocate and Split hand out every minor unit.
//
// # Values without a currency
//
// The zero values of Currency, Money and UnitPrice have no currency. They can be compared with == and read, but every
// calculation with one fails with CurrencyMismatch and none can be marshalled, so that a forgotten field is found
// where it is first used. An amount of nothing is Zero(currency).
//
// # Text
//
// Amounts read and write plain decimals, "19.99" or "-0.05": an optional minus, digits, and a point followed by at
// least one digit and no more than the currency (for Money) or six (for UnitPrice and Rate). A plus sign, spaces,
// exponents, thousands separators and digits outside ASCII are refused. So are superfluous leading zeros ("007"): a
// field with them is more likely a code than an amount. "-0.00" is read as zero and written without its sign.
//
// All types are immutable values, comparable with ==, and safe for concurrent use.
package money
