package memory

import (
	"cmp"
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// cartOwner is for whom, and where, one open cart may stand.
type cartOwner struct {
	customer ref.CustomerID
	channel  ref.Channel
	currency money.Currency
}

// ownerOf gives the owner of a cart; taken tells whether it is the one that the owner may have.
func ownerOf(c ordering.Cart) (o cartOwner, taken bool) {
	o = cartOwner{customer: c.Customer, channel: c.Channel, currency: c.Currency}
	return o, !c.Customer.IsZero() && c.Status.Open() && !c.Reopened
}

// owners keeps which cart of a customer is the open one, and all of the customer's carts.
type owners struct {
	taken map[cartOwner]ref.CartID
	carts map[cartOwner]map[ref.CartID]bool
}

func newOwners() owners {
	return owners{taken: map[cartOwner]ref.CartID{}, carts: map[cartOwner]map[ref.CartID]bool{}}
}

// unique refuses a cart that would be its customer's second open one in a channel and currency.
func (o *owners) unique(writes []ordering.Write[ordering.Cart]) error {
	written := make(map[ref.CartID]bool, len(writes))
	for _, w := range writes {
		written[w.State.ID] = true
	}
	takes := map[cartOwner]bool{}
	for _, w := range writes {
		owner, takesIt := ownerOf(w.State)
		if !takesIt {
			continue
		}
		has, known := o.taken[owner]
		if takes[owner] || known && !written[has] {
			return ordering.CustomerHasCart.New("the customer has another open cart in this channel and currency")
		}
		takes[owner] = true
	}
	return nil
}

// write replaces what is kept of a cart; was and is are the zero value for none.
func (o *owners) write(was, is ordering.Cart) {
	if owner, taken := ownerOf(was); !owner.customer.IsZero() {
		delete(o.carts[owner], was.ID)
		if len(o.carts[owner]) == 0 {
			delete(o.carts, owner)
		}
		if taken && o.taken[owner] == was.ID {
			delete(o.taken, owner)
		}
	}
	if owner, taken := ownerOf(is); !owner.customer.IsZero() {
		if o.carts[owner] == nil {
			o.carts[owner] = map[ref.CartID]bool{}
		}
		o.carts[owner][is.ID] = true
		if taken {
			o.taken[owner] = is.ID
		}
	}
}

// writeCarts stores and deletes the carts of a commit that was accepted.
func (o *orderingState) writeCarts(c ordering.Commit) {
	// All that is given up first: a cart may take the place of another one of the same commit.
	for _, w := range c.Carts {
		o.owners.write(o.carts[w.State.ID], ordering.Cart{})
	}
	for _, w := range c.Carts {
		cart := copyCart(w.State)
		o.carts[cart.ID] = cart
		o.owners.write(ordering.Cart{}, cart)
	}
	for _, p := range c.Purges {
		o.owners.write(o.carts[p.Cart], ordering.Cart{})
		delete(o.carts, p.Cart)
	}
}

// carts reads the carts of a store.
type carts struct{ store *Store }

var _ ordering.Carts = carts{}

// Carts gives the port that reads carts.
func (s *Store) Carts() ordering.Carts { return carts{s} }

// Cart gives a cart as last committed.
func (c carts) Cart(ctx context.Context, id ref.CartID) (ordering.Cart, error) {
	return view(ctx, c.store, func() (ordering.Cart, error) {
		cart, known := c.store.ordering.carts[id]
		if !known {
			return ordering.Cart{}, fault.Missing.New("there is no such cart")
		}
		return copyCart(cart), nil
	})
}

// OfCustomer gives the open carts of a customer.
func (c carts) OfCustomer(ctx context.Context, customer ref.CustomerID, channel ref.Channel, currency money.Currency) ([]ordering.Cart, error) {
	return view(ctx, c.store, func() ([]ordering.Cart, error) {
		state := &c.store.ordering
		var out []ordering.Cart
		for id := range state.owners.carts[cartOwner{customer, channel, currency}] {
			if cart := state.carts[id]; cart.Status.Open() {
				out = append(out, copyCart(cart))
			}
		}
		slices.SortFunc(out, func(a, b ordering.Cart) int { return lastChange(b, a) })
		return out, nil
	})
}

// Idle gives carts that nobody changed for a while. It looks at all of them: a store in memory has few, and sweeps are
// rare.
func (c carts) Idle(ctx context.Context, q ordering.IdleCarts) ([]ordering.Cart, error) {
	return view(ctx, c.store, func() ([]ordering.Cart, error) {
		var out []ordering.Cart
		for _, cart := range c.store.ordering.carts {
			if cart.Status == q.Status && (len(cart.Lines) == 0) == q.Empty && !cart.UpdatedAt.After(q.Until) {
				out = append(out, cart)
			}
		}
		slices.SortFunc(out, lastChange)
		out = out[:min(len(out), max(q.Limit, 0))]
		for i := range out {
			out[i] = copyCart(out[i])
		}
		return out, nil
	})
}

// lastChange orders carts by when they were changed.
func lastChange(a, b ordering.Cart) int {
	x, y := a.ID.Bytes(), b.ID.Bytes()
	return cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), slices.Compare(x[:], y[:]))
}
