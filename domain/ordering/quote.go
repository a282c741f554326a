package ordering

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// LineRounding is how a line's total is rounded from quantity × unit price, once; totals are sums of rounded lines.
const LineRounding = money.HalfUp

// Item is a sellable variant in this context's words, as ProductCatalog gives it.
type Item struct {
	Variant      ref.VariantID
	Product      ref.ProductID
	SKU          ref.SKU
	Title        string // Of the product.
	VariantTitle string // What tells it from its siblings; "" for the only one.
}

// Totals are the sums of a cart or an order, all in its currency: Total = Subtotal − Discount + Shipping + Tax.
type Totals struct {
	Subtotal, Discount, Shipping, Tax, Total money.Money
}

// QuotedLine is a line of a cart with what it costs now.
type QuotedLine struct {
	CartLine
	Title        string
	VariantTitle string
	Product      ref.ProductID
	UnitPrice    money.UnitPrice
	Total        money.Money
	Available    bool // Whether it is on sale, with a price, in the scope.
}

// Notice is a requirement or a warning: it says what a cart lacks or what became of a line.
type Notice struct {
	Code    string
	Field   string
	Message string
}

// Quote is a cart with what it costs now, computed from facts on each read.
type Quote struct {
	Cart         Cart
	Lines        []QuotedLine
	Totals       Totals
	Requirements []Notice // What it still lacks to be ordered, besides what checkout itself asks for.
	Warnings     []Notice
}

// QuoteCart computes what the cart costs from the facts; a line whose variant is not on sale, or has no price, costs
// nothing and is a requirement. Errors: an overflow of money.
func QuoteCart(cart Cart, items map[ref.VariantID]Item, prices map[ref.VariantID]money.UnitPrice) (Quote, error) {
	q := Quote{Cart: cart, Lines: make([]QuotedLine, len(cart.Lines))}
	zero := money.Zero(cart.Currency)
	subtotal := zero
	for i, l := range cart.Lines {
		item, onSale := items[l.Variant]
		price, priced := prices[l.Variant]
		ql := QuotedLine{
			CartLine: l, Title: item.Title, VariantTitle: item.VariantTitle, Product: item.Product,
			UnitPrice: money.NewUnitPrice(0, cart.Currency), Total: zero, Available: onSale && priced,
		}
		if !ql.Available {
			n := Notice{Code: "unavailable", Field: fmt.Sprintf("lines[%d]", i), Message: string(l.SKU) + " is no longer on sale; remove the line"}
			q.Requirements, q.Warnings = append(q.Requirements, n), append(q.Warnings, n)
			q.Lines[i] = ql
			continue
		}
		total, err := price.Mul(l.Quantity, LineRounding)
		if err == nil {
			subtotal, err = subtotal.Add(total)
		}
		if err != nil {
			return Quote{}, fmt.Errorf("line %d: %w", i, err)
		}
		ql.SKU, ql.UnitPrice, ql.Total = item.SKU, price, total
		q.Lines[i] = ql
	}
	if len(cart.Lines) == 0 {
		q.Requirements = append(q.Requirements, Notice{Code: "empty", Field: "lines", Message: "the cart has no lines"})
	}
	q.Totals = Totals{Subtotal: subtotal, Discount: zero, Shipping: zero, Tax: zero, Total: subtotal}
	return q, nil
}

// orderable refuses a quote that still lacks something, or whose total is not the one that the caller expects.
func (q Quote) orderable(expected *money.Money) error {
	if len(q.Requirements) > 0 {
		e := RequirementsUnmet.New("the cart cannot be ordered yet")
		for _, r := range q.Requirements {
			e = e.Listing(RequirementsUnmet.New(r.Message).At(r.Field).With("requirement", r.Code))
		}
		return e
	}
	if expected != nil && *expected != q.Totals.Total {
		return PriceChanged.Newf("the total is %s now", q.Totals.Total).With("current_total", q.Totals.Total)
	}
	return nil
}
