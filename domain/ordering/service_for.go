package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// For gives the service as a customer may use it, or, with the zero id, a guest: to its calls a cart of somebody else is
// not there. The id of a guest's cart is a credential, and that of a customer's is none, for whoever handed a shopper the
// cart before they signed in knows it too. So a caller that has the id from outside calls through For. An order that a
// customer makes of a guest's cart is the customer's. The caller has proven who the customer is.
func (s *Service) For(customer ref.CustomerID) *Service {
	out := *s
	out.buyer = customer
	out.parts.Carts = cartsFor{Carts: s.parts.Carts, customer: customer}
	return &out
}

// cartsFor are the carts that somebody may know.
type cartsFor struct {
	Carts

	customer ref.CustomerID
}

// Unwrap gives the carts below.
func (c cartsFor) Unwrap() any { return c.Carts }

// Cart gives a guest's cart, or one of the customer's.
func (c cartsFor) Cart(ctx context.Context, id ref.CartID) (Cart, error) {
	cart, err := c.Carts.Cart(ctx, id)
	if fault.Is(err, fault.Missing) || err == nil && !cart.Customer.IsZero() && cart.Customer != c.customer {
		return Cart{}, fault.Missing.New("there is no such cart") // The same words for both.
	}
	return cart, err
}

// PresentCart gives the customer's open cart in the scope's channel and currency, without making one or merging two, as
// CustomerCart does: the one that was changed last. The caller has proven who the customer is. Errors: Missing when there
// is none.
func (s *Service) PresentCart(ctx context.Context, scope ref.Scope, customer ref.CustomerID) (Quote, error) {
	own, err := s.parts.Carts.OfCustomer(ctx, customer, scope.Channel, scope.Currency)
	switch {
	case err != nil:
		return Quote{}, err
	case len(own) == 0:
		return Quote{}, fault.Missing.New("the customer has no open cart")
	}
	q, err := s.quote(ctx, scope, own[0])
	if err != nil {
		return Quote{}, err
	}
	return s.advised(ctx, q), nil
}

// CustomerOrder gives one of a customer's orders. The caller has proven who the customer is. Errors: Missing, also for an
// order of somebody else.
func (s *Service) CustomerOrder(ctx context.Context, customer ref.CustomerID, id ref.OrderID) (PlacedOrder, error) {
	placed, err := s.shown(ctx, id)
	if fault.Is(err, fault.Missing) || err == nil && (customer.IsZero() || placed.Order.Customer != customer) {
		return PlacedOrder{}, noOrder()
	}
	return placed, err
}
