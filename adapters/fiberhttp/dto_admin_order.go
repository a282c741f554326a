package fiberhttp

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// adminOrder is an order with all that staff see of it.
type adminOrder struct {
	ID               string            `json:"id" example:"ord_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Version          int64             `json:"version"`
	Number           string            `json:"number" example:"261123-7K3M9Q2X"`
	Status           string            `json:"status" enum:"claiming,pending,placed,completed,cancelled"`
	PaymentStatus    string            `json:"payment_status" enum:"none,pending,authorized,partially_paid,paid,partially_refunded,refunded,overpaid,voided"`
	FulfilmentStatus string            `json:"fulfilment_status" enum:"unfulfilled,backordered,partial,fulfilled,delivered,returned,cancelled"`
	Reason           string            `json:"reason,omitempty" doc:"Why it was cancelled."`
	Email            string            `json:"email"`
	CustomerID       *string           `json:"customer_id" doc:"Whose it is; null for a guest's."`
	Channel          string            `json:"channel"`
	Locale           string            `json:"locale"`
	Currency         string            `json:"currency" example:"GBP"`
	Note             string            `json:"note,omitempty" doc:"Of the buyer."`
	Metadata         map[string]string `json:"metadata,omitempty"`
	Lines            []adminOrderLine  `json:"lines"`
	Shipping         []shippingLine    `json:"shipping"`
	Totals           totals            `json:"totals"`
	Addresses        addresses         `json:"addresses"`
	Payments         []adminPayment    `json:"payments"`
	Fulfilments      []fulfilment      `json:"fulfilments"`
	Notes            []staffNote       `json:"notes" doc:"Of staff, oldest first; the buyer does not see them."`
	Timeline         []staffTimeline   `json:"timeline" doc:"What happened to it, oldest first."`
	Allowed          []string          `json:"allowed" doc:"What can be done to it now." enum:"fulfil,cancel,complete,capture,void,refund,record_payment,settle,note"`
	Holding          string            `json:"holding" enum:"own,lapsed,asked,reserved,confirmed,released,elsewhere" doc:"Who holds its goods, and how far that has come; elsewhere for an order that another system sold and sent."`
	DueAt            *time.Time        `json:"due_at" doc:"When the shop looks at it next by itself; null when nothing is open."`
	CreatedAt        time.Time         `json:"created_at"`
	UpdatedAt        time.Time         `json:"updated_at"`
}

// adminOrderLine is a line with what became of its goods.
type adminOrderLine struct {
	ID           string            `json:"id" example:"lin_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	VariantID    string            `json:"variant_id"`
	ProductID    string            `json:"product_id"`
	SKU          string            `json:"sku"`
	Title        string            `json:"title"`
	VariantTitle string            `json:"variant_title"`
	Quantity     int64             `json:"quantity"`
	Sent         int64             `json:"sent" doc:"How many left."`
	Backordered  int64             `json:"backordered" doc:"How many are promised and not there yet."`
	UnitPrice    money.UnitPrice   `json:"unit_price"`
	Total        money.Money       `json:"total"`
	Note         string            `json:"note,omitempty"`
	Metadata     map[string]string `json:"metadata,omitempty"`
}

// staffNote is a note of staff.
type staffNote struct {
	At     time.Time `json:"at"`
	Author string    `json:"author"`
	Text   string    `json:"text"`
}

// staffTimeline is an entry of the timeline, with whether its buyer sees it.
type staffTimeline struct {
	At      time.Time `json:"at"`
	Kind    string    `json:"kind" example:"placed"`
	Message string    `json:"message,omitempty"`
	Staff   bool      `json:"staff" doc:"Whether it is hidden from the buyer."`
}

