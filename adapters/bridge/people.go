package bridge

import (
	"context"
	"encoding/json"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

// GuestOrders gives orders that guests made with an address to the customer who proved it, and tells how many. The
// service of ordering is one.
type GuestOrders interface {
	ClaimGuestOrders(ctx context.Context, email ref.Email, customer ref.CustomerID) (int, error)
}

// People brings together who signs in (access), who buys (customers) and what they bought (ordering). An account that
// proves its address gets its customer, the one whom the shop knows by the address or a new one, and with it the orders
// that were made as a guest; the account of a customer who is disabled, enabled or erased follows.
//
// Each step is one commit of one context, may be done again, and is done at once by who asks. If it is cut off, Handle,
// which a relay feeds with the shop's events, does it. Safe for concurrent use.
type People struct {
	access    *access.Service
	customers *customers.Service
	orders    GuestOrders
}

// NewPeople needs the services; orders may be nil for a shop without.
func NewPeople(a *access.Service, c *customers.Service, orders GuestOrders) *People {
	return &People{access: a, customers: c, orders: orders}
}

// bridged is who acts for the commands of another context.
var bridged = access.System("bridge")

// Verify uses up the token of a verification mail, see access.Service.Verify, and does what follows from it. That may be
// late and is never lost, so its failure is no failure of the verification.
func (p *People) Verify(ctx context.Context, token access.Secret) error {
	a, err := p.access.Verify(ctx, token)
	if err != nil {
		return err
	}
	_ = p.proven(ctx, a)
	return nil
}

// proven gives an account whose address is proven its customer and the customer's orders.
func (p *People) proven(ctx context.Context, a access.Account) error {
	if a.Kind != access.ForCustomer || a.State != access.Active {
		return nil
	}
	c, err := p.customers.Ensure(ctx, a.Customer, a.ID, a.Email, a.Name)
	if fault.Is(err, fault.Missing) { // Erased meanwhile: the account is about to be closed.
		return nil
	}
	if err != nil {
		return err
	}
	if err := p.access.Attach(ctx, a.ID, c.ID); err != nil {
		return err
	}
	if c.Status == customers.Disabled {
		return p.follow(ctx, a.ID, c.Status)
	}
	if p.orders == nil {
		return nil
	}
	_, err = p.orders.ClaimGuestOrders(ctx, a.Email, c.ID)
	return err
}

// SetCustomerStatus disables, enables or erases a customer, see customers.Service.SetStatus, and the account follows at
// once: when it returns without an error no session of the account lets anybody in. It takes the permission
// customers.write, to erase customers.erase. Errors: access.Unauthenticated, access.Denied, fault.Missing,
// statemachine.IllegalTransition; kinds Unavailable and Unknown.
func (p *People) SetCustomerStatus(ctx context.Context, by access.Principal, id ref.CustomerID, on customers.Event) error {
	perm := access.CustomersWrite
	if on == customers.Erase {
		perm = access.CustomersErase
	}
	if by.Require(perm) != nil {
		return p.access.Audited(ctx, by, perm, "customers.customer_"+string(on), id.String(), nil) // Which refuses, and enters that.
	}
	before, err := p.customers.Customer(ctx, id)
	if err != nil {
		return err
	}
	after, err := p.customers.SetStatus(ctx, by.Actor(), id, on)
	if err != nil {
		return err
	}
	return p.follow(ctx, before.Account, after.Status)
}

// follow brings an account into the state that its customer's status asks for.
func (p *People) follow(ctx context.Context, id ref.AccountID, status customers.Status) error {
	on, asks := map[customers.Status]access.AccountEvent{
		customers.Disabled: access.Disable, customers.Registered: access.Enable, customers.Erased: access.Close,
	}[status]
	if id.IsZero() || !asks {
		return nil
	}
	err := p.access.SetState(ctx, bridged, id, on)
	if fault.Is(err, fault.Missing) || fault.Is(err, statemachine.IllegalTransition) {
		return nil // It is closed, or never was.
	}
	return err
}

// Handle does what follows from an event, if it was not done yet; of other events it takes no notice. It goes by what is
// now and not by what was then, so it may be told late and twice. Errors: kinds Unavailable and Unknown (tell it again).
func (p *People) Handle(ctx context.Context, e event.Event) error {
	about := struct {
		Account  ref.AccountID  `json:"account"`
		Customer ref.CustomerID `json:"customer"`
	}{}
	switch e.Name {
	case access.EmailVerified{}.EventName(), customers.CustomerStatusChanged{}.EventName():
		if err := json.Unmarshal(e.Data, &about); err != nil {
			return fault.Unexpected.Newf("the payload of an event %s cannot be read", e.Name).Because(err)
		}
	default:
		return nil
	}
	if e.Name == (access.EmailVerified{}).EventName() {
		a, err := p.access.Account(ctx, about.Account)
		if err != nil {
			return err
		}
		return p.proven(ctx, a)
	}
	c, err := p.customers.Customer(ctx, about.Customer)
	if err != nil {
		return err
	}
	return p.follow(ctx, about.Account, c.Status)
}
