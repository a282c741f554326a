package fiberhttp

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// postalAddress is where something goes, or whom a bill is for.
type postalAddress struct {
	Name       string `json:"name" minLength:"1" maxLength:"255"`
	Line1      string `json:"line1" minLength:"1" maxLength:"255"`
	Line2      string `json:"line2,omitempty" maxLength:"255"`
	City       string `json:"city" minLength:"1" maxLength:"255"`
	Region     string `json:"region,omitempty" maxLength:"255"`
	PostalCode string `json:"postal_code" minLength:"1" maxLength:"255"`
	Country    string `json:"country" example:"GB" pattern:"^[A-Z]{2}$" patternDescription:"two capital letters of ISO 3166-1, such as GB"`
}

// order is an order with all that its buyer is shown.
type order struct {
	ID               string          `json:"id" example:"ord_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Number           string          `json:"number" example:"261123-7K3M9Q2X" doc:"For people; unique."`
	Token            string          `json:"token" doc:"The credential by which a guest reads the order, in X-Order-Token."`
	Status           string          `json:"status" enum:"claiming,pending,placed,completed,cancelled"`
	PaymentStatus    string          `json:"payment_status" enum:"none,pending,authorized,partially_paid,paid,partially_refunded,refunded,overpaid,voided"`
	FulfilmentStatus string          `json:"fulfilment_status" enum:"unfulfilled,backordered,partial,fulfilled,delivered,returned,cancelled"`
	Email            string          `json:"email"`
	Currency         string          `json:"currency" example:"GBP"`
	Lines            []orderLine     `json:"lines"`
	Shipping         []shippingLine  `json:"shipping"`
	Totals           totals          `json:"totals"`
	Addresses        addresses       `json:"addresses"`
	Timeline         []timelineEntry `json:"timeline" doc:"What happened to it, oldest first."`
	CreatedAt        time.Time       `json:"created_at"`
}

type orderLine struct {
	ID           string          `json:"id" example:"lin_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	VariantID    string          `json:"variant_id"`
	SKU          string          `json:"sku"`
	Title        string          `json:"title" doc:"Of the product, when it was ordered."`
	VariantTitle string          `json:"variant_title" doc:"What tells the variant from its siblings; empty for the only one."`
	Quantity     int64           `json:"quantity"`
	UnitPrice    money.UnitPrice `json:"unit_price"`
	Total        money.Money     `json:"total" doc:"quantity × unit_price, rounded once."`
}

type shippingLine struct {
	Code  string      `json:"code" example:"standard"`
	Title string      `json:"title"`
	Total money.Money `json:"total"`
}

type addresses struct {
	Shipping postalAddress `json:"shipping"`
	Billing  postalAddress `json:"billing" doc:"The shipping address when no other was given."`
}

type timelineEntry struct {
	At      time.Time `json:"at"`
	Kind    string    `json:"kind" example:"placed"`
	Message string    `json:"message,omitempty"`
}

// orderOf shows an order.
func orderOf(p ordering.PlacedOrder) order {
	o := p.Order
	billing := o.ShippingAddress
	if o.BillingAddress != nil {
		billing = *o.BillingAddress
	}
	out := order{
		ID: o.ID.String(), Number: o.Number, Token: p.Token, Status: string(o.Status),
		PaymentStatus:    string(ordering.PaymentStatusOf(o, p.Payments)),
		FulfilmentStatus: string(ordering.FulfilmentStatusOf(o)),
		Email:            o.Email, Currency: o.Currency().Code(), Totals: totals(o.Totals),
		Lines: make([]orderLine, len(o.Lines)), Shipping: make([]shippingLine, len(o.Shipping)),
		Addresses: addresses{Shipping: postalAddress(o.ShippingAddress), Billing: postalAddress(billing)},
		Timeline:  make([]timelineEntry, 0, len(o.Timeline)), CreatedAt: o.CreatedAt.UTC(),
	}
	for i, l := range o.Lines {
		out.Lines[i] = orderLine{
			ID: l.ID.String(), VariantID: l.Variant.String(), SKU: l.SKU.String(), Title: l.Title,
			VariantTitle: l.VariantTitle, Quantity: l.Quantity, UnitPrice: l.UnitPrice, Total: l.Total,
		}
	}
	for i, l := range o.Shipping {
		out.Shipping[i] = shippingLine(l)
	}
	for _, e := range o.Timeline {
		if !e.Staff {
			out.Timeline = append(out.Timeline, timelineEntry{At: e.At.UTC(), Kind: e.Kind, Message: e.Message})
		}
	}
	return out
}
