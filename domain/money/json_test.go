package money_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
)

func TestMoneyJSON(t *testing.T) {
	t.Parallel()
	for _, tc := range amounts {
		m := money.New(tc.minor, tc.currency)
		text := must(json.Marshal(m))(t)
		if want := `{"amount":"` + tc.decimal + `","currency":"` + tc.currency.Code() + `"}`; string(text) != want {
			t.Errorf("wrote %s, want %s", text, want)
		}
		var back money.Money
		if err := json.Unmarshal(text, &back); err != nil || back != m {
			t.Errorf("%s reads as %v, %v", text, back, err)
		}
	}
}

func TestUnitPriceJSON(t *testing.T) {
	t.Parallel()
	p := money.NewUnitPrice(1_000, money.GBP)
	text := must(json.Marshal(p))(t)
	if string(text) != `{"amount":"0.001","currency":"GBP"}` {
		t.Errorf("wrote %s", text)
	}
	var back money.UnitPrice
	if err := json.Unmarshal(text, &back); err != nil || back != p {
		t.Errorf("%s reads as %v, %v", text, back, err)
	}
	wantClass(t, json.Unmarshal([]byte(`{"amount":"0.0000001","currency":"GBP"}`), &back), money.MalformedAmount)
	wantClass(t, json.Unmarshal([]byte(`{"amount":"1"}`), &back), money.MalformedAmount)
	if back != p {
		t.Errorf("a refused text changed the value to %v", back)
	}
}

func TestJSONAccepts(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"currency":"GBP","amount":"20.50"}`,
		` { "amount" : "20.5" , "currency" : "GBP" } `,
		`{"amount":"20.5","currency":"\u0047BP"}`,
	} {
		var m money.Money
		if err := json.Unmarshal([]byte(text), &m); err != nil || m != money.New(2050, money.GBP) {
			t.Errorf("%s reads as %v, %v", text, m, err)
		}
	}
}

func TestJSONRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text  string
		class fault.Class
		field string
	}{
		{`null`, money.MalformedAmount, ""},
		{`"19.99 GBP"`, money.MalformedAmount, ""},
		{`19.99`, money.MalformedAmount, ""},
		{`[]`, money.MalformedAmount, ""},
		{`{}`, money.MalformedAmount, "amount"},
		{`{"amount":"1"}`, money.MalformedAmount, "currency"},
		{`{"currency":"GBP"}`, money.MalformedAmount, "amount"},
		{`{"amount":1,"currency":"GBP"}`, money.MalformedAmount, "amount"},
		{`{"amount":null,"currency":"GBP"}`, money.MalformedAmount, "amount"},
		{`{"amount":"1","currency":826}`, money.MalformedAmount, "currency"},
		{`{"amount":["1"],"currency":"GBP"}`, money.MalformedAmount, "amount"},
		{`{"amount":"1.001","currency":"GBP"}`, money.MalformedAmount, "amount"},
		{`{"amount":"","currency":"GBP"}`, money.MalformedAmount, "amount"},
		{`{"amount":"99999999999999999999","currency":"GBP"}`, money.Overflow, "amount"},
		{`{"amount":"1","currency":"gbp"}`, money.UnknownCurrency, "currency"},
		{`{"amount":"1","currency":""}`, money.UnknownCurrency, "currency"},
		{`{"amount":"1","currency":"GBP","note":"x"}`, money.MalformedAmount, "note"},
		{`{"Amount":"1","currency":"GBP"}`, money.MalformedAmount, "Amount"},
		{`{"amount":"1","amount":"1","currency":"GBP"}`, money.MalformedAmount, "amount"},
	} {
		m := money.New(7, money.EUR)
		err := json.Unmarshal([]byte(tc.text), &m)
		wantClass(t, err, tc.class)
		if got := fault.Of(err).Field(); got != tc.field {
			t.Errorf("%s: field %q, want %q", tc.text, got, tc.field)
		}
		if m != money.New(7, money.EUR) {
			t.Errorf("%s changed the value to %v", tc.text, m)
		}
	}
}

// The decoder hands over whole values, but the method can be called by anyone.
func TestUnmarshalJSONOfFragments(t *testing.T) {
	t.Parallel()
	whole := `{"amount":"1","currency":"GBP"}`
	var m money.Money
	for end := range len(whole) {
		wantClass(t, m.UnmarshalJSON([]byte(whole[:end])), money.MalformedAmount)
	}
	for _, tail := range []string{whole, "x", "]", ","} {
		wantClass(t, m.UnmarshalJSON([]byte(whole+tail)), money.MalformedAmount)
	}
	wantClass(t, m.UnmarshalJSON([]byte(strings.Repeat("{", 100))), money.MalformedAmount)
}

func TestJSONWithoutCurrency(t *testing.T) {
	t.Parallel()
	for _, value := range []any{
		money.Money{}, money.New(5, money.Currency{}), money.UnitPrice{}, struct{ Total money.Money }{}, []money.Money{{}},
	} {
		text, err := json.Marshal(value)
		wantClass(t, err, money.CurrencyMismatch)
		if text != nil {
			t.Errorf("wrote %s", text)
		}
	}
}

func TestOptionalJSON(t *testing.T) {
	t.Parallel()
	type holder struct {
		CompareAt *money.Money `json:"compare_at"`
	}
	if text := must(json.Marshal(holder{}))(t); string(text) != `{"compare_at":null}` {
		t.Errorf("wrote %s", text)
	}
	was := money.New(1, money.GBP)
	out := holder{CompareAt: &was}
	if err := json.Unmarshal([]byte(`{"compare_at":null}`), &out); err != nil || out.CompareAt != nil {
		t.Errorf("read %v, %v", out.CompareAt, err)
	}
}
