package ordering

import (
	"maps"
	"slices"
	"time"

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
	Provider string
	Offline  bool // The provider needs no call, so this commit is the last.
	At       time.Time
	Command  ports.Command // The Begin of the command; Place sets its subject and, when offline, its answer.
	NextID   func() [16]byte
}

// StandardShipping is the one way of delivery until there are others.
const StandardShipping = "standard"

// Place makes the commit that claims an order: the order (placed when the provider is offline, else pending), its
// payment, its stock, the completed cart, the events and the command's record.
func Place(p Placement) (Order, Payment, Commit) {
	o := Order{
		ID: ref.NewID[ref.OrderKind](p.NextID()), Version: 1, Status: Pending, Cart: p.Quote.Cart.ID,
		Channel: p.Quote.Cart.Channel, Locale: p.Locale, Customer: p.Quote.Cart.Customer, Email: p.Details.Email,
		Note: p.Quote.Cart.Note, Metadata: maps.Clone(p.Quote.Cart.Metadata), Totals: p.Quote.Totals,
		Shipping: slices.Clone(p.Quote.Shipping), Taxes: slices.Clone(p.Quote.Taxes),
		ShippingAddress: p.Details.ShippingAddress, BillingAddress: p.Details.BillingAddress, CreatedAt: p.At, UpdatedAt: p.At,
	}
	o.Number = orderNumber(o.ID, p.At)
	until := p.At.Add(ClaimTTL)
	if p.Offline {
		o.Status, until = Placed, time.Time{}
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
		c.Stock = append(c.Stock, StockEffect{
			Kind: StockClaim, Claim: line.Claim, Order: o.ID, SKU: l.SKU, Quantity: l.Quantity, Until: until,
		})
	}
	pay := Payment{
		ID: ref.NewID[ref.PaymentKind](p.NextID()), Version: 1, Order: o.ID, Provider: p.Provider, Amount: o.Totals.Total,
		Entries: []PaymentEntry{{Kind: EntryPending, Amount: o.Totals.Total, At: p.At}},
	}
	cmd := p.Command
	cmd.Subject = o.ID.String()
	if p.Offline {
		cmd.Answer = &ports.Answer{}
		o.Timeline = []TimelineEntry{{At: p.At, Kind: TimelinePlaced}}
		c.Events = append(c.Events, about(o, p.NextID(), p.At, OrderPlaced{Order: o.ID, Number: o.Number, Total: o.Totals.Total, Lines: len(o.Lines)}))
	} else {
		o.Timeline = []TimelineEntry{{At: p.At, Kind: TimelinePending}}
		c.Events = append(c.Events, about(o, p.NextID(), p.At, OrderPending{Order: o.ID, Number: o.Number, Total: o.Totals.Total}))
	}
	cart := p.Quote.Cart.complete(o.ID, p.At)
	c.Orders = []Write[Order]{write(o, o.Version)}
	c.Carts = []Write[Cart]{write(cart, cart.Version)}
	c.Payments = []Write[Payment]{write(pay, pay.Version)}
	c.Command = &cmd
	return o, pay, c
}

// Settlement is what settling a payment needs to know: the order, the payment and the cart as they are.
type Settlement struct {
	Order   Order
	Payment Payment
	Cart    Cart
	At      time.Time
	NextID  func() [16]byte
}

// ApplyPaymentEvent makes the commit that tells what came of a charge, whoever learnt it: the order is placed when
// the money is authorised or captured; cancelled, with its stock released and its cart open again, when it was
// declined; and stays pending while nobody knows. It is false when there is nothing to write, the order being settled.
func ApplyPaymentEvent(s Settlement, r ChargeResult) (Order, Commit, bool) {
	if s.Order.Status != Pending || s.Payment.Settled() {
		return s.Order, Commit{}, false
	}
	entry := PaymentEntry{Amount: s.Payment.Amount, Reference: r.Reference, Message: r.Message, At: s.At}
	c := Commit{At: s.At}
	o := s.Order
	switch r.State {
	case ChargeAuthorized, ChargeCaptured:
		entry.Kind = EntryAuthorized
		kind := TimelineAuthorized
		if r.State == ChargeCaptured {
			entry.Kind, kind = EntryCaptured, TimelinePaid
		}
		o = o.change(s.At, TimelineEntry{At: s.At, Kind: kind}, TimelineEntry{At: s.At, Kind: TimelinePlaced})
		o.Status = Placed
		c.Stock = claims(o, StockExtend)
		c.Events = append(c.Events, about(o, s.NextID(), s.At, OrderPlaced{Order: o.ID, Number: o.Number, Total: o.Totals.Total, Lines: len(o.Lines)}))
	case ChargeDeclined:
		entry.Kind = EntryDeclined
		o = o.change(s.At, TimelineEntry{At: s.At, Kind: TimelineDeclined, Message: r.Message}, TimelineEntry{At: s.At, Kind: TimelineCancelled})
		o.Status, o.Reason, o.Lines = Cancelled, PaymentDeclined.Code(), unowed(o.Lines)
		c.Stock = claims(o, StockRelease)
		c.Events = append(c.Events, about(o, s.NextID(), s.At, OrderCancelled{Order: o.ID, Number: o.Number, Reason: o.Reason}))
		if s.Cart.Order == o.ID {
			cart := s.Cart.reopen(s.At)
			c.Carts = []Write[Cart]{write(cart, cart.Version)}
		}
	default:
		return s.Order, Commit{}, false
	}
	pay := s.Payment.add(entry)
	c.Events = append(c.Events, about(o, s.NextID(), s.At, PaymentRecorded{Order: o.ID, Payment: pay.ID, Kind: entry.Kind, Amount: entry.Amount}))
	c.Orders = []Write[Order]{write(o, o.Version)}
	c.Payments = []Write[Payment]{write(pay, pay.Version)}
	return o, c, true
}

// claims makes the same effect on the claim of every line, all of it.
func claims(o Order, kind StockEffectKind) []StockEffect {
	out := make([]StockEffect, len(o.Lines))
	for i, l := range o.Lines {
		out[i] = StockEffect{Kind: kind, Claim: l.Claim, Order: o.ID, SKU: l.SKU, Quantity: l.Quantity}
	}
	return out
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
