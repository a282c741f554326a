package ordering

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Totals are the sums of a cart or an order, all in its currency: Total = Subtotal − Discount + Shipping + Tax. They
// are added up from rows, see SumRows, and never computed by another way.
type Totals struct {
	Subtotal, Discount, Shipping, Tax, Total money.Money
}

// ShippingLine is a way of delivery and what it costs.
type ShippingLine struct {
	Code  string      `json:"code"`
	Title string      `json:"title"`
	Total money.Money `json:"total"`
}

// TaxLine is one tax on one thing: a line of the order, or a way of delivery.
type TaxLine struct {
	Code     string      `json:"code"` // Of the tax, such as "vat-standard".
	Title    string      `json:"title"`
	Rate     money.Rate  `json:"rate"`
	Line     ref.LineID  `json:"line,omitzero"`     // The line that is taxed…
	Shipping string      `json:"shipping,omitzero"` // …or the code of the delivery.
	Total    money.Money `json:"total"`
	Included bool        `json:"included,omitzero"` // The prices contain it: it is shown and not added.
}

// SumRows adds up rows: the totals of lines, the discount, ways of delivery and taxes, of which those that the prices
// contain count for nothing. Errors: money.Overflow; money.CurrencyMismatch for a row in another currency.
func SumRows(c money.Currency, lines []money.Money, discount money.Money, shipping []ShippingLine, taxes []TaxLine) (Totals, error) {
	t := Totals{Subtotal: money.Zero(c), Discount: discount, Shipping: money.Zero(c), Tax: money.Zero(c), Total: money.Zero(c)}
	var err error
	add := func(sum *money.Money, row money.Money, what string, i int) {
		if err != nil {
			return
		}
		if *sum, err = sum.Add(row); err != nil {
			err = fmt.Errorf("%s %d: %w", what, i, err)
		}
	}
	for i, l := range lines {
		add(&t.Subtotal, l, "line", i)
	}
	for i, s := range shipping {
		add(&t.Shipping, s.Total, "shipping", i)
	}
	for i, x := range taxes {
		if !x.Included {
			add(&t.Tax, x.Total, "tax", i)
		}
	}
	for i, part := range []money.Money{t.Subtotal, t.Shipping, t.Tax} {
		add(&t.Total, part, "part", i)
	}
	if err != nil {
		return Totals{}, err
	}
	if t.Total, err = t.Total.Sub(discount); err != nil {
		return Totals{}, fmt.Errorf("discount: %w", err)
	}
	return t, nil
}

// Sums adds up the order's rows anew: what its Totals must be. A discount has no rows yet and is taken as it stands.
func (o Order) Sums() (Totals, error) {
	lines := make([]money.Money, len(o.Lines))
	for i, l := range o.Lines {
		lines[i] = l.Total
	}
	return SumRows(o.Currency(), lines, o.Totals.Discount, o.Shipping, o.Taxes)
}
