package money_test

import (
	"math"
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/money"
)

func TestAllocate(t *testing.T) {
	t.Parallel()
	const highest = math.MaxInt64
	for name, tc := range map[string]struct {
		total   int64
		weights []int64
		want    []int64
	}{
		"even":                         {100, []int64{1, 1}, []int64{50, 50}},
		"leftover to the first":        {100, []int64{1, 1, 1}, []int64{34, 33, 33}},
		"two left over":                {101, []int64{1, 1, 1}, []int64{34, 34, 33}},
		"largest remainder":            {100, []int64{1, 2}, []int64{33, 67}},
		"largest remainder comes last": {10, []int64{10, 11, 19}, []int64{2, 3, 5}},
		"negative as positive":         {-100, []int64{1, 1, 1}, []int64{-34, -33, -33}},
		"nothing":                      {0, []int64{3, 4}, []int64{0, 0}},
		"zero weights get nothing":     {5, []int64{0, 1, 0, 1, 0}, []int64{0, 3, 0, 2, 0}},
		"one":                          {-7, []int64{9}, []int64{-7}},
		"less than the parts":          {2, []int64{1, 1, 1}, []int64{1, 1, 0}},
		"the smallest amount":          {math.MinInt64, []int64{1}, []int64{math.MinInt64}},
		"the smallest amount, halved":  {math.MinInt64, []int64{5, 5}, []int64{math.MinInt64 / 2, math.MinInt64 / 2}},
		"weights beyond 64 bits":       {10, []int64{highest, highest, highest}, []int64{4, 3, 3}},
		"a feather among the heaviest": {highest, []int64{highest, highest, highest, 1}, []int64{highest / 3, highest / 3, highest / 3, 1}},
		// Here the quotient is estimated one too high at first.
		"weights of odd sum":            {math.MinInt64, []int64{highest, highest, highest - 2}, []int64{-3074457345618258603, -3074457345618258603, -3074457345618258602}},
		"the largest amount by weights": {highest, []int64{highest, highest}, []int64{highest/2 + 1, highest / 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts := must(money.New(tc.total, money.GBP).Allocate(tc.weights...))(t)
			if got := minors(parts); !slices.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
			if sum := must(money.Sum(money.GBP, parts...))(t); sum.Minor() != tc.total {
				t.Errorf("the parts add up to %d, not %d", sum.Minor(), tc.total)
			}
		})
	}
}

// Shares of 8.25, 16.5 and 24.75, twenty of each, leave 30 units: one for each of the last kind, and ten for the
// second, of which the first ten get them.
func TestAllocateKeepsTheOrderOfEquals(t *testing.T) {
	t.Parallel()
	weights := slices.Repeat([]int64{1, 2, 3}, 20)
	want := append(slices.Repeat([]int64{8, 17, 25}, 10), slices.Repeat([]int64{8, 16, 25}, 10)...)
	if got := minors(must(money.New(990, money.GBP).Allocate(weights...))(t)); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAllocateRefuses(t *testing.T) {
	t.Parallel()
	for _, weights := range [][]int64{nil, {}, {0}, {0, 0}, {-1}, {5, -1}, {math.MinInt64, math.MaxInt64}} {
		parts, err := money.New(100, money.GBP).Allocate(weights...)
		wantClass(t, err, money.BadAllocation)
		if parts != nil {
			t.Errorf("%v gave %v", weights, parts)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		total int64
		n     int
		want  []int64
	}{
		{100, 1, []int64{100}},
		{100, 3, []int64{34, 33, 33}},
		{-100, 3, []int64{-34, -33, -33}},
		{2, 4, []int64{1, 1, 0, 0}},
		{0, 2, []int64{0, 0}},
		{math.MinInt64, 1, []int64{math.MinInt64}},
		{math.MinInt64, 2, []int64{math.MinInt64 / 2, math.MinInt64 / 2}},
	} {
		if got := minors(must(money.New(tc.total, money.GBP).Split(tc.n))(t)); !slices.Equal(got, tc.want) {
			t.Errorf("%d in %d: %v, want %v", tc.total, tc.n, got, tc.want)
		}
	}
	for _, n := range []int{0, -1, math.MinInt, money.MaxParts + 1, math.MaxInt} {
		_, err := money.New(100, money.GBP).Split(n)
		wantClass(t, err, money.BadAllocation)
	}
	if got := len(must(money.New(1, money.GBP).Split(money.MaxParts))(t)); got != money.MaxParts {
		t.Errorf("%d parts", got)
	}
}

// minors is the amounts as counts.
func minors(ms []money.Money) []int64 {
	out := make([]int64, 0, len(ms))
	for _, m := range ms {
		out = append(out, m.Minor())
	}
	return out
}
