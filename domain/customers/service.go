package customers

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Service is the one way into customers. Who may call what is decided before: the customer's own calls name the customer
// of the session, and those of administrators, which take an actor, come from who has the permission. Safe for concurrent
// use.
type Service struct {
	customers Customers
	committer Committer
	clock     ports.Clock
	ids       ports.IDs
}

// NewService needs all of its parts.
func NewService(customers Customers, committer Committer, clock ports.Clock, ids ports.IDs) *Service {
	return &Service{customers: customers, committer: committer, clock: clock, ids: ids}
}

// Customer gives a customer. Errors: fault.Missing; kind Unavailable.
func (s *Service) Customer(ctx context.Context, id ref.CustomerID) (Customer, error) {
	return s.customers.Customer(ctx, id)
}

// ByReferences tells which customers of a source are known by which reference. Errors: kind Unavailable.
func (s *Service) ByReferences(ctx context.Context, source string, refs []string) (map[string]ref.CustomerID, error) {
	if len(refs) == 0 {
		return map[string]ref.CustomerID{}, nil
	}
	return s.customers.ByReference(ctx, source, refs)
}

// List gives a page of customers, newest first. Errors: Bad with the field limit; kind Unavailable.
func (s *Service) List(ctx context.Context, q ListQuery) ([]Customer, error) {
	if q.Limit < 1 || q.Limit > PageMax {
		return nil, fault.Collect([]*fault.Error{Rule.Newf("a page has 1 to %d customers", PageMax).At("limit")})
	}
	return s.customers.List(ctx, q)
}

// Count gives the number of customers that are not erased, for metrics.
func (s *Service) Count(ctx context.Context) (int64, error) { return s.customers.Count(ctx) }

// ScopeGroups are the groups that the customer has proven to be in, for ref.Scope; none for nobody. Errors:
// fault.Missing; kind Unavailable.
func (s *Service) ScopeGroups(ctx context.Context, id ref.CustomerID) ([]string, error) {
	if id.IsZero() {
		return nil, nil
	}
	c, err := s.customers.Customer(ctx, id)
	if err != nil || len(c.Groups) == 0 {
		return nil, err
	}
	groups, err := s.customers.Groups(ctx)
	return ScopeGroups(c, groups), err
}

// Ensure makes the customer of an account whose owner proved the address, or finds the one that the shop knows by the
// address and makes it theirs. Again with the same it changes nothing and gives the same, so it may be called until it
// succeeds, and by several at once. Name is for a customer that has none. Errors: fault.Missing for one that was erased;
// kinds Unavailable and Unknown.
func (s *Service) Ensure(ctx context.Context, known ref.CustomerID, account ref.AccountID, email ref.Email, name string) (Customer, error) {
	made := ref.NewID[ref.CustomerKind](s.ids.New())
	var out Customer
	err := s.retry(ctx, func() error {
		stored, err := s.known(ctx, known, email)
		if err != nil {
			return err
		}
		now := s.now()
		before := Customer{ID: made, Status: Machine.Initial, CreatedAt: now}
		if stored != nil {
			before = *stored
		}
		next, err := before.Proven(account, email, now)
		if err != nil {
			return err
		}
		if out = next; next.Version == before.Version {
			return nil
		}
		if next.Name == "" {
			next.Name = name
		}
		out = next
		err = s.committer.Commit(ctx, Commit{
			Customers: []Write[Customer]{{State: next, Expected: before.Version}},
			Events:    s.events(next.ID.String(), now, CustomerProven{Customer: next.ID, Account: account}),
		})
		if fault.Is(err, EmailTaken) && known.IsZero() { // Somebody else makes it right now.
			return fault.VersionConflict.New("the address was taken meanwhile").Because(err)
		}
		return err
	})
	return out, err
}

// known finds the customer that the account has already, else the one with the address. Nil for none.
func (s *Service) known(ctx context.Context, id ref.CustomerID, email ref.Email) (*Customer, error) {
	if id.IsZero() {
		return s.customers.ByEmail(ctx, email)
	}
	c, err := s.customers.Customer(ctx, id)
	return &c, err
}

// change loads, changes and commits a customer; by is zero for a change of the customer's own, which is not audited.
// Without an expected version (0) it is tried again when others change the customer meanwhile.
func (s *Service) change(ctx context.Context, by ports.Actor, action string, id ref.CustomerID, expected ref.Version, f func(Customer, time.Time) (Customer, error)) (Customer, error) {
	var out Customer
	err := s.retry(ctx, func() error {
		c, err := s.customers.Customer(ctx, id)
		if err != nil {
			return err
		}
		if c.Status == Erased {
			return fault.Missing.New("there is no such customer")
		}
		if expected != 0 && c.Version != expected {
			return outdated{fault.VersionConflict.New("the customer was changed meanwhile; read it again")}
		}
		now := s.now()
		next, err := f(c, now)
		if err != nil {
			return err
		}
		if out = next; next.Version == c.Version {
			return nil
		}
		commit := Commit{
			Customers: []Write[Customer]{{State: next, Expected: c.Version}},
			Events:    s.events(id.String(), now, CustomerSaved{Customer: id, Status: next.Status, Version: next.Version}),
		}
		if !by.IsZero() {
			commit.Audit = []ports.AuditEntry{s.entry(by, action, id.String(), nil, now, differences(c, next))}
		}
		return s.committer.Commit(ctx, commit)
	})
	s.enterRefusal(ctx, by, action, id.String(), err)
	return out, err
}

// events makes the events of an aggregate.
func (s *Service) events(aggregate string, at time.Time, payloads ...event.Payload) []event.Event {
	var out []event.Event
	for _, p := range payloads {
		out = append(out, event.New(ref.NewID[ref.EventKind](s.ids.New()), aggregate, at, p))
	}
	return out
}

// now is the time of a decision.
func (s *Service) now() time.Time { return ref.Instant(s.clock.Now()) }
