package money_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
)

func TestRateDecimalAndParse(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		ppm     int64
		decimal string
	}{
		{200_000, "0.2"},
		{88_750, "0.08875"},
		{1_000_000, "1"},
		{0, "0"},
		{1, "0.000001"},
		{-50_000, "-0.05"},
		{12_500_000, "12.5"},
		{math.MaxInt64, "9223372036854.775807"},
		{math.MinInt64, "-9223372036854.775808"},
	} {
		r := money.NewRate(tc.ppm)
		if r.Decimal() != tc.decimal || r.String() != tc.decimal || r.PPM() != tc.ppm {
			t.Errorf("%d is %q, want %q", tc.ppm, r.Decimal(), tc.decimal)
		}
		if got, err := money.ParseRate(tc.decimal); err != nil || got != r {
			t.Errorf("%q reads as %v, %v", tc.decimal, got, err)
		}
	}
	if got := must(money.ParseRate("0.20"))(t); got.PPM() != 200_000 {
		t.Errorf("0.20 is %d", got.PPM())
	}
}

func TestParseRateRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text  string
		class fault.Class
	}{
		{"", money.MalformedRate},
		{"20%", money.MalformedRate},
		{".2", money.MalformedRate},
		{"0.2000000", money.MalformedRate},
		{"00.2", money.MalformedRate},
		{"1/5", money.MalformedRate},
		{"9223372036854.775808", money.Overflow},
	} {
		_, err := money.ParseRate(tc.text)
		wantClass(t, err, tc.class)
	}
}

func TestRateReads(t *testing.T) {
	t.Parallel()
	for _, want := range []int{-1, 0, 1} {
		r := money.NewRate(int64(want) * 7)
		if r.Sign() != want || r.IsNegative() != (want < 0) || r.IsZero() != (want == 0) || r.Cmp(money.Rate{}) != want {
			t.Errorf("%v: sign %d", r, r.Sign())
		}
	}
}

func TestRateText(t *testing.T) {
	t.Parallel()
	type holder struct {
		R money.Rate `json:"r"`
	}
	text := must(json.Marshal(holder{money.NewRate(200_000)}))(t)
	if string(text) != `{"r":"0.2"}` {
		t.Errorf("wrote %s", text)
	}
	var out holder
	if err := json.Unmarshal([]byte(`{"r":"0.20"}`), &out); err != nil || out.R.PPM() != 200_000 {
		t.Errorf("read %v, %v", out.R, err)
	}
	wantClass(t, json.Unmarshal([]byte(`{"r":"20%"}`), &out), money.MalformedRate)
	if json.Unmarshal([]byte(`{"r":0.2}`), &out) == nil {
		t.Error("a number was taken for a rate")
	}
	if out.R.PPM() != 200_000 {
		t.Errorf("a refused text changed the value to %v", out.R)
	}
}
