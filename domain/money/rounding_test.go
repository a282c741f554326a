package money_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/money"
)

// What each mode makes of tenths, positive and negative.
func TestRoundings(t *testing.T) {
	t.Parallel()
	tenths := []int64{-26, -25, -24, -20, -16, -15, -14, -6, -5, -4, 0, 4, 5, 6, 14, 15, 16, 20, 24, 25, 26}
	for mode, want := range map[money.Rounding][]int64{
		money.HalfUp:   {-3, -3, -2, -2, -2, -2, -1, -1, -1, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3},
		money.HalfEven: {-3, -2, -2, -2, -2, -2, -1, -1, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 3},
		money.HalfDown: {-3, -2, -2, -2, -2, -1, -1, -1, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3},
		money.Down:     {-2, -2, -2, -2, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2},
		money.Up:       {-3, -3, -3, -2, -2, -2, -2, -1, -1, -1, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3},
		money.Floor:    {-3, -3, -3, -2, -2, -2, -2, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2},
		money.Ceiling:  {-2, -2, -2, -2, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3},
	} {
		t.Run(mode.String(), func(t *testing.T) {
			t.Parallel()
			for i, n := range tenths {
				got := must(money.New(n, money.JPY).MulRatio(1, 10, mode))(t)
				if got.Minor() != want[i] {
					t.Errorf("%d tenths become %d, want %d", n, got.Minor(), want[i])
				}
			}
		})
	}
}

func TestRoundingNames(t *testing.T) {
	t.Parallel()
	names := map[string]money.Rounding{
		"half_up": money.HalfUp, "half_even": money.HalfEven, "half_down": money.HalfDown, "down": money.Down,
		"up": money.Up, "floor": money.Floor, "ceiling": money.Ceiling,
	}
	all := money.Roundings()
	if len(all) != len(names) {
		t.Errorf("%d modes, want %d", len(all), len(names))
	}
	for _, mode := range all {
		if names[mode.String()] != mode {
			t.Errorf("%d is called %q", mode, mode)
		}
		if got, err := money.ParseRounding(mode.String()); err != nil || got != mode {
			t.Errorf("%q reads as %v, %v", mode, got, err)
		}
	}
	for _, name := range []string{"", "HALF_UP", "HalfUp", "unknown", "bankers"} {
		_, err := money.ParseRounding(name)
		wantClass(t, err, money.UnknownRounding)
	}
	if got := money.Rounding(7).String(); got != "unknown" {
		t.Errorf("mode 7 is called %q", got)
	}
	if money.DefaultRounding != money.HalfUp || money.Rounding(0) != money.DefaultRounding {
		t.Error("an unset rounding is not the house rule")
	}
}