// orderSummary is an order in a list.
type orderSummary struct {
	ID               string      `json:"id" example:"ord_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Number           string      `json:"number" example:"261123-7K3M9Q2X"`
	Status           string      `json:"status" enum:"claiming,pending,placed,completed,cancelled"`
	PaymentStatus    string      `json:"payment_status" enum:"none,pending,authorized,partially_paid,paid,partially_refunded,refunded,overpaid,voided"`
	FulfilmentStatus string      `json:"fulfilment_status" enum:"unfulfilled,backordered,partial,fulfilled,delivered,returned,cancelled"`
	Email            string      `json:"email"`
	CustomerID       *string     `json:"customer_id"`
	Total            money.Money `json:"total"`
	Lines            int         `json:"lines" doc:"How many it has."`
	CreatedAt        time.Time   `json:"created_at"`
	UpdatedAt        time.Time   `json:"updated_at"`
}

func orderSummaryOf(x ordering.Sale) orderSummary {
	o := x.Order
	return orderSummary{
		ID: o.ID.String(), Number: o.Number, Status: string(o.Status), PaymentStatus: string(ordering.PaymentStatusOf(o, x.Payments)),
		FulfilmentStatus: string(ordering.FulfilmentStatusOf(o)), Email: o.Email, CustomerID: customerIDOf(o), Total: o.Totals.Total,
		Lines: len(o.Lines), CreatedAt: o.CreatedAt.UTC(), UpdatedAt: o.UpdatedAt.UTC(),
	}
}

func customerIDOf(o ordering.Order) *string {
	if o.Customer.IsZero() {
		return nil
	}
	id := o.Customer.String()
	return &id
}

// adminOrderOf shows an order to staff.
func adminOrderOf(x ordering.Sale) adminOrder {
	o := x.Order
	buyers := orderOf(ordering.PlacedOrder{Order: o, Payments: x.Payments})
	out := adminOrder{
		ID: buyers.ID, Version: int64(o.Version), Number: o.Number, Status: buyers.Status, PaymentStatus: buyers.PaymentStatus,
		FulfilmentStatus: buyers.FulfilmentStatus, Reason: o.Reason, Email: o.Email, CustomerID: customerIDOf(o), Channel: string(o.Channel),
		Locale: o.Locale, Currency: buyers.Currency, Note: o.Note, Metadata: o.Metadata, Shipping: buyers.Shipping, Totals: buyers.Totals,
		Addresses: buyers.Addresses, Lines: make([]adminOrderLine, len(o.Lines)), Payments: make([]adminPayment, len(x.Payments)),
		Fulfilments: make([]fulfilment, len(o.Fulfilments)), Notes: make([]staffNote, len(o.Notes)), Timeline: make([]staffTimeline, len(o.Timeline)),
		Allowed: []string{}, Holding: string(o.Holding), DueAt: shownInstant(o.Due), CreatedAt: o.CreatedAt.UTC(), UpdatedAt: o.UpdatedAt.UTC(),
	}
	for i, l := range o.Lines {
		out.Lines[i] = adminOrderLine{
			ID: l.ID.String(), VariantID: l.Variant.String(), ProductID: l.Product.String(), SKU: l.SKU.String(), Title: l.Title,
			VariantTitle: l.VariantTitle, Quantity: l.Quantity, Sent: o.Sent(l.ID), Backordered: l.Backordered, UnitPrice: l.UnitPrice,
			Total: l.Total, Note: l.Note, Metadata: l.Metadata,
		}
	}
	for i, p := range x.Payments {
		out.Payments[i] = adminPaymentOf(p)
	}
	for i, f := range o.Fulfilments {
		out.Fulfilments[i] = fulfilmentOf(f)
	}
	for i, n := range o.Notes {
		out.Notes[i] = staffNote{At: n.At.UTC(), Author: n.Author, Text: n.Text}
	}
	for i, e := range o.Timeline {
		out.Timeline[i] = staffTimeline{At: e.At.UTC(), Kind: e.Kind, Message: e.Message, Staff: e.Staff}
	}
	for _, a := range x.Actions() {
		out.Allowed = append(out.Allowed, string(a))
	}
	return out
}
