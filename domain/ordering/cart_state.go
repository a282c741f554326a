package ordering

import (
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

// CartStatus is where a cart is in its life; CartMachine tells which follows which.
type CartStatus string

// The statuses. An active cart takes changes. A completed one became an order: while that order lives, its payment in
// flight or not, the cart is its and nobody else's; it is active again when the order's payment is declined. An abandoned
// cart has lines and was left alone, an expired one was left alone for so long that it will be purged; any change makes
// either active again. A merged cart is one whose lines went into another.
const (
	CartActive    CartStatus = "active"
	CartDone      CartStatus = "completed"
	CartAbandoned CartStatus = "abandoned"
	CartMerged    CartStatus = "merged"
	CartExpired   CartStatus = "expired"
)

// CartEvent is what happens to a cart.
type CartEvent string

// The events of a cart.
const (
	CartOrder   CartEvent = "order"   // An order was made of it.
	CartReopen  CartEvent = "reopen"  // That order died.
	CartAbandon CartEvent = "abandon" // Nobody changed it for a while.
	CartRevive  CartEvent = "revive"  // Somebody changes it after all.
	CartMerge   CartEvent = "merge"   // Its lines went into another cart.
	CartExpire  CartEvent = "expire"  // Nobody changed it for long.
)

// CartMachine is the life of a cart. There is no state for a payment in flight: that is the completed cart's order.
var CartMachine = statemachine.Table[CartStatus, CartEvent]{
	Name:     "cart",
	Initial:  CartActive,
	Terminal: []CartStatus{CartDone, CartMerged, CartExpired},
	Edges: []statemachine.Edge[CartStatus, CartEvent]{
		{From: CartActive, On: CartOrder, To: CartDone},
		{From: CartDone, On: CartReopen, To: CartActive},
		{From: CartActive, On: CartAbandon, To: CartAbandoned},
		{From: CartAbandoned, On: CartRevive, To: CartActive},
		{From: CartActive, On: CartMerge, To: CartMerged},
		{From: CartActive, On: CartExpire, To: CartExpired},
		{From: CartAbandoned, On: CartExpire, To: CartExpired},
		{From: CartExpired, On: CartRevive, To: CartActive},
	},
}

// Open tells whether the cart stands for what its owner means to buy: it takes changes, and a customer has one such
// cart in a channel and currency.
func (s CartStatus) Open() bool { return s == CartActive || s == CartAbandoned }

// leadsTo tells whether one commit may bring a cart from this status to the next: by an event or none, or by an event
// of a cart that the same change revived.
func (s CartStatus) leadsTo(next CartStatus) bool {
	if s == next || edge(s, next) {
		return true
	}
	_, revives := CartMachine.Next(s, CartRevive)
	return revives && edge(CartActive, next)
}

// edge tells whether an event leads from one status to another.
func edge(from, to CartStatus) bool {
	for _, e := range CartMachine.Edges {
		if e.From == from && e.To == to {
			return true
		}
	}
	return false
}

// refusal is why a cart of the status takes no change.
func (c Cart) refusal() error {
	if c.Status == CartMerged {
		return CartSuperseded.New("the cart was merged into another one; use that").With("successor", c.Successor.String())
	}
	return CartCompleted.New("the cart became an order; start a new one")
}

// revived gives the cart as an active one, whatever time made of it. Errors: CartCompleted, CartSuperseded.
func (c Cart) revived() (Cart, error) {
	if c.Status == CartActive {
		return c, nil
	}
	next, ok := CartMachine.Next(c.Status, CartRevive)
	if !ok {
		return Cart{}, c.refusal()
	}
	c.Status = next
	return c, nil
}
