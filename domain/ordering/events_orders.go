package ordering

import "github.com/ipswich-retail/commerce/domain/ref"

// OrderClaiming tells that an order waits for an outside stock holder.
type OrderClaiming struct {
	Order  ref.OrderID `json:"order"`
	Number string      `json:"number"`
}

// EventName is the event's stable name.
func (OrderClaiming) EventName() string { return "ordering.order_claiming" }

// OrderCompleted tells that an order is done with: paid, and fulfilled as far as it will be.
type OrderCompleted struct {
	Order  ref.OrderID `json:"order"`
	Number string      `json:"number"`
}

// EventName is the event's stable name.
func (OrderCompleted) EventName() string { return "ordering.order_completed" }

// OrderReopened tells that a completed order is not done with after all: something that had been sent came back.
type OrderReopened struct {
	Order  ref.OrderID `json:"order"`
	Number string      `json:"number"`
}

// EventName is the event's stable name.
func (OrderReopened) EventName() string { return "ordering.order_reopened" }

// ClaimsLapsed tells that an unpaid order's goods are for others again. It may still be paid.
type ClaimsLapsed struct {
	Order  ref.OrderID `json:"order"`
	Number string      `json:"number"`
}

// EventName is the event's stable name.
func (ClaimsLapsed) EventName() string { return "ordering.claims_lapsed" }

// FulfilmentChanged tells that goods of an order left, were delivered or called back.
type FulfilmentChanged struct {
	Order      ref.OrderID      `json:"order"`
	Number     string           `json:"number"`
	Fulfilment ref.FulfilmentID `json:"fulfilment"`
	State      FulfilmentState  `json:"state"`
	Lines      []FulfilmentLine `json:"lines"`
	Tracking   *Tracking        `json:"tracking,omitempty"`
}

// EventName is the event's stable name.
func (FulfilmentChanged) EventName() string { return "ordering.fulfilment_changed" }

// OrderNoted tells that staff wrote a note; not what it says.
type OrderNoted struct {
	Order  ref.OrderID `json:"order"`
	Number string      `json:"number"`
}

// EventName is the event's stable name.
func (OrderNoted) EventName() string { return "ordering.order_noted" }
