package ordering_test

import (
	"math"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func TestCartAdd(t *testing.T) {
	t.Parallel()
	later := now().Add(time.Minute)
	one := filled(t, 2)
	two, err := one.Add(line(9), item(2), 1, later)
	if err != nil || len(two.Lines) != 2 || two.Version != one.Version+1 || two.UpdatedAt != later || len(one.Lines) != 1 {
		t.Fatalf("a new line: %+v, %v", two, err)
	}
	same, err := two.Add(line(10), item(1), 3, later)
	if err != nil || len(same.Lines) != 2 || same.Lines[0].Quantity != 5 || same.Lines[0].ID != line(1) || two.Lines[0].Quantity != 2 {
		t.Fatalf("more of a line: %+v, %v", same, err)
	}
}

func TestCartAddRefuses(t *testing.T) {
	t.Parallel()
	done := filled(t, 1)
	done.Status = ordering.CartDone
	full := emptyCart()
	for i := range ordering.LinesMax {
		u := uuid(0)
		u[1], u[2] = byte(i>>8)+1, byte(i)
		full.Lines = append(full.Lines, ordering.CartLine{Variant: ref.NewID[ref.VariantKind](u), Quantity: 1})
	}
	for name, tc := range map[string]struct {
		cart     ordering.Cart
		quantity int64
		class    fault.Class
		field    string
	}{
		"completed":     {done, 1, ordering.CartCompleted, ""},
		"nothing":       {emptyCart(), 0, fault.Bad, "quantity"},
		"negative":      {emptyCart(), -1, fault.Bad, "quantity"},
		"too many":      {emptyCart(), ordering.QuantityMax + 1, fault.Bad, "quantity"},
		"far too many":  {filled(t, 1), math.MaxInt64, fault.Bad, "quantity"},
		"sum too large": {filled(t, ordering.QuantityMax), 1, fault.Bad, "quantity"},
		"full":          {full, 1, fault.Bad, "lines"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := tc.cart.Add(line(9), item(1), tc.quantity, now())
			wantClass(t, err, tc.class)
			if tc.field != "" {
				wantFields(t, err, tc.field)
			}
		})
	}
}

func TestCartSet(t *testing.T) {
	t.Parallel()
	c := filled(t, 2, 3)
	changed, err := c.Set(line(2), ordering.QuantityMax, now())
	if err != nil || changed.Lines[1].Quantity != ordering.QuantityMax || c.Lines[1].Quantity != 3 || changed.Version != c.Version+1 {
		t.Fatalf("a quantity: %+v, %v", changed, err)
	}
	removed, err := c.Set(line(1), 0, now())
	if err != nil || len(removed.Lines) != 1 || removed.Lines[0].ID != line(2) || len(c.Lines) != 2 || c.Lines[0].ID != line(1) {
		t.Fatalf("removing: %+v, %v", removed, err)
	}
	_, err = c.Set(line(7), 1, now())
	wantClass(t, err, fault.Missing)
	for _, q := range []int64{-1, ordering.QuantityMax + 1, math.MinInt64} {
		_, err = c.Set(line(1), q, now())
		wantClass(t, err, fault.Bad)
		wantFields(t, err, "quantity")
	}
	c.Status = ordering.CartDone
	_, err = c.Set(line(1), 1, now())
	wantClass(t, err, ordering.CartCompleted)
}

func TestQuoteCart(t *testing.T) {
	t.Parallel()
	q := quoted(t, filled(t, 2, 3))
	if q.Totals.Total != gbp(5*999) || q.Totals.Subtotal != q.Totals.Total || q.Totals.Tax != gbp(0) || len(q.Requirements) != 0 {
		t.Errorf("totals %+v, requirements %v", q.Totals, q.Requirements)
	}
	if l := q.Lines[1]; !l.Available || l.Total != gbp(3*999) || l.Title != "Product" || l.SKU != item(2).SKU {
		t.Errorf("line %+v", l)
	}
}

func TestQuoteCartRoundsEachLine(t *testing.T) {
	t.Parallel()
	c := filled(t, 3, 5)
	q, err := ordering.QuoteCart(c, map[ref.VariantID]ordering.Item{variant(1): item(1), variant(2): item(2)},
		costs(map[byte]int64{1: 5_000, 2: 1_000}))
	if err != nil || q.Lines[0].Total != gbp(2) || q.Lines[1].Total != gbp(1) || q.Totals.Total != gbp(3) {
		t.Errorf("3 × 0.005 and 5 × 0.001 are %+v, %v", q.Totals, err)
	}
}

func TestQuoteCartRequirements(t *testing.T) {
	t.Parallel()
	empty := quoted(t, emptyCart())
	if len(empty.Requirements) != 1 || empty.Requirements[0].Code != "empty" || empty.Totals.Total != gbp(0) {
		t.Errorf("an empty cart: %+v", empty)
	}
	c := filled(t, 1, 1, 1)
	q, err := ordering.QuoteCart(c, map[ref.VariantID]ordering.Item{variant(1): item(1), variant(2): item(2)},
		costs(map[byte]int64{1: 1_000_000, 3: 1_000_000}))
	if err != nil || len(q.Requirements) != 2 || q.Requirements[0].Field != "lines[1]" || q.Requirements[1].Field != "lines[2]" || len(q.Warnings) != 2 {
		t.Fatalf("no price and not on sale: %+v, %v", q.Requirements, err)
	}
	if q.Totals.Total != gbp(100) || q.Lines[1].Available || q.Lines[2].SKU != item(3).SKU || q.Lines[2].Total != gbp(0) {
		t.Errorf("lines %+v", q.Lines)
	}
}

func TestQuoteCartOverflow(t *testing.T) {
	t.Parallel()
	items := map[ref.VariantID]ordering.Item{variant(1): item(1), variant(2): item(2)}
	prices := costs(map[byte]int64{1: math.MaxInt64, 2: math.MaxInt64})
	_, err := ordering.QuoteCart(filled(t, ordering.QuantityMax), items, prices)
	wantClass(t, err, money.Overflow)
	_, err = ordering.QuoteCart(filled(t, 9000, 9000), items, prices)
	wantClass(t, err, money.Overflow)
}
