package money_test

import (
	"encoding/json"
	"math"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
)

// plain is the grammar of amounts, as a second opinion.
var plain = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?\z`)

// texts are seeds for everything that reads a decimal.
var texts = []string{
	"0", "-0", "0.00", "19.99", "-0.05", "20", "1.5", "007", ".5", "5.", "+1", "1e3", "1,000.00", " 1", "", "-", "0.001",
	"0.000001", "0.0000001", "92233720368547758.07", "-92233720368547758.08", "92233720368547758.08", "9223372036854.775807",
	"-9223372036854.775808", "18446744073709551616", "99999999999999999999999999", "٣", "1\n", "1.2.3",
}

// reference reads text as a count of 10^-scale, or reports the class that has to refuse it.
func reference(text string, atMost, scale int, malformed fault.Class) (int64, *fault.Class) {
	_, decimals, _ := strings.Cut(text, ".")
	if !plain.MatchString(text) || len(decimals) > atMost {
		return 0, &malformed
	}
	exact, _ := new(big.Rat).SetString(text)
	exact.Mul(exact, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)))
	if !exact.Num().IsInt64() {
		return 0, &money.Overflow
	}
	return exact.Num().Int64(), nil
}

// agree fails the test unless a reader answered what the reference does.
func agree(t *testing.T, text string, got int64, err error, want int64, refusal *fault.Class) {
	t.Helper()
	if refusal != nil {
		wantClass(t, err, *refusal)
		return
	}
	if err != nil || got != want {
		t.Fatalf("%q reads as %d, %v, want %d", text, got, err, want)
	}
}

func FuzzParse(f *testing.F) {
	for i, text := range texts {
		f.Add(text, uint8(i*17))
	}
	all := money.Currencies()
	f.Fuzz(func(t *testing.T, text string, pick uint8) {
		c := all[int(pick)%len(all)]
		m, err := money.Parse(text, c)
		want, refusal := reference(text, c.Digits(), c.Digits(), money.MalformedAmount)
		agree(t, text, m.Minor(), err, want, refusal)
		if err != nil {
			return
		}
		if again, err := money.Parse(m.Decimal(), c); err != nil || again != m {
			t.Fatalf("%q became %q, which reads as %v, %v", text, m.Decimal(), again, err)
		}
	})
}

func FuzzParseUnitPrice(f *testing.F) {
	for i, text := range texts {
		f.Add(text, uint8(i*17))
	}
	all := money.Currencies()
	f.Fuzz(func(t *testing.T, text string, pick uint8) {
		c := all[int(pick)%len(all)]
		p, err := money.ParseUnitPrice(text, c)
		want, refusal := reference(text, 6, 6, money.MalformedAmount)
		agree(t, text, p.Micro(), err, want, refusal)
		if err != nil {
			return
		}
		if again, err := money.ParseUnitPrice(p.Decimal(), c); err != nil || again != p {
			t.Fatalf("%q became %q, which reads as %v, %v", text, p.Decimal(), again, err)
		}
	})
}

func FuzzParseRate(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := money.ParseRate(text)
		want, refusal := reference(text, 6, 6, money.MalformedRate)
		agree(t, text, r.PPM(), err, want, refusal)
		if err != nil {
			return
		}
		if again, err := money.ParseRate(r.Decimal()); err != nil || again != r {
			t.Fatalf("%q became %q, which reads as %v, %v", text, r.Decimal(), again, err)
		}
	})
}

func FuzzAllocate(f *testing.F) {
	f.Add(int64(100), int64(1), int64(1), int64(1))
	f.Add(int64(-100), int64(1), int64(2), int64(0))
	f.Add(int64(math.MinInt64), int64(math.MaxInt64), int64(math.MaxInt64), int64(math.MaxInt64))
	f.Add(int64(math.MaxInt64), int64(math.MaxInt64), int64(math.MaxInt64), int64(1))
	f.Add(int64(5), int64(-1), int64(0), int64(7))
	f.Add(int64(5), int64(0), int64(0), int64(0))
	f.Fuzz(func(t *testing.T, total, a, b, c int64) {
		weights := []int64{a, b, c}
		parts, err := money.New(total, money.GBP).Allocate(weights...)
		if min(a, b, c) < 0 || max(a, b, c) == 0 {
			wantClass(t, err, money.BadAllocation)
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		sum, all := new(big.Int), new(big.Int)
		for i, w := range weights {
			sum.Add(sum, big.NewInt(w))
			all.Add(all, big.NewInt(parts[i].Minor()))
		}
		if all.Cmp(big.NewInt(total)) != 0 {
			t.Fatalf("%d among %v: %v add up to %v", total, weights, parts, all)
		}
		for i, w := range weights {
			// |part - total·w/sum| < 1, multiplied out.
			off := new(big.Int).Mul(big.NewInt(parts[i].Minor()), sum)
			off.Sub(off, new(big.Int).Mul(big.NewInt(total), big.NewInt(w)))
			if off.CmpAbs(sum) >= 0 || w == 0 && !parts[i].IsZero() {
				t.Fatalf("%d among %v: part %d is %v", total, weights, i, parts[i])
			}
		}
	})
}

func FuzzMoneyJSON(f *testing.F) {
	for _, text := range []string{
		`{"amount":"19.99","currency":"GBP"}`, `{"currency":"JPY","amount":"-1200"}`, `{"amount":1,"currency":"GBP"}`, `null`, `{}`,
		`{"amount":"1","amount":"2","currency":"GBP"}`, `{"amount":"1","currency":"GBP","x":null}`, `{"amount":"1","currency":"GBP"}{`,
		`{"amount": "19.99", "currency": "GBP"}`, `{ "amount":"1","currency":"GBP"}`, `{"amount":"1" ,"currency":"GBP"}`, `{"amount":"1","currency":"GBP"} `,
		`{"Amount":"1","currency":"GBP"}`, `{"amount":"\u0031","currency":"KWD"}`, `[`, ``, `{"amount":"1","currency":"XXX"}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if amount, code, plain := money.PlainAmount(text); plain { // The short way reads as the long one does.
			walked, currency, err := money.WalkAmount(text)
			if known, unknown := money.CurrencyOf(code); walked != amount && err == nil || currency != known || (err == nil) != (unknown == nil) {
				t.Fatalf("%q: %q of %q in short; %q of %s, %v", text, amount, code, walked, currency, err)
			}
		}
		var m money.Money
		if err := m.UnmarshalJSON(text); err != nil {
			if fault.KindOf(err) != fault.Invalid || m != (money.Money{}) {
				t.Fatalf("%q: %v beside %v", text, m, err)
			}
			return
		}
		if !json.Valid(text) {
			t.Fatalf("%q is no JSON and reads as %v", text, m)
		}
		written, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var again money.Money
		if err := json.Unmarshal(written, &again); err != nil || again != m {
			t.Fatalf("%q became %s, which reads as %v, %v", text, written, again, err)
		}
	})
}
