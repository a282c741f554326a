package customers

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Profile is what customers change of themselves.
type Profile struct {
	Name  string
	Phone string
}

// SetProfile changes a customer's own profile. Errors: Bad with fields, fault.Missing; kinds Unavailable and Unknown.
func (s *Service) SetProfile(ctx context.Context, id ref.CustomerID, p Profile) (Customer, error) {
	return s.change(ctx, ports.Actor{}, "", id, 0, func(c Customer, now time.Time) (Customer, error) {
		if c.Name == p.Name && c.Phone == p.Phone {
			return c, nil
		}
		out := c.next(now)
		out.Name, out.Phone = p.Name, p.Phone
		return out, out.Validate()
	})
}

// SaveAddress adds an address to a customer's book (ID zero) or replaces the one with its id; as the default of a purpose
// it takes the place of the one before. Errors: Bad with fields, fault.Missing for an id that is not in this customer's
// book; kinds Unavailable and Unknown.
func (s *Service) SaveAddress(ctx context.Context, id ref.CustomerID, a Address) (Address, error) {
	fresh := a.ID.IsZero()
	if fresh {
		a.ID = ref.NewID[ref.AddressKind](s.ids.New())
	}
	_, err := s.change(ctx, ports.Actor{}, "", id, 0, func(c Customer, now time.Time) (Customer, error) {
		if !fresh {
			if _, err := c.WithoutAddress(a.ID, now); err != nil {
				return c, err
			}
		}
		return c.WithAddress(a, now)
	})
	return a, err
}

// RemoveAddress takes an address out of a customer's book. Errors: fault.Missing; kinds Unavailable and Unknown.
func (s *Service) RemoveAddress(ctx context.Context, id ref.CustomerID, address ref.AddressID) error {
	_, err := s.change(ctx, ports.Actor{}, "", id, 0, func(c Customer, now time.Time) (Customer, error) {
		return c.WithoutAddress(address, now)
	})
	return err
}

// RecordConsent adds an entry to a customer's book of consents. Errors: Bad with fields, fault.Missing; kinds Unavailable
// and Unknown.
func (s *Service) RecordConsent(ctx context.Context, c Consent) error {
	if err := fault.Collect(c.violations()); err != nil {
		return err
	}
	of, err := s.customers.Customer(ctx, c.Customer)
	if err != nil {
		return err
	}
	if of.Status == Erased {
		return fault.Missing.New("there is no such customer")
	}
	c.At = s.now()
	return s.committer.Commit(ctx, Commit{
		Consents: []Consent{c},
		Events:   s.events(c.Customer.String(), c.At, event.Payload(ConsentRecorded{Customer: c.Customer, Purpose: c.Purpose, Given: c.Given})),
	})
}

// Consents gives a customer's book of consents, oldest first; see Given. Errors: kind Unavailable.
func (s *Service) Consents(ctx context.Context, id ref.CustomerID) ([]Consent, error) {
	return s.customers.Consents(ctx, id)
}
