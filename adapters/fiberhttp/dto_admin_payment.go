package fiberhttp

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// adminPayment is one way in which an order is paid, with its ledger.
type adminPayment struct {
	ID        string          `json:"id" example:"pay_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Provider  string          `json:"provider" example:"manual"`
	State     string          `json:"state"`
	Amount    money.Money     `json:"amount" doc:"What is to be paid this way."`
	Held      money.Money     `json:"held" doc:"What the provider holds and nobody took or gave up."`
	Captured  money.Money     `json:"captured" doc:"What was taken."`
	Refunded  money.Money     `json:"refunded" doc:"What went back."`
	Entries   []paymentEntry  `json:"entries" doc:"The ledger, oldest first; entries are never changed."`
	Effects   []paymentEffect `json:"effects" doc:"What the shop asked of the provider after the charge, oldest first."`
	Settled   bool            `json:"settled" doc:"Whether the provider has decided on the charge."`
	Reference string          `json:"reference,omitempty" doc:"The provider's id of the charge, as far as it is known."`
}

type paymentEntry struct {
	Kind      string      `json:"kind" example:"captured"`
	Amount    money.Money `json:"amount"`
	EffectID  string      `json:"effect_id,omitempty" doc:"The capture or refund that it is about."`
	Reference string      `json:"reference,omitempty" doc:"The provider's id."`
	Message   string      `json:"message,omitempty"`
	At        time.Time   `json:"at"`
}

// paymentEffect is a capture, a void or a refund.
type paymentEffect struct {
	ID        string      `json:"id" doc:"Of the capture or refund; of a void the payment's."`
	Kind      string      `json:"kind" enum:"capture,void,refund"`
	State     string      `json:"state" enum:"requested,unknown,succeeded,failed" doc:"Requested and unknown ones are on their way: their amount is spoken for."`
	Amount    money.Money `json:"amount"`
	Reference string      `json:"reference,omitempty"`
	Message   string      `json:"message,omitempty" doc:"Why it was asked for; once it failed, why."`
	At        time.Time   `json:"at"`
}

func adminPaymentOf(p ordering.Payment) adminPayment {
	b, currency := p.Balance(), p.Amount.Currency()
	out := adminPayment{
		ID: p.ID.String(), Provider: p.Provider, State: string(p.State()), Amount: p.Amount, Held: money.New(b.Open(), currency),
		Captured: money.New(b.Captured, currency), Refunded: money.New(b.Refunded, currency), Settled: p.Settled(),
		Entries: make([]paymentEntry, len(p.Entries)), Effects: []paymentEffect{},
	}
	for i, e := range p.Entries {
		shown := paymentEntry{Kind: string(e.Kind), Amount: e.Amount, Reference: e.Reference, Message: e.Message, At: e.At.UTC()}
		switch {
		case !e.Capture.IsZero():
			shown.EffectID = e.Capture.String()
		case !e.Refund.IsZero():
			shown.EffectID = e.Refund.String()
		case out.Reference == "":
			out.Reference = e.Reference
		}
		out.Entries[i] = shown
	}
	for _, e := range p.Effects() {
		out.Effects = append(out.Effects, paymentEffect{
			ID: e.Named(p), Kind: string(e.Kind), State: string(e.State), Amount: e.Amount, Reference: e.Reference, Message: e.Message, At: e.At.UTC(),
		})
	}
	return out
}

// fulfilment is goods that left together.
type fulfilment struct {
	ID        string           `json:"id" example:"ful_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	State     string           `json:"state" enum:"sent,delivered,cancelled"`
	Lines     []fulfilmentLine `json:"lines"`
	Tracking  *tracking        `json:"tracking,omitempty"`
	Allowed   []string         `json:"allowed" enum:"track,deliver,cancel" doc:"What can be done to it now."`
	CreatedAt time.Time        `json:"created_at"`
	UpdatedAt time.Time        `json:"updated_at"`
}

type fulfilmentLine struct {
	ID       string `json:"id" doc:"Of the order's line."`
	Quantity int64  `json:"quantity"`
	Damaged  int64  `json:"damaged" doc:"Of one that was called back: how many came back and are not fit to be sold."`
}

// tracking says how a parcel is followed.
type tracking struct {
	Carrier string `json:"carrier" example:"Royal Mail" minLength:"1" maxLength:"255"`
	Number  string `json:"number" minLength:"1" maxLength:"255"`
	URL     string `json:"url,omitempty" maxLength:"255" doc:"Where it is followed; https."`
}

func fulfilmentOf(f ordering.Fulfilment) fulfilment {
	out := fulfilment{
		ID: f.ID.String(), State: string(f.State), Lines: make([]fulfilmentLine, len(f.Lines)), Tracking: (*tracking)(f.Tracking),
		Allowed: []string{}, CreatedAt: f.CreatedAt.UTC(), UpdatedAt: f.UpdatedAt.UTC(),
	}
	for i, l := range f.Lines {
		out.Lines[i] = fulfilmentLine{ID: l.Line.String(), Quantity: l.Quantity, Damaged: l.Damaged}
	}
	for _, e := range ordering.FulfilmentMachine.Allowed(f.State) {
		out.Allowed = append(out.Allowed, string(e))
	}
	return out
}
