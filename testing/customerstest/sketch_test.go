package customerstest_test

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/customerstest"
)

// flaw names what is broken in a sketch; "" is nothing.
type flaw string

// sketch is the smallest store that keeps the contract, with places where it can be broken.
type sketch struct {
	flaw      flaw
	meeting   clausetest.Meeting
	mu        sync.Mutex
	customers map[ref.CustomerID]customers.Customer
	formerly  map[ref.Email]ref.CustomerID
	groups    map[string]customers.Group
	consents  []customers.Consent
	log       []ports.AuditEntry
	events    []event.Event
}

func newSketch(f flaw) *sketch {
	return &sketch{
		flaw: f, customers: map[ref.CustomerID]customers.Customer{}, formerly: map[ref.Email]ref.CustomerID{},
		groups: map[string]customers.Group{},
	}
}

// harness is the sketch as the suites see it.
func (s *sketch) harness() customerstest.Harness {
	return customerstest.Harness{
		Committer: s, Customers: s,
		Events: func(context.Context) ([]event.Event, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return slices.Clone(s.events), nil
		},
		Audit: func(_ context.Context, subject string) ([]ports.AuditEntry, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			var out []ports.AuditEntry
			for _, e := range slices.Backward(s.log) {
				if e.Subject == subject {
					out = append(out, e)
				}
			}
			return out, nil
		},
		Reopen: func(customerstest.TB) customerstest.Harness {
			if s.flaw == forgetsConsents {
				s.consents = nil
			}
			return s.harness()
		},
	}
}

// Commit is customers.Committer's.
func (s *sketch) Commit(_ context.Context, c customers.Commit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.facts(c)
	if s.flaw == staleFacts {
		s.mu.Unlock()
		leave := s.meeting.Wait()
		s.mu.Lock()
		defer leave()
	}
	for _, w := range c.Customers {
		if owner, taken := f.Emails[w.State.Email]; s.flaw == emailFirst && taken && owner != w.State.ID && w.Expected > 0 && len(c.Customers) == 1 {
			return customers.EmailTaken.New("another customer has this e-mail address")
		}
	}
	if err := customers.Decide(c, f); err != nil {
		if s.flaw == keepsRefused {
			s.events = append(s.events, c.Events...)
		}
		return err
	}
	s.write(c)
	return nil
}

// facts reads what Decide needs to know.
func (s *sketch) facts(c customers.Commit) customers.Facts {
	f := customers.Facts{
		Customers: map[ref.CustomerID]ref.Version{}, Emails: map[ref.Email]ref.CustomerID{},
		References: map[customers.Reference]ref.CustomerID{}, Groups: map[string]ref.Version{},
	}
	for id, stored := range s.customers {
		f.Customers[id] = stored.Version
		if s.flaw != emailsTwice && !stored.Email.IsZero() {
			f.Emails[stored.Email] = id
		}
		for _, r := range stored.References {
			f.References[r] = id
			if s.flaw == referencesOfAll {
				f.References[customers.Reference{Source: "other", Ref: r.Ref}] = id
			}
		}
		if s.flaw == referencesTwice {
			clear(f.References)
		}
	}
	if s.flaw == erasedKeep {
		for email, id := range s.formerly {
			if _, taken := f.Emails[email]; !taken && s.customers[id].Status == customers.Erased {
				f.Emails[email] = id
			}
		}
	}
	for key, g := range s.groups {
		f.Groups[key] = g.Version
	}
	if s.flaw == oldGroups {
		for _, w := range c.Groups {
			if w.Expected > 0 {
				f.Groups[w.State.Key] = w.Expected
			}
		}
	}
	return f
}

