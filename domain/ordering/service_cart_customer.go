package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// CustomerCart gives the customer's open cart in the scope's channel and currency, on whatever device it was begun; it
// makes one when there is none. A customer who has two, for a declined order gave one back, has them merged. The caller
// has proven who the customer is. Errors: Bad for no customer.
func (s *Service) CustomerCart(ctx context.Context, scope ref.Scope, customer ref.CustomerID) (Quote, error) {
	if customer.IsZero() {
		return Quote{}, one("customer", "a customer's cart has a customer")
	}
	var q Quote
	err := s.retried(ctx, contested, func() (err error) {
		q, err = s.customerCart(ctx, scope, customer)
		return err
	})
	return q, err
}

func (s *Service) customerCart(ctx context.Context, scope ref.Scope, customer ref.CustomerID) (Quote, error) {
	own, err := s.parts.Carts.OfCustomer(ctx, customer, scope.Channel, scope.Currency)
	switch {
	case err != nil:
		return Quote{}, err
	case len(own) == 0:
		return s.createCart(ctx, scope, customer, nil)
	case len(own) == 1:
		return s.Cart(ctx, scope, own[0].ID)
	}
	return s.merged(ctx, scope, MergeBoth, own[1], own[0])
}

// AdoptCart makes a guest's cart the customer's, which is what signing in does with the cart that the browser has. When
// the customer has an open cart in its channel and currency already, the lines go there by Options.Merge, both in one
// commit, and the guest's cart is merged: it takes no more changes and names its successor. The same call again gives
// the same cart. The caller has proven who the customer is; that they have the guest's cart they prove by its id. What
// a merge could not keep is among the warnings.
//
// Errors: Missing, also for a cart of another customer; CartCompleted when the cart became an order, also while this was
// under way; Bad for no customer.
func (s *Service) AdoptCart(ctx context.Context, scope ref.Scope, customer ref.CustomerID, guest ref.CartID) (Quote, error) {
	if customer.IsZero() {
		return Quote{}, one("customer", "a cart is adopted by a customer")
	}
	var q Quote
	err := s.retried(ctx, contested, func() (err error) {
		q, err = s.adoptCart(ctx, scope, customer, guest)
		return err
	})
	return q, err
}

func (s *Service) adoptCart(ctx context.Context, scope ref.Scope, customer ref.CustomerID, id ref.CartID) (Quote, error) {
	cart, err := s.cartFor(ctx, customer, id)
	if err != nil {
		return Quote{}, err
	}
	own, err := s.parts.Carts.OfCustomer(ctx, customer, cart.Channel, cart.Currency)
	if err != nil {
		return Quote{}, err
	}
	for _, other := range own {
		if other.ID == cart.ID {
			continue
		}
		policy := s.carts.merge
		if !cart.Customer.IsZero() {
			policy = MergeBoth // They are both the customer's: none of it is to be lost.
		}
		return s.merged(ctx, scope, policy, cart, other)
	}
	if cart.Customer == customer {
		return s.Cart(ctx, scope, cart.ID)
	}
	next, err := cart.adopt(customer, s.now())
	if err != nil {
		return Quote{}, err
	}
	return s.saved(ctx, scope, cart, next, nil)
}

// cartFor loads a guest's cart or one of the customer's, or what it was merged into.
func (s *Service) cartFor(ctx context.Context, customer ref.CustomerID, id ref.CartID) (Cart, error) {
	cart, err := s.parts.Carts.Cart(ctx, id)
	for err == nil && cart.Status == CartMerged {
		cart, err = s.parts.Carts.Cart(ctx, cart.Successor)
		if err == nil && cart.Customer != customer {
			break
		}
	}
	switch {
	case err != nil:
		return Cart{}, err
	case !cart.Customer.IsZero() && cart.Customer != customer:
		return Cart{}, fault.Missing.New("there is no such cart")
	}
	if _, err := cart.revived(); err != nil {
		return Cart{}, err
	}
	return cart, nil
}

// merged merges a cart into another one of the customer's.
func (s *Service) merged(ctx context.Context, scope ref.Scope, policy MergePolicy, from, into Cart) (Quote, error) {
	now := s.now()
	m, err := MergeCarts(policy, from, into, now)
	if err != nil {
		return Quote{}, err
	}
	q, err := s.quote(ctx, scope, m.Into)
	if err != nil {
		return Quote{}, err
	}
	q = q.agreed()
	m.Into = q.Cart
	if _, err := s.parts.Committer.Commit(ctx, MergeCommit(m, policy, into, now, s.parts.IDs.New)); err != nil {
		return Quote{}, err
	}
	q.Warnings = append(q.Warnings, mergeNotices(m)...)
	return s.advised(ctx, q), nil
}

// contested tells whether others were in the way, so that what is true now is to be read again.
func contested(err error) bool {
	return overtaken(err) || fault.Is(err, CustomerHasCart) || fault.Is(err, CartSuperseded)
}
