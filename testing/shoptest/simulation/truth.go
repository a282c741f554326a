package simulation

import (
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// truth is what an observer knows who sees everything from outside: what shoppers asked and were told, what the store
// accepted, what the provider did. The shop's own data are measured by it.
type truth struct {
	sessions []*session
	byCart   map[ref.CartID]*session

	orders   map[ref.OrderID]seen // As they were when last looked at.
	known    []ref.OrderID        // In the order in which they were seen first.
	numbers  map[string]ref.OrderID
	payments map[ref.PaymentID]*purse

	onHand   map[ref.SKU]int64
	reserved map[ref.SKU]int64
	moved    map[ref.SKU]int64   // What orders took off the shelves, as a difference.
	applied  map[string]bool     // Keys of adjustments that the store accepted.
	purged   map[ref.CartID]bool // Carts that were deleted.
	journal  int                 // So many of its entries were looked at.

	touched touched
	outbox  told
}

// seen is an order with its payments.
type seen struct {
	ordering.Order
	payments []ordering.Payment
}

func newTruth() *truth {
	return &truth{
		byCart: map[ref.CartID]*session{}, orders: map[ref.OrderID]seen{}, numbers: map[string]ref.OrderID{},
		payments: map[ref.PaymentID]*purse{}, moved: map[ref.SKU]int64{}, onHand: map[ref.SKU]int64{}, reserved: map[ref.SKU]int64{},
		applied: map[string]bool{}, purged: map[ref.CartID]bool{}, outbox: newTold(),
	}
}

// touched is what a step wrote to, each once and in order.
type touched struct {
	carts  []ref.CartID
	orders []ref.OrderID
	skus   []ref.SKU
}

// session is one shopping trip: a cart and what is asked of it.
type session struct {
	name     string
	cart     ref.CartID
	versions map[ref.Version][]chosen // Of the cart, as far as they were seen.
	latest   ref.Version              // The highest of them.
	total    *money.Money             // That was shown last.
	attempts []*attempt
	orders   []ref.OrderID // That were seen of this cart.
	merged   bool          // Into another cart: what is asked of it is told so.
}

// chosen is a line of a cart, as far as it is followed.
type chosen struct {
	id       ref.LineID
	variant  ref.VariantID
	sku      ref.SKU
	quantity int64
}

// chosenOf is what a cart holds.
func chosenOf(c ordering.Cart) []chosen {
	out := make([]chosen, len(c.Lines))
	for i, l := range c.Lines {
		out[i] = chosen{l.ID, l.Variant, l.SKU, l.Quantity}
	}
	return out
}

// attempt is a checkout under one key, however often it is tried.
type attempt struct {
	request    ordering.CheckoutRequest
	inFlight   int
	tries      int
	unresolved bool        // One of its tries may have done something, as far as the shopper knows.
	order      ref.OrderID // The answer, once there is one.
	code       string      // Of the answer: "" or that of a declined payment.
	settled    bool
	token      string
}

// mayHaveOrdered tells whether an order of the session can exist.
func (s *session) mayHaveOrdered() int {
	n := 0
	for _, a := range s.attempts {
		if a.inFlight > 0 || a.unresolved || a.settled {
			n++
		}
	}
	return n
}
