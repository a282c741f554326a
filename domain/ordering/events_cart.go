package ordering

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// CartSubject names a cart to those who must not have it, such as the readers of events: a digest of its id, which is a
// credential.
func CartSubject(id ref.CartID) string {
	secret := id.Bytes()
	sum := sha256.Sum256(secret[:])
	return "cart:" + hex.EncodeToString(sum[:16])
}

// AbandonedCart tells that a cart with lines was left alone. It is told once, and again only after somebody changed
// the cart and left it alone again.
type AbandonedCart struct {
	Cart     string         `json:"cart"` // As CartSubject names it.
	Customer ref.CustomerID `json:"customer,omitzero"`
	Channel  ref.Channel    `json:"channel"`
	Currency string         `json:"currency"`
	Lines    int            `json:"lines"`
}

// EventName is the event's stable name.
func (AbandonedCart) EventName() string { return "ordering.cart_abandoned" }

// RevivedCart tells that a cart which was abandoned or expired is in use again.
type RevivedCart struct {
	Cart     string         `json:"cart"`
	Customer ref.CustomerID `json:"customer,omitzero"`
}

// EventName is the event's stable name.
func (RevivedCart) EventName() string { return "ordering.cart_revived" }

// ExpiredCart tells that a cart was left alone for so long that it will be purged.
type ExpiredCart struct {
	Cart     string         `json:"cart"`
	Customer ref.CustomerID `json:"customer,omitzero"`
	Lines    int            `json:"lines"`
}

// EventName is the event's stable name.
func (ExpiredCart) EventName() string { return "ordering.cart_expired" }

// AdoptedCart tells that a guest's cart is a customer's now.
type AdoptedCart struct {
	Cart     string         `json:"cart"`
	Customer ref.CustomerID `json:"customer"`
}

// EventName is the event's stable name.
func (AdoptedCart) EventName() string { return "ordering.cart_adopted" }

// MergedCart tells that a cart went into another one, of a customer.
type MergedCart struct {
	Cart     string         `json:"cart"`
	Into     string         `json:"into"`
	Customer ref.CustomerID `json:"customer,omitzero"`
	Policy   string         `json:"policy"`
	Lines    int            `json:"lines"` // Of the other one, now.
}

// EventName is the event's stable name.
func (MergedCart) EventName() string { return "ordering.cart_merged" }

// aboutCart makes an event of a cart.
func aboutCart(c Cart, id [16]byte, at time.Time, p event.Payload) event.Event {
	return event.New(ref.NewID[ref.EventKind](id), CartSubject(c.ID), at, p)
}

// revivals tells of a cart that a change brought back.
func revivals(was, is Cart, at time.Time, nextID func() [16]byte) []event.Event {
	if was.Status == is.Status || was.Status != CartAbandoned && was.Status != CartExpired {
		return nil
	}
	return []event.Event{aboutCart(is, nextID(), at, RevivedCart{Cart: CartSubject(is.ID), Customer: is.Customer})}
}

// ChangeCart makes the commit of a change of a cart, from what it was, the zero value for a new one, to what it is.
// NextID makes the ids of events.
func ChangeCart(was, is Cart, nextID func() [16]byte) Commit {
	c := Commit{At: is.UpdatedAt, Carts: []Write[Cart]{write(is, is.Version)}, Events: revivals(was, is, is.UpdatedAt, nextID)}
	if was.Version > 0 && was.Customer.IsZero() && !is.Customer.IsZero() {
		c.Events = append(c.Events, aboutCart(is, nextID(), is.UpdatedAt, AdoptedCart{Cart: CartSubject(is.ID), Customer: is.Customer}))
	}
	return c
}
