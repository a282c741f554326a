package ordering

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Details are what the buyer says at checkout, besides the cart.
type Details struct {
	Email           string
	ShippingAddress Address
	BillingAddress  *Address
	ShippingOption  string // Empty takes the cheapest.
}

// Placement is all that placing an order needs to know. Everything in it was decided before: Place is pure.
type Placement struct {
	Quote    Quote
	Details  Details
	Locale   string
	Buyer    ref.CustomerID // Who orders, for a cart that is a guest's; zero for nobody who is known.
	Provider string
	Offline  bool // The provider needs no call.
	Outside  bool // The goods are somebody else's, who is asked after this commit.
	At       time.Time
	Command  ports.Command // The Begin of the command; Place sets its subject and, when offline, its answer.
	NextID   func() [16]byte
}

// StandardShipping is the one way of delivery until there are others.
const StandardShipping = "standard"

// Place makes the commit that claims an order: the order (claiming when its goods are somebody else's, placed when the
// provider is offline, else pending), its payment, its stock, the completed cart, the events and the command's record.
func Place(p Placement) (Order, Payment, Commit) {
	o := Order{
		ID: ref.NewID[ref.OrderKind](p.NextID()), Version: 1, Status: Pending, Cart: p.Quote.Cart.ID,
		Channel: p.Quote.Cart.Channel, Locale: p.Locale, Customer: cmp.Or(p.Quote.Cart.Customer, p.Buyer), Email: p.Details.Email,
		Note: p.Quote.Cart.Note, Metadata: maps.Clone(p.Quote.Cart.Metadata), Totals: p.Quote.Totals,
		Shipping: slices.Clone(p.Quote.Shipping), Taxes: slices.Clone(p.Quote.Taxes),
		ShippingAddress: p.Details.ShippingAddress, BillingAddress: p.Details.BillingAddress, CreatedAt: p.At, UpdatedAt: p.At,
	}
	o.Number, o.Holding = orderNumber(o.ID, p.At), HoldingMachine.Initial
	last := p.Offline && !p.Outside // This commit is the last.
	until := p.At.Add(ClaimTTL)
	switch {
	case p.Outside:
		o.Status, _ = OrderMachine.Next(o.Status, OrderAsks)
		o.Holding, _ = HoldingMachine.Next(o.Holding, HoldingAsks)
	case p.Offline:
		o.Status, _ = OrderMachine.Next(o.Status, OrderPlaces)
		until = time.Time{}
	}
	c := Commit{At: p.At}
	for _, l := range p.Quote.Lines {
		line := OrderLine{
			ID: ref.NewID[ref.LineKind](p.NextID()), Variant: l.Variant, Product: l.Product, SKU: l.SKU, Title: l.Title,
			VariantTitle: l.VariantTitle, Quantity: l.Quantity, UnitPrice: l.UnitPrice, Origin: l.Origin, Total: l.Total,
			Custom: maps.Clone(l.Custom), Note: l.Note, Metadata: maps.Clone(l.Metadata),
			Claim: ref.NewID[ref.ClaimKind](p.NextID()),
		}
		o.Lines = append(o.Lines, line)
		if !p.Outside {
			c.Stock = append(c.Stock, StockEffect{
				Kind: StockClaim, Claim: line.Claim, Order: o.ID, SKU: l.SKU, Quantity: l.Quantity, Until: until,
			})
		}
	}
	pay := Payment{
		ID: ref.NewID[ref.PaymentKind](p.NextID()), Version: 1, Order: o.ID, Provider: p.Provider, Amount: o.Totals.Total,
		Entries: []PaymentEntry{{Kind: EntryPending, Amount: o.Totals.Total, At: p.At}},
	}
	cmd := p.Command
	cmd.Subject = o.ID.String()
	if last {
		cmd.Answer = &ports.Answer{}
	} else {
		o.Open = []ports.CommandKey{cmd.Key}
	}
	kind, told := p.told(o)
	o.Timeline = []TimelineEntry{{At: p.At, Kind: kind}}
	c.Events = append(c.Events, about(o, p.NextID(), p.At, told))
	o.Due = Sale{Order: o, Payments: []Payment{pay}}.due(p.At)
	cart := p.Quote.Cart.complete(o.ID, p.At)
	c.Orders = []Write[Order]{write(o, o.Version)}
	c.Carts = []Write[Cart]{write(cart, cart.Version)}
	c.Payments = []Write[Payment]{write(pay, pay.Version)}
	c.Command = &cmd
	return o, pay, c
}

// told is what the first commit says of its order.
func (p Placement) told(o Order) (kind string, e event.Payload) {
	switch o.Status {
	case Claiming:
		return TimelineClaiming, OrderClaiming{Order: o.ID, Number: o.Number}
	case Placed:
		return TimelinePlaced, OrderPlaced{Order: o.ID, Number: o.Number, Total: o.Totals.Total, Lines: len(o.Lines)}
	default:
		return TimelinePending, OrderPending{Order: o.ID, Number: o.Number, Total: o.Totals.Total}
	}
}

// violations lists what is wrong with the details.
func (d Details) violations() []*fault.Error {
	var out []*fault.Error
	if rule := emailRule(d.Email); rule != "" {
		out = append(out, Rule.New(rule).At("email"))
	}
	out = append(out, d.ShippingAddress.violations("shipping_address")...)
	if d.BillingAddress != nil {
		out = append(out, d.BillingAddress.violations("billing_address")...)
	}
	if d.ShippingOption != "" && d.ShippingOption != StandardShipping {
		out = append(out, Rule.New("the shipping options of a cart are: "+StandardShipping).At("shipping_option"))
	}
	return out
}
