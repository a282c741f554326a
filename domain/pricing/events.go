package pricing

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// PriceSet tells that the standing price was made or changed.
type PriceSet struct {
	Variant  ref.VariantID `json:"variant"`
	Channel  ref.Channel   `json:"channel"`
	Currency string        `json:"currency"`
	Amount   string        `json:"amount"`
}

// EventName is the event's stable name.
func (PriceSet) EventName() string { return "pricing.price_set" }

// PriceScheduled tells that a price with a window was planned or changed. No event tells when the window begins or
// ends: the clock does.
type PriceScheduled struct {
	Variant  ref.VariantID `json:"variant"`
	Channel  ref.Channel   `json:"channel"`
	Currency string        `json:"currency"`
	Amount   string        `json:"amount"`
	From     time.Time     `json:"from,omitzero"`
	Until    time.Time     `json:"until,omitzero"`
}

// EventName is the event's stable name.
func (PriceScheduled) EventName() string { return "pricing.price_scheduled" }

// PriceEnded tells that a price was taken out of its plan before its window was over; without From and Until it was
// the standing one.
type PriceEnded struct {
	Variant  ref.VariantID `json:"variant"`
	Channel  ref.Channel   `json:"channel"`
	Currency string        `json:"currency"`
	From     time.Time     `json:"from,omitzero"`
	Until    time.Time     `json:"until,omitzero"`
}

// EventName is the event's stable name.
func (PriceEnded) EventName() string { return "pricing.price_ended" }
