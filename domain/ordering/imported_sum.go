package ordering

import (
	"math/big"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
)

// microDigits is how many decimals an exact sum has at most, as a unit price has.
const microDigits = 6

// ExactSum is a sum of prices times quantities, exact and without bounds, in millionths of the major unit. The zero
// value is nothing.
type ExactSum struct{ micro big.Int }

// ExactSumOf reads a whole number of millionths, as stores keep sums. Errors: fault.Unexpected.
func ExactSumOf(micro string) (*ExactSum, error) {
	var s ExactSum
	if _, ok := s.micro.SetString(micro, 10); !ok {
		return nil, fault.Unexpected.New("a stored sum is no whole number")
	}
	return &s, nil
}

// AddLine adds a price times a quantity.
func (s *ExactSum) AddLine(price money.UnitPrice, quantity int64) {
	var line big.Int
	line.Mul(big.NewInt(price.Micro()), big.NewInt(quantity))
	s.micro.Add(&s.micro, &line)
}

// AddMoney adds an amount.
func (s *ExactSum) AddMoney(m money.Money) {
	var amount, scale big.Int
	scale.Exp(big.NewInt(10), big.NewInt(int64(microDigits-m.Currency().Digits())), nil)
	s.micro.Add(&s.micro, amount.Mul(big.NewInt(m.Minor()), &scale))
}

// Add adds another sum.
func (s *ExactSum) Add(o *ExactSum) { s.micro.Add(&s.micro, &o.micro) }

// Sub takes another sum away.
func (s *ExactSum) Sub(o *ExactSum) { s.micro.Sub(&s.micro, &o.micro) }

// Clone is a sum of its own.
func (s *ExactSum) Clone() *ExactSum {
	out := &ExactSum{}
	out.micro.Set(&s.micro)
	return out
}

// Cmp is -1, 0 or +1 as the sum is below, equal to or above the other.
func (s *ExactSum) Cmp(o *ExactSum) int { return s.micro.Cmp(&o.micro) }

// Micro is the sum in millionths, for stores.
func (s *ExactSum) Micro() string { return s.micro.String() }

// Decimal is the sum in major units, with the currency's digits at least and without superfluous zeros.
func (s *ExactSum) Decimal(c money.Currency) string {
	var absolute big.Int
	text := absolute.Abs(&s.micro).String()
	if short := microDigits + 1 - len(text); short > 0 {
		text = strings.Repeat("0", short) + text
	}
	whole, part := text[:len(text)-microDigits], text[len(text)-microDigits:]
	for len(part) > c.Digits() && part[len(part)-1] == '0' {
		part = part[:len(part)-1]
	}
	if part != "" {
		whole += "." + part
	}
	if s.micro.Sign() < 0 {
		return "-" + whole
	}
	return whole
}
