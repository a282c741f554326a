package orderingtest

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// CartsClauses are the clauses of ordering.Carts.
func CartsClauses() []Clause[Harness] {
	const id = "carts-read"
	return slices.Concat(cartCustomerClauses(), cartIdleClauses(), []Clause[Harness]{
		{ID: id, Case: "all of it", Run: wholeCart},
		{ID: id, Case: "as last committed", Run: cartAsCommitted},
		{ID: id, Case: "an unknown id", Run: unknownCart},
		{ID: id, Case: "a reader's copy", Run: cartCopy},
	})
}

// hard is text that stores and encodings trip over: several scripts, marks, quotes, and long.
func hard(longest int) string {
	const text = "Ünïcødé 漢字 🛒👩‍🌾 \"quoted\" 'n' \\back\\ <b>&amp;</b> %s {} ; -- e\u0301 \u00a0"
	return strings.ToValidUTF8(strings.Repeat(text, longest/len(text)+1)[:longest], "")
}

// fullCart has all that a cart can have.
func (w *world) fullCart() ordering.Cart {
	c := w.newCart(want{ref.SKU("SKU/ü 漢字-" + strings.Repeat("x", 40)), 1}, want{"B", ordering.QuantityMax})
	c.Channel, c.Currency = "pop-up ✨", money.MustCurrency("JPY")
	c.Customer, c.Note, c.Reopened = ref.NewID[ref.CustomerKind](w.id()), hard(ordering.NoteMax)+"\n", true
	c.Metadata = ordering.Metadata{"source": "qr", "ünïcødé": hard(200), "empty": ""}
	free, price := money.NewUnitPrice(0, c.Currency), money.NewUnitPrice(1_234_567, c.Currency)
	c.Lines[0].Agreed, c.Lines[1].Agreed = &free, &price
	c.Lines[1].Custom = ordering.Customisation{"engraving": "für Ada", "side": "left"}
	c.Lines[1].Note, c.Lines[1].Metadata = hard(300), ordering.Metadata{"gift": "yes"}
	c.CreatedAt = time.Date(1999, time.December, 31, 23, 59, 59, 999_999_000, time.UTC)
	c.UpdatedAt = time.Date(2100, time.February, 28, 0, 0, 0, 1000, time.UTC)
	return c
}

// keep writes a cart as a new one.
func (w *world) keep(c ordering.Cart) {
	w.Helper()
	w.accept(ordering.Commit{At: w.at, Carts: []ordering.Write[ordering.Cart]{{State: c, Expected: c.Version - 1}}})
}

// reads checks that the store gives the cart.
func (w *world) reads(wanted ordering.Cart) {
	w.Helper()
	got, err := w.h.Carts.Cart(w.Context(), wanted.ID)
	if err != nil {
		w.Fatalf("reading a cart: %v", err)
	}
	w.same("the cart", normalCart(got), normalCart(wanted))
}

func wholeCart(t TB, open func(TB) Harness) {
	w := begin(t, open)
	full := w.fullCart()
	w.keep(full)
	empty := w.newCart()
	w.keep(empty)
	many := w.newCart()
	for range ordering.LinesMax {
		many.Lines = append(many.Lines, w.newCart(want{"M", 3}).Lines...)
	}
	w.keep(many)
	w.reads(full)
	w.reads(empty)
	w.reads(many)
	gone := w.newCart(want{"A", 1})
	gone.Status, gone.Successor = ordering.CartMerged, full.ID
	w.keep(gone)
	w.reads(gone)
}

func cartAsCommitted(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	c := w.cart(want{"A", 1}, want{"B", 1})
	c.Version++
	c.Customer, c.Note, c.Metadata = ref.NewID[ref.CustomerKind](w.id()), "ring twice", ordering.Metadata{"a": "1"}
	c.Lines = slices.Clone(c.Lines)
	c.Lines[0].Note = "blue"
	w.keep(c)
	w.reads(c)
	c.Version++
	c.Reopened, c.Metadata = true, nil
	w.keep(c)
	w.reads(c)
	for range 3 {
		c.Version++
		c.Lines = []ordering.CartLine{{ID: c.Lines[0].ID, Variant: c.Lines[0].Variant, SKU: "A", Quantity: int64(c.Version)}}
		c.UpdatedAt = c.UpdatedAt.Add(time.Microsecond)
		w.keep(c)
		w.reads(c)
	}
	c.Version++
	c.Lines = nil
	w.keep(c)
	w.reads(c)
	p := w.order(want{"A", 1})
	w.reads(p.cart)
	declined := w.settle(p, ordering.ChargeDeclined)
	w.accept(declined.commit)
	w.reads(declined.cart)
}

func unknownCart(t TB, open func(TB) Harness) {
	w := begin(t, open)
	known := w.cart(want{"A", 1})
	for _, id := range []ref.CartID{{}, w.newCart().ID} {
		if _, err := w.h.Carts.Cart(w.Context(), id); !fault.Is(err, fault.Missing) {
			w.Errorf("an unknown cart is answered with %v", err)
		}
	}
	ctx, cancel := context.WithCancel(w.Context())
	cancel()
	if _, err := w.h.Carts.Cart(ctx, known.ID); err != nil && !unavailable(err) {
		w.Errorf("a reader who has left is answered with %v, want nothing or kind unavailable", err)
	}
}

// cartCopy changes what was written and what was read: neither may change what the store has.
func cartCopy(t TB, open func(TB) Harness) {
	w := begin(t, open)
	made := func() ordering.Cart {
		c := w.newCart(want{"A", 1})
		price := pounds(1)
		c.Lines[0].Agreed, c.Lines[0].Custom, c.Metadata = &price, ordering.Customisation{"a": "1"}, ordering.Metadata{"a": "1"}
		return c
	}
	spoil := func(c ordering.Cart) {
		c.Lines[0].Quantity, *c.Lines[0].Agreed, c.Lines[0].Custom["a"], c.Metadata["a"] = 99, pounds(99), "99", "99"
	}
	written := made()
	wanted := made()
	wanted.ID, wanted.Lines[0].ID, wanted.Lines[0].Variant = written.ID, written.Lines[0].ID, written.Lines[0].Variant
	w.keep(written)
	spoil(written)
	w.reads(wanted)
	got, err := w.h.Carts.Cart(w.Context(), written.ID)
	if err != nil {
		w.Fatalf("reading a cart: %v", err)
	}
	spoil(got)
	w.reads(wanted)
}