// write stores what was accepted.
func (s *sketch) write(c customers.Commit) {
	for _, w := range c.Customers {
		if w.State.Email != "" {
			s.formerly[w.State.Email] = w.State.ID
		}
		s.customers[w.State.ID] = s.own(w.State)
	}
	for _, w := range c.Groups {
		s.groups[w.State.Key] = w.State
	}
	for _, e := range c.Consents {
		if s.flaw == consentsOnce && slices.Contains(s.consents, e) {
			continue
		}
		s.consents = append(s.consents, e)
	}
	s.log = append(s.log, c.Audit...)
	if s.flaw == lonelyEntriesLost && len(c.Customers) == 0 {
		s.log = s.log[:len(s.log)-len(c.Audit)]
	}
	events := slices.Clone(c.Events)
	if s.flaw == tellsBackwards {
		slices.Reverse(events)
	}
	s.events = append(s.events, events...)
}

// own is a customer with lists of its own.
func (s *sketch) own(c customers.Customer) customers.Customer {
	c.Groups, c.References = slices.Clone(c.Groups), slices.Clone(c.References)
	if s.flaw != sharesAddresses {
		c.Addresses = slices.Clone(c.Addresses)
	}
	return c
}

// Customer is customers.Customers'.
func (s *sketch) Customer(_ context.Context, id ref.CustomerID) (customers.Customer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, known := s.customers[id]
	if !known && s.flaw != inventsCustomers {
		return c, fault.Missing.New("there is no such customer")
	}
	return s.own(c), nil
}

// ByEmail is customers.Customers'.
func (s *sketch) ByEmail(_ context.Context, email ref.Email) (*customers.Customer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.customers {
		if c.Email == email && (email != "" || s.flaw == findsNone) {
			c = s.own(c)
			return &c, nil
		}
	}
	if id, known := s.formerly[email]; known && s.flaw == findsFormer {
		c := s.own(s.customers[id])
		return &c, nil
	}
	return nil, nil //nolint:nilnil // Nobody has it, which is no error.
}

// ByReference is customers.Customers'.
func (s *sketch) ByReference(_ context.Context, source string, refs []string) (map[string]ref.CustomerID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]ref.CustomerID{}
	for id, c := range s.customers {
		for _, r := range c.References {
			if (r.Source == source || s.flaw == anySource) && slices.Contains(refs, r.Ref) {
				out[r.Ref] = id
			}
		}
	}
	return out, nil
}

// List is customers.Customers'.
func (s *sketch) List(_ context.Context, q customers.ListQuery) ([]customers.Customer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []customers.Customer
	for id, c := range s.customers {
		behind := q.Before.IsZero() || id.Compare(q.Before) < 0 || id == q.Before && s.flaw == pagesOverlap
		member := q.Group == "" || slices.Contains(c.Groups, q.Group) || s.flaw == ignoresGroup
		if behind && member {
			out = append(out, s.own(c))
		}
	}
	slices.SortFunc(out, func(a, b customers.Customer) int { return b.ID.Compare(a.ID) })
	return out[:min(len(out), q.Limit)], nil
}

// Groups is customers.Customers'.
func (s *sketch) Groups(context.Context) ([]customers.Group, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []customers.Group{}
	for _, g := range s.groups {
		if !g.Archived || s.flaw != hidesArchived {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b customers.Group) int { return cmp.Compare(a.Key, b.Key) })
	return out, nil
}

// Consents is customers.Customers'.
func (s *sketch) Consents(_ context.Context, id ref.CustomerID) ([]customers.Consent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []customers.Consent{}
	for _, e := range s.consents {
		if e.Customer == id {
			out = append(out, e)
		}
	}
	if s.flaw == consentsByTime {
		slices.SortStableFunc(out, func(a, b customers.Consent) int { return a.At.Compare(b.At) })
	}
	return out[max(len(out)-customers.ConsentsMax, 0):], nil
}

// Count is customers.Customers'.
func (s *sketch) Count(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := int64(0)
	for _, c := range s.customers {
		if c.Status != customers.Erased || s.flaw == countsErased {
			n++
		}
	}
	return n, nil
}
