package ordering

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Order is what somebody bought: a snapshot that stays readable when products, prices and names have changed.
type Order struct {
	ID              ref.OrderID
	Version         ref.Version
	Number          string // For people: the day and eight characters, such as 261123-7K3M9Q2X; unique.
	Status          Status
	Reason          string // Why it was cancelled.
	Cart            ref.CartID
	Channel         ref.Channel
	Locale          string
	Customer        ref.CustomerID // Whose it is; zero for a guest's, until it is claimed by its e-mail address.
	Email           string         // As the buyer wrote it.
	Note            string         // Of the buyer.
	Metadata        Metadata       // Of the cart.
	Lines           []OrderLine
	Shipping        []ShippingLine
	Taxes           []TaxLine
	Totals          Totals
	ShippingAddress Address
	BillingAddress  *Address // nil for the shipping address.
	Timeline        []TimelineEntry
	Fulfilments     []Fulfilment       // Oldest first.
	Notes           []Note             // Oldest first; not for the buyer.
	Holding         Holding            // Who holds its goods, and how far that has come.
	Open            []ports.CommandKey // Commands about it that were begun and are not answered.
	Due             time.Time          // When the sweeper looks at it next; zero for never. See Service.SweepOrders.
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// OrderLine is a quantity of one variant at the price it was bought for. Total is UnitPrice × Quantity, rounded once
// by LineRounding.
type OrderLine struct {
	ID           ref.LineID
	Variant      ref.VariantID
	Product      ref.ProductID
	SKU          ref.SKU
	Title        string
	VariantTitle string
	Quantity     int64
	UnitPrice    money.UnitPrice
	Origin       PriceOrigin // Which price UnitPrice was.
	Custom       Customisation
	Note         string // Of the buyer.
	Metadata     Metadata
	Total        money.Money
	Claim        ref.ClaimID // What it holds of the stock.
	Backordered  int64       // How many of Quantity are promised beyond stock and not there yet; the store sets it, see Outcome.
}

// Live tells whether the order stands in the way of another one from the same cart.
func (o Order) Live() bool { return o.Status != Cancelled }

// Imported tells whether another system sold it, was paid for it and sent it: nothing of that is this shop's to do.
func (o Order) Imported() bool { return o.Holding == HoldingElsewhere }

// Currency is the currency of all of the order's money.
func (o Order) Currency() money.Currency { return o.Totals.Total.Currency() }

// numberAlphabet has no letters that read like digits: Crockford's base 32.
const numberAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// orderNumber makes the number of an order: the day and 40 random bits of the id's tail. At ten thousand orders a day
// two meet once in about sixty years; then the store refuses the second with NumberTaken and Service draws again.
func orderNumber(id ref.OrderID, at time.Time) string {
	u := id.UUID()
	var bits uint64
	for _, b := range u[11:] {
		bits = bits<<8 | uint64(b)
	}
	out := []byte(at.UTC().Format("060102") + "-00000000")
	for i := len(out) - 1; i >= len(out)-8; i-- {
		out[i] = numberAlphabet[bits&31]
		bits >>= 5
	}
	return string(out)
}
