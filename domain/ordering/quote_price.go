package ordering

import (
	"slices"
	"time"
)

// agreed gives the cart and its quote with the present price as the agreed one of each line that has none yet, which is
// how a line gets it when it is made: the buyer sees this quote in answer.
func (q Quote) agreed() Quote {
	return q.settle(func(l QuotedLine) bool { return l.Agreed == nil })
}

// Confirm gives the quote of the cart whose buyer agrees to every present price, and whether that changes anything.
// Errors: CartCompleted; CartSuperseded.
func (q Quote) Confirm(now time.Time) (Quote, bool, error) {
	cart, err := q.Cart.change(now)
	if err != nil {
		return Quote{}, false, err
	}
	if !slices.ContainsFunc(q.Lines, func(l QuotedLine) bool { return l.Available && (l.Agreed == nil || l.PriceChanged()) }) {
		return q, false, nil
	}
	q.Cart = cart
	return q.settle(func(QuotedLine) bool { return true }), true, nil
}

// settle takes the present price for the agreed one of the available lines that are chosen.
func (q Quote) settle(chosen func(QuotedLine) bool) Quote {
	q.Cart.Lines, q.Lines = slices.Clone(q.Cart.Lines), slices.Clone(q.Lines)
	for i, l := range q.Lines {
		if l.Available && chosen(l) {
			price := l.UnitPrice
			q.Cart.Lines[i].Agreed, q.Lines[i].Agreed = &price, &price
		}
	}
	warnings := slices.Clone(q.Warnings)
	q.Warnings = slices.DeleteFunc(warnings, func(n Notice) bool {
		i := slices.IndexFunc(q.Lines, func(l QuotedLine) bool { return l.ID == n.Line })
		return n.Code == NoticePriceChanged && i >= 0 && !q.Lines[i].PriceChanged()
	})
	return q
}

// priceChanged is the error of a total that is not the expected one. It names each line whose price is no longer the
// one that was agreed to, with both.
func (q Quote) priceChanged() error {
	e := PriceChanged.Newf("the total is %s now", q.Totals.Total).With("current_total", q.Totals.Total)
	for i, l := range q.Lines {
		if l.PriceChanged() {
			e = e.Listing(PriceChanged.Newf("%s costs %s now, it was %s", l.SKU, l.UnitPrice, *l.Agreed).At(lineField(i, "unit_price")).
				With("sku", string(l.SKU)).With("agreed", *l.Agreed).With("current", l.UnitPrice))
		}
	}
	return e
}
