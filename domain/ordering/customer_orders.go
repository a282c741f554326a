package ordering

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// OrdersPageMax is the most orders of a page.
const OrdersPageMax = 100

// OrderPlace is where a page of orders ended: the key of its last one.
type OrderPlace struct {
	CreatedAt time.Time
	ID        ref.OrderID
}

// ListedOrder is an order of a list, with its payments, oldest first.
type ListedOrder struct {
	Order    Order
	Payments []Payment
}

// OrderPage is a page of a list of orders; Next is nil on the last one.
type OrderPage struct {
	Items []ListedOrder
	Next  *OrderPlace
}

// ClaimedOrder tells that a guest's order is a customer's now.
type ClaimedOrder struct {
	Order    ref.OrderID    `json:"order"`
	Number   string         `json:"number"`
	Customer ref.CustomerID `json:"customer"`
}

// EventName is the event's stable name.
func (ClaimedOrder) EventName() string { return "ordering.order_claimed" }

// ClaimOrder makes the commit that gives a guest's order to the customer who proved its e-mail address. It is false when
// there is nothing to write: the order is somebody's already, or was made with another address. NextID makes the id of
// the event.
func ClaimOrder(o Order, email ref.Email, customer ref.CustomerID, at time.Time, nextID func() [16]byte) (Commit, bool) {
	if customer.IsZero() || !o.Customer.IsZero() || email.IsZero() || ref.CanonicalEmail(o.Email) != email.String() {
		return Commit{}, false
	}
	o = o.change(at)
	o.Customer = customer
	return Commit{
		At: at, Orders: []Write[Order]{write(o, o.Version)},
		Events: []event.Event{about(o, nextID(), at, ClaimedOrder{Order: o.ID, Number: o.Number, Customer: customer})},
	}, true
}
