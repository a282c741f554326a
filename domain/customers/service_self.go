package customers

import (
	"context"
	"slices"
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

// ProfileChange is a change of some of a profile; nil leaves a field as it is.
type ProfileChange struct{ Name, Phone *string }

// SetProfile changes a customer's own profile. Errors: Bad with fields, fault.Missing; kinds Unavailable and Unknown.
func (s *Service) SetProfile(ctx context.Context, id ref.CustomerID, p Profile) (Customer, error) {
	return s.EditProfile(ctx, id, 0, ProfileChange{&p.Name, &p.Phone})
}

// EditProfile changes some of a customer's own profile, of the version that was read or, with 0, of whichever there is.
// Errors: Bad with fields, fault.Missing, fault.VersionConflict; kinds Unavailable and Unknown.
func (s *Service) EditProfile(ctx context.Context, id ref.CustomerID, expected ref.Version, change ProfileChange) (Customer, error) {
	return s.change(ctx, ports.Actor{}, "", id, expected, func(c Customer, now time.Time) (Customer, error) {
		p := Profile{Name: given(change.Name, c.Name), Phone: given(change.Phone, c.Phone)}
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

// AddAddress adds an address with an id of the caller's to a customer's book; one that is there by that id stays as it is,
// so a call may be repeated. Errors: Bad with fields, fault.Missing; kinds Unavailable and Unknown.
func (s *Service) AddAddress(ctx context.Context, id ref.CustomerID, a Address) (Address, error) {
	out := a
	_, err := s.change(ctx, ports.Actor{}, "", id, 0, func(c Customer, now time.Time) (Customer, error) {
		if i := slices.IndexFunc(c.Addresses, func(b Address) bool { return b.ID == a.ID }); i >= 0 {
			out = c.Addresses[i]
			return c, nil
		}
		return c.WithAddress(a, now)
	})
	return out, err
}

// AddressChange is a change of some of an address; nil leaves a field as it is.
type AddressChange struct {
	Name, Line1, Line2, City, Region, PostalCode, Country *string
	DefaultShipping, DefaultBilling                       *bool
}

// EditAddress changes some of an address of a customer's book, which other changes meanwhile do not undo. Errors: Bad with
// fields, fault.Missing for an id that is not in this customer's book; kinds Unavailable and Unknown.
func (s *Service) EditAddress(ctx context.Context, id ref.CustomerID, address ref.AddressID, change AddressChange) (Address, error) {
	var out Address
	_, err := s.change(ctx, ports.Actor{}, "", id, 0, func(c Customer, now time.Time) (Customer, error) {
		i := slices.IndexFunc(c.Addresses, func(a Address) bool { return a.ID == address })
		if i < 0 {
			return c, fault.Missing.New("there is no such address")
		}
		a := c.Addresses[i]
		out = Address{
			ID: a.ID, Name: given(change.Name, a.Name), Line1: given(change.Line1, a.Line1), Line2: given(change.Line2, a.Line2),
			City: given(change.City, a.City), Region: given(change.Region, a.Region), PostalCode: given(change.PostalCode, a.PostalCode),
			Country:         given(change.Country, a.Country),
			DefaultShipping: given(change.DefaultShipping, a.DefaultShipping), DefaultBilling: given(change.DefaultBilling, a.DefaultBilling),
		}
		if out == a {
			return c, nil
		}
		return c.WithAddress(out, now)
	})
	return out, err
}

// given is what a change gives, else what there was.
func given[T any](change *T, was T) T {
	if change != nil {
		return *change
	}
	return was
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
