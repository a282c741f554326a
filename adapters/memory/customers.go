package memory

import (
	"cmp"
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// customersState holds customers, groups and consents, and the ways to find them.
type customersState struct {
	customers   map[ref.CustomerID]customers.Customer
	byEmail     map[ref.Email]ref.CustomerID
	byReference map[customers.Reference]ref.CustomerID
	groups      map[string]customers.Group
	consents    map[ref.CustomerID][]customers.Consent
}

func newCustomersState() customersState {
	return customersState{
		customers: map[ref.CustomerID]customers.Customer{}, byEmail: map[ref.Email]ref.CustomerID{},
		byReference: map[customers.Reference]ref.CustomerID{}, groups: map[string]customers.Group{},
		consents: map[ref.CustomerID][]customers.Consent{},
	}
}

// people changes and reads the customers of a store.
type people struct{ store *Store }

var (
	_ customers.Committer = people{}
	_ customers.Customers = people{}
)

// People gives the port that changes customers.
func (s *Store) People() customers.Committer { return people{s} }

// Customers gives the port that reads customers.
func (s *Store) Customers() customers.Customers { return people{s} }

// Commit makes the commit true, wholly or not at all.
func (p people) Commit(ctx context.Context, c customers.Commit) error {
	s := p.store
	return s.update(ctx, func() (func(), error) {
		if err := customers.Decide(c, s.customers.facts(c)); err != nil {
			return nil, err
		}
		return func() {
			s.customers.write(c)
			s.audit.write(c.Audit)
			s.tell(c.Events)
		}, nil
	})
}

// facts reads what Decide needs to know.
func (s *customersState) facts(c customers.Commit) customers.Facts {
	f := customers.Facts{
		Customers: map[ref.CustomerID]ref.Version{}, Emails: map[ref.Email]ref.CustomerID{},
		References: map[customers.Reference]ref.CustomerID{}, Groups: map[string]ref.Version{},
	}
	for _, w := range c.Customers {
		f.Customers[w.State.ID] = s.customers[w.State.ID].Version
		if owner, known := s.byEmail[w.State.Email]; known {
			f.Emails[w.State.Email] = owner
		}
		for _, r := range w.State.References {
			if owner, known := s.byReference[r]; known {
				f.References[r] = owner
			}
		}
	}
	for _, w := range c.Groups {
		f.Groups[w.State.Key] = s.groups[w.State.Key].Version
	}
	return f
}

// write stores what Decide accepted. All old names go before any new one comes.
func (s *customersState) write(c customers.Commit) {
	for _, w := range c.Customers {
		old := s.customers[w.State.ID]
		delete(s.byEmail, old.Email)
		for _, r := range old.References {
			delete(s.byReference, r)
		}
	}
	for _, w := range c.Customers {
		stored := copyCustomer(w.State)
		s.customers[stored.ID] = stored
		if !stored.Email.IsZero() {
			s.byEmail[stored.Email] = stored.ID
		}
		for _, r := range stored.References {
			s.byReference[r] = stored.ID
		}
	}
	for _, w := range c.Groups {
		s.groups[w.State.Key] = w.State
	}
	for _, entry := range c.Consents {
		s.consents[entry.Customer] = append(s.consents[entry.Customer], entry)
	}
}

// Customer gives a customer.
func (p people) Customer(ctx context.Context, id ref.CustomerID) (customers.Customer, error) {
	return view(ctx, p.store, func() (customers.Customer, error) {
		c, known := p.store.customers.customers[id]
		return found(copyCustomer(c), known)
	})
}

// ByEmail finds a customer by the address.
func (p people) ByEmail(ctx context.Context, email ref.Email) (*customers.Customer, error) {
	return view(ctx, p.store, func() (*customers.Customer, error) {
		id, known := p.store.customers.byEmail[email]
		if !known {
			return nil, nil //nolint:nilnil // Nobody has it, which is no error.
		}
		c := copyCustomer(p.store.customers.customers[id])
		return &c, nil
	})
}

// ByReference finds customers by their references of a source.
func (p people) ByReference(ctx context.Context, source string, refs []string) (map[string]ref.CustomerID, error) {
	return view(ctx, p.store, func() (map[string]ref.CustomerID, error) {
		out := make(map[string]ref.CustomerID, len(refs))
		for _, r := range refs {
			if id, known := p.store.customers.byReference[customers.Reference{Source: source, Ref: r}]; known {
				out[r] = id
			}
		}
		return out, nil
	})
}

// List gives a page of customers, newest first.
func (p people) List(ctx context.Context, q customers.ListQuery) ([]customers.Customer, error) {
	return view(ctx, p.store, func() ([]customers.Customer, error) {
		out := []customers.Customer{}
		for id, c := range p.store.customers.customers {
			if (q.Before.IsZero() || id.Compare(q.Before) < 0) && (q.Group == "" || slices.Contains(c.Groups, q.Group)) {
				out = append(out, c)
			}
		}
		slices.SortFunc(out, func(a, b customers.Customer) int { return b.ID.Compare(a.ID) })
		out = out[:min(len(out), q.Limit)]
		for i := range out {
			out[i] = copyCustomer(out[i])
		}
		return out, nil
	})
}

// Groups gives all groups.
func (p people) Groups(ctx context.Context) ([]customers.Group, error) {
	return view(ctx, p.store, func() ([]customers.Group, error) {
		out := []customers.Group{}
		for _, g := range p.store.customers.groups {
			out = append(out, g)
		}
		slices.SortFunc(out, func(a, b customers.Group) int { return cmp.Compare(a.Key, b.Key) })
		return out, nil
	})
}

// Consents gives the newest entries of a customer's book of consents, oldest first.
func (p people) Consents(ctx context.Context, id ref.CustomerID) ([]customers.Consent, error) {
	return view(ctx, p.store, func() ([]customers.Consent, error) {
		all := p.store.customers.consents[id]
		return append([]customers.Consent{}, all[max(len(all)-customers.ConsentsMax, 0):]...), nil
	})
}

// Count counts the customers that are not erased.
func (p people) Count(ctx context.Context) (int64, error) {
	return view(ctx, p.store, func() (int64, error) {
		n := int64(0)
		for _, c := range p.store.customers.customers {
			if c.Status != customers.Erased {
				n++
			}
		}
		return n, nil
	})
}
