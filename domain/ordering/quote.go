package ordering

import (
	"fmt"
	"time"

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
	Quantity     OrderQuantity
}

// PriceFact is what one unit of a variant costs, as PriceBook gives it, and where the price comes from.
type PriceFact struct {
	Unit   money.UnitPrice
	Origin PriceOrigin
}

// PriceOrigin tells which price it was, so that years later an order explains itself: the version of the price plan
// and the window of the price in it. Zero where it is not known.
type PriceOrigin struct {
	Version ref.Version `json:"version,omitzero"`
	From    time.Time   `json:"from,omitzero"`
	Until   time.Time   `json:"until,omitzero"`
}

// QuotedLine is a line of a cart with what it costs now.
type QuotedLine struct {
	CartLine
	Title        string
	VariantTitle string
	Product      ref.ProductID
	Rule         OrderQuantity // How many of the variant can be ordered.
	UnitPrice    money.UnitPrice
	Origin       PriceOrigin
	Total        money.Money
	Available    bool // Whether it is on sale, with a price, in the scope.
}

// PriceChanged tells whether the unit costs another price now than the buyer agreed to. Totals go by the present one.
func (l QuotedLine) PriceChanged() bool {
	return l.Available && l.Agreed != nil && *l.Agreed != l.UnitPrice
}

// Quote is a cart with what it costs now, computed from facts on each read.
type Quote struct {
	Cart         Cart
	Lines        []QuotedLine
	Shipping     []ShippingLine
	Taxes        []TaxLine
	Totals       Totals
	Requirements []Notice // What it still lacks to be ordered, besides what checkout itself asks for.
	Warnings     []Notice
}

// QuoteCart computes what the cart costs from the facts. A line whose variant is not on sale, or has no price, costs
// nothing and is a requirement, and so is one whose variant is wanted in a number that the item's rule forbids. A line
// whose price is no longer the agreed one is a warning. Errors: an overflow of money.
func QuoteCart(cart Cart, items map[ref.VariantID]Item, prices map[ref.VariantID]PriceFact) (Quote, error) {
	q := Quote{Cart: cart, Lines: make([]QuotedLine, len(cart.Lines))}
	zero := money.Zero(cart.Currency)
	totals := make([]money.Money, len(cart.Lines))
	for i, l := range cart.Lines {
		item, onSale := items[l.Variant]
		price, priced := prices[l.Variant]
		ql := QuotedLine{
			CartLine: l, Title: item.Title, VariantTitle: item.VariantTitle, Product: item.Product, Rule: item.Quantity,
			UnitPrice: money.NewUnitPrice(0, cart.Currency), Total: zero, Available: onSale && priced,
		}
		if ql.Available {
			total, err := price.Unit.Mul(l.Quantity, LineRounding)
			if err != nil {
				return Quote{}, fmt.Errorf("line %d: %w", i, err)
			}
			ql.SKU, ql.UnitPrice, ql.Origin, ql.Total = item.SKU, price.Unit, price.Origin, total
		}
		q.Lines[i], totals[i] = ql, ql.Total
		q.remark(i)
	}
	if len(cart.Lines) == 0 {
		q.Requirements = append(q.Requirements, Notice{Step: StepCart, Code: NoticeEmpty, Field: "lines", Message: "the cart has no lines"})
	}
	q.Shipping = []ShippingLine{{Code: StandardShipping, Title: "Standard delivery", Total: zero}}
	var err error
	q.Totals, err = SumRows(cart.Currency, totals, zero, q.Shipping, q.Taxes)
	return q, err
}

// remark notes what there is to say of a line.
func (q *Quote) remark(i int) {
	l := q.Lines[i]
	n := Notice{Step: StepCart, Field: lineField(i, ""), Line: l.ID}
	if !l.Available {
		n.Code, n.Message = NoticeUnavailable, string(l.SKU)+" is no longer on sale; remove the line"
		q.Requirements, q.Warnings = append(q.Requirements, n), append(q.Warnings, n)
		return
	}
	if l.Rule != (OrderQuantity{}) {
		if rule := l.Rule.Broken(q.Cart.quantityOf(l.Variant)); rule != "" {
			n.Code, n.Field, n.Message = NoticeQuantityRule, lineField(i, "quantity"), "of "+string(l.SKU)+" "+rule
			q.Requirements, q.Warnings = append(q.Requirements, n), append(q.Warnings, n)
		}
	}
	if l.PriceChanged() {
		n.Code, n.Field = NoticePriceChanged, lineField(i, "unit_price")
		n.Message = fmt.Sprintf("%s costs %s now, it was %s", l.SKU, l.UnitPrice, *l.Agreed)
		q.Warnings = append(q.Warnings, n)
	}
}

// orderable refuses a quote that still lacks something, or whose total is not the one that the caller expects.
func (q Quote) orderable(expected *money.Money) error {
	if err := unmet(q.Requirements); err != nil {
		return err
	}
	if expected != nil && *expected != q.Totals.Total {
		return q.priceChanged()
	}
	return nil
}
