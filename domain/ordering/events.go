package ordering

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// OrderPlaced tells that an order stands: its stock is claimed and its payment is settled or comes by other ways.
type OrderPlaced struct {
	Order  ref.OrderID `json:"order"`
	Number string      `json:"number"`
	Total  money.Money `json:"total"`
	Lines  int         `json:"lines"`
}

// EventName is the event's stable name.
func (OrderPlaced) EventName() string { return "ordering.order_placed" }

// OrderPending tells that an order waits for its payment.
type OrderPending struct {
	Order  ref.OrderID `json:"order"`
	Number string      `json:"number"`
	Total  money.Money `json:"total"`
}

// EventName is the event's stable name.
func (OrderPending) EventName() string { return "ordering.order_pending" }

// OrderCancelled tells that an order was given up and its stock released.
type OrderCancelled struct {
	Order  ref.OrderID `json:"order"`
	Number string      `json:"number"`
	Reason string      `json:"reason"`
}

// EventName is the event's stable name.
func (OrderCancelled) EventName() string { return "ordering.order_cancelled" }

// PaymentRecorded tells of an entry in the ledger of an order's payment.
type PaymentRecorded struct {
	Order   ref.OrderID      `json:"order"`
	Payment ref.PaymentID    `json:"payment"`
	Kind    PaymentEntryKind `json:"kind"`
	Amount  money.Money      `json:"amount"`
	Capture ref.CaptureID    `json:"capture,omitzero"` // That it is about, if the shop asked for it.
	Refund  ref.RefundID     `json:"refund,omitzero"`  // That it is about, if the shop asked for it.
}

// EventName is the event's stable name.
func (PaymentRecorded) EventName() string { return "ordering.payment_recorded" }

// about makes an event of an order.
func about(o Order, id [16]byte, at time.Time, p event.Payload) event.Event {
	return event.New(ref.NewID[ref.EventKind](id), o.ID.String(), at, p)
}
