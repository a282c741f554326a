package money

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// MarshalJSON writes {"amount":"19.99","currency":"GBP"} with exactly the currency's digits. It fails with
// CurrencyMismatch without a currency.
func (m Money) MarshalJSON() ([]byte, error) { return marshalAmount(m.Decimal(), m.currency) }

// UnmarshalJSON reads an object of exactly the two members amount (a string that Parse accepts) and currency, in any
// order. A missing, repeated or unknown member, a number instead of a string, and null are refused with
// MalformedAmount; otherwise it fails as Parse and CurrencyOf do. The error names the member.
func (m *Money) UnmarshalJSON(data []byte) error {
	amount, currency, err := unmarshalAmount(data)
	if err != nil {
		return err
	}
	read, err := Parse(amount, currency)
	if err != nil {
		return at("amount", err)
	}
	*m = read
	return nil
}

// MarshalJSON writes {"amount":"0.001","currency":"GBP"}, the amount as Decimal gives it. It fails with
// CurrencyMismatch without a currency.
func (p UnitPrice) MarshalJSON() ([]byte, error) { return marshalAmount(p.Decimal(), p.currency) }

// UnmarshalJSON reads what Money.UnmarshalJSON does, with an amount that ParseUnitPrice accepts.
func (p *UnitPrice) UnmarshalJSON(data []byte) error {
	amount, currency, err := unmarshalAmount(data)
	if err != nil {
		return err
	}
	read, err := ParseUnitPrice(amount, currency)
	if err != nil {
		return at("amount", err)
	}
	*p = read
	return nil
}

// marshalAmount writes the one shape; neither part ever needs escaping.
func marshalAmount(amount string, c Currency) ([]byte, error) {
	if err := hasCurrency(c); err != nil {
		return nil, err
	}
	return []byte(`{"amount":"` + amount + `","currency":"` + c.Code() + `"}`), nil
}

// unmarshalAmount reads the one shape.
func unmarshalAmount(data []byte) (string, Currency, error) {
	amount, code, plain := plainAmount(data)
	if !plain {
		return walkAmount(data)
	}
	currency, err := CurrencyOf(code)
	return amount, currency, at("currency", err)
}

// plainAmount reads the shape as it is written here, and as PostgreSQL gives it back, with a space behind each colon and
// comma: all but every amount that is ever read, at a twentieth of what a decoder takes.
func plainAmount(data []byte) (amount, code string, ok bool) {
	amount, rest, ok := plainMember(data, '{', "amount")
	if !ok {
		return "", "", false
	}
	code, rest, ok = plainMember(rest, ',', "currency")
	return amount, code, ok && string(rest) == "}"
}

// plainMember reads a member whose value is a string without escapes, behind an opening byte.
func plainMember(data []byte, open byte, name string) (value string, rest []byte, ok bool) {
	if len(data) == 0 || data[0] != open {
		return "", nil, false
	}
	rest, named := bytes.CutPrefix(spaced(data[1:]), []byte(`"`+name+`":`))
	rest, quoted := bytes.CutPrefix(spaced(rest), []byte{'"'})
	end := bytes.IndexByte(rest, '"')
	if !named || !quoted || end < 0 {
		return "", nil, false
	}
	for _, c := range rest[:end] {
		if c < ' ' || c == '\\' || c > '~' {
			return "", nil, false
		}
	}
	return string(rest[:end]), rest[end+1:], true
}

// spaced leaves one space away.
func spaced(data []byte) []byte { return bytes.TrimPrefix(data, []byte{' '}) }

// walkAmount reads the shape however it is written. It walks tokens, since decoding into a struct would fold the case of
// names and take the last of repeated members.
func walkAmount(data []byte) (string, Currency, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return "", Currency{}, notTheShape(err)
	}
	members := make(map[string]string, 2)
	for decoder.More() {
		name, value, err := member(decoder)
		if err != nil {
			return "", Currency{}, err
		}
		if _, repeated := members[name]; repeated {
			return "", Currency{}, MalformedAmount.Newf("%s is given twice; give it once", name).At(name)
		}
		members[name] = value
	}
	if _, err := decoder.Token(); err != nil {
		return "", Currency{}, notTheShape(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return "", Currency{}, notTheShape(err)
	}
	for _, name := range []string{"amount", "currency"} {
		if _, given := members[name]; !given {
			return "", Currency{}, MalformedAmount.Newf("%s is missing; give it as a string", name).At(name)
		}
	}
	currency, err := CurrencyOf(members["currency"])
	return members["amount"], currency, at("currency", err)
}

// member reads one name and its string.
func member(decoder *json.Decoder) (name, value string, err error) {
	token, err := decoder.Token()
	if err != nil {
		return "", "", notTheShape(err)
	}
	name, _ = token.(string) // A member's name is always a string.
	if name != "amount" && name != "currency" {
		return "", "", MalformedAmount.Newf("%q is not known here; give only amount and currency", excerpt(name)).At(excerpt(name))
	}
	token, err = decoder.Token()
	if err != nil {
		return "", "", notTheShape(err)
	}
	value, ok := token.(string)
	if !ok {
		return "", "", MalformedAmount.Newf("%s is not a string; write it in quotes", name).At(name)
	}
	return name, value, nil
}

// notTheShape is the error of JSON that is no amount; the cause may be nil.
func notTheShape(cause error) error {
	return MalformedAmount.New(`an amount is an object such as {"amount":"19.99","currency":"GBP"}`).Because(cause)
}

// at names the member that the error is about.
func at(member string, err error) error {
	if e := fault.Of(err); e != nil {
		return e.At(member)
	}
	return err
}
