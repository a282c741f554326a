package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// claimBatch is how many guest orders are read at once.
const claimBatch = 50

// CustomerOrders gives a page of a customer's orders, newest first, after a place, nil for the first page; a limit
// outside 1 to OrdersPageMax is brought into it. The caller has proven who the customer is.
func (s *Service) CustomerOrders(ctx context.Context, customer ref.CustomerID, after *OrderPlace, limit int) (OrderPage, error) {
	if customer.IsZero() {
		return OrderPage{}, nil
	}
	return s.parts.Customers.OfCustomer(ctx, customer, after, min(max(limit, 1), OrdersPageMax))
}

// ClaimGuestOrders gives the customer all orders that guests made with the address, and tells how many. The caller has
// proof that the address is the customer's, such as a mail that was answered. Each order is a commit of its own and has
// one event; the same call again, or two at once, claims nothing twice. Errors: Bad for no customer or address; kinds
// Unavailable and Unknown; what was claimed before stays claimed and is counted.
func (s *Service) ClaimGuestOrders(ctx context.Context, email ref.Email, customer ref.CustomerID) (int, error) {
	switch {
	case customer.IsZero():
		return 0, one("customer", "orders are claimed by a customer")
	case email.IsZero():
		return 0, one("email", "orders are claimed by an e-mail address")
	}
	claimed := 0
	var after *OrderPlace
	for {
		page, err := s.parts.Customers.OfGuest(ctx, email, after, claimBatch)
		if err != nil {
			return claimed, err
		}
		for _, item := range page.Items {
			did, err := s.claimOrder(ctx, item.Order, email, customer)
			if err != nil {
				return claimed, err
			}
			if did {
				claimed++
			}
		}
		if page.Next == nil {
			return claimed, nil
		}
		after = page.Next
	}
}

// claimOrder claims one order, whose state may change meanwhile.
func (s *Service) claimOrder(ctx context.Context, o Order, email ref.Email, customer ref.CustomerID) (bool, error) {
	var claimed, stale bool
	err := s.retried(ctx, overtaken, func() (err error) {
		if stale {
			if o, _, err = s.parts.Orders.Order(ctx, o.ID); err != nil {
				return err
			}
		}
		stale = true
		c, due := ClaimOrder(o, email, customer, s.now(), s.parts.IDs.New)
		if !due {
			return nil
		}
		_, err = s.parts.Committer.Commit(ctx, c)
		claimed = err == nil
		return err
	})
	return claimed, err
}
