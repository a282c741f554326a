package shoptest

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Line asks for a quantity of a variant, named by id or by SKU; without a quantity it is one.
type Line struct {
	Variant  ref.VariantID
	SKU      ref.SKU
	Quantity int64
}

// Cart makes a cart with the lines.
func (s *Shop) Cart(t TB, lines ...Line) ordering.Quote {
	t.Helper()
	q, err := s.Ordering.CreateCart(t.Context(), s.Scope(), Requests(lines...))
	if err != nil {
		t.Fatalf("making a cart: %v", err)
	}
	return q
}

// Requests are lines in the words of ordering.
func Requests(lines ...Line) []ordering.LineRequest {
	out := make([]ordering.LineRequest, len(lines))
	for i, l := range lines {
		out[i] = ordering.LineRequest{Variant: l.Variant, SKU: l.SKU, Quantity: or(l.Quantity, 1)}
	}
	return out
}

// Order says what to order and how to pay; the zero value is one of a new product, paid at once.
type Order struct {
	Cart  ref.CartID // One with the lines, when it is zero.
	Lines []Line     // One of a new product, when there are none.
	Email string
	Pay   Behaviour // Captures.
	Key   string    // Of its own, when it is empty.
}

// Request is the checkout of an order, for who wants to see how it is refused. It makes the cart.
func (s *Shop) Request(t TB, o Order) ordering.CheckoutRequest {
	t.Helper()
	if o.Cart.IsZero() {
		if len(o.Lines) == 0 {
			o.Lines = []Line{{Variant: s.Product(t, Product{}).Variants[0].ID}}
		}
		o.Cart = s.Cart(t, o.Lines...).Cart.ID
	}
	s.made++
	return ordering.CheckoutRequest{
		Cart: o.Cart, Key: or(o.Key, fmt.Sprintf("key-%d", s.made)), Details: Details(or(o.Email, "ada@example.org")), Provider: ProviderName,
		Token: string(or(o.Pay, Captures)),
	}
}

// Order places an order. A payment that is declined fails the test; see Request.
func (s *Shop) Order(t TB, o Order) ordering.PlacedOrder {
	t.Helper()
	placed, err := s.Ordering.Checkout(t.Context(), s.Scope(), s.Request(t, o))
	if err != nil {
		t.Fatalf("ordering: %v", err)
	}
	return placed
}

// Details are a buyer's, complete.
func Details(email string) ordering.Details {
	return ordering.Details{Email: email, ShippingAddress: Address()}
}

// Address is one to ship to.
func Address() ordering.Address {
	return ordering.Address{Name: "Ada Byron", Line1: "1 Cornhill", City: "Ipswich", PostalCode: "IP1 1DD", Country: "GB"}
}
