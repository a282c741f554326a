package customers

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Draft is a customer as an administrator or an import makes or changes one.
type Draft struct {
	Email      string // "" for none. A change of it is a claim until it is proven.
	Name       string
	Phone      string
	Groups     []string
	References []Reference
}

// Create makes a guest. Errors: Bad with fields, EmailTaken, ReferenceTaken; kinds Unavailable and Unknown.
func (s *Service) Create(ctx context.Context, by ports.Actor, d Draft) (Customer, error) {
	return s.CreateAs(ctx, by, ref.NewID[ref.CustomerKind](s.ids.New()), d)
}

// CreateAs is Create under an id of the caller's, who may have to ask again: a customer that is there under it already is
// given as it is. Errors: as of Create.
func (s *Service) CreateAs(ctx context.Context, by ports.Actor, id ref.CustomerID, d Draft) (Customer, error) {
	const action = "customers.customer_created"
	if c, err := s.customers.Customer(ctx, id); !fault.Is(err, fault.Missing) {
		return c, err
	}
	now := s.now()
	blank := Customer{ID: id, Status: Machine.Initial, CreatedAt: now}
	c, err := s.drafted(ctx, blank, d, now)
	if err == nil {
		err = s.committer.Commit(ctx, Commit{
			Customers: []Write[Customer]{{State: c}},
			Events:    s.events(c.ID.String(), now, CustomerSaved{Customer: c.ID, Status: c.Status, Version: c.Version}),
			Audit:     []ports.AuditEntry{s.entry(by, action, c.ID.String(), nil, now, differences(blank, c))},
		})
	}
	s.enterRefusal(ctx, by, action, blank.ID.String(), err)
	if err != nil {
		return Customer{}, err
	}
	return c, nil
}

// Edit changes the version of a customer that was read. Whoever has an account keeps its address, which its owner alone
// changes. Errors: Bad with fields, fault.Missing, fault.VersionConflict, EmailTaken, ReferenceTaken; kinds Unavailable
// and Unknown.
func (s *Service) Edit(ctx context.Context, by ports.Actor, id ref.CustomerID, expected ref.Version, d Draft) (Customer, error) {
	return s.change(ctx, by, "customers.customer_edited", id, expected, func(c Customer, now time.Time) (Customer, error) {
		return s.drafted(ctx, c, d, now)
	})
}

// drafted is a customer as the draft has it.
func (s *Service) drafted(ctx context.Context, c Customer, d Draft, now time.Time) (Customer, error) {
	var violations []*fault.Error
	out := c.next(now)
	var address ref.Email
	if d.Email != "" {
		parsed, err := ref.ParseEmail(d.Email)
		if err != nil {
			violations = append(violations, Rule.New("it is no e-mail address").At("email").Because(err))
		}
		address = parsed
	}
	if address != c.Email {
		if !c.Account.IsZero() {
			violations = append(violations, Rule.New("the owner of an account changes its address").At("email"))
		}
		out.Email, out.VerifiedAt = address, time.Time{}
	}
	groups, err := s.customers.Groups(ctx)
	if err != nil {
		return c, err
	}
	for i, key := range d.Groups {
		known := slices.ContainsFunc(groups, func(g Group) bool { return g.Key == key })
		if !known || slices.Contains(d.Groups[:i], key) {
			violations = append(violations, Rule.New("a group is one that there is, and named once").At("groups["+strconv.Itoa(i)+"]"))
		}
	}
	out.Name, out.Phone = d.Name, d.Phone
	out.Groups, out.References = slices.Sorted(slices.Values(d.Groups)), slices.Clone(d.References)
	if err := out.Validate(); err != nil {
		violations = append(violations, fault.Of(err).Violations()...)
	}
	return out, fault.Collect(violations)
}

// SetStatus disables, enables or erases a customer; in the status that it leads to already it changes nothing. The
// account follows, by the bridge. Erase takes away what is personal here; what else a shop keeps of somebody is not for
// this context to say. Errors: fault.Missing, also for one that is erased, statemachine.IllegalTransition; kinds
// Unavailable and Unknown.
func (s *Service) SetStatus(ctx context.Context, by ports.Actor, id ref.CustomerID, on Event) (Customer, error) {
	action := "customers.customer_" + string(on)
	var out Customer
	err := s.retry(ctx, func() error {
		c, err := s.customers.Customer(ctx, id)
		if err != nil {
			return err
		}
		if out = c; c.Status == reached[on] {
			return nil
		}
		now := s.now()
		next, err := c.Apply(on, now)
		if err != nil {
			return err
		}
		out = next
		return s.committer.Commit(ctx, Commit{
			Customers: []Write[Customer]{{State: next, Expected: c.Version}},
			Events:    s.events(id.String(), now, event.Payload(CustomerStatusChanged{Customer: id, Account: c.Account, Status: next.Status})),
			Audit:     []ports.AuditEntry{s.entry(by, action, id.String(), nil, now, []ports.AuditChange{{Field: "status", Before: string(c.Status), After: string(next.Status)}})},
		})
	})
	s.enterRefusal(ctx, by, action, id.String(), err)
	return out, err
}

// reached is where the events that an administrator may cause lead.
var reached = map[Event]Status{Disable: Disabled, Enable: Registered, Erase: Erased}

// SaveGroup makes a group (Version 0) or replaces the version it was read with. Errors: Bad with fields, GroupTaken,
// fault.VersionConflict; kinds Unavailable and Unknown.
func (s *Service) SaveGroup(ctx context.Context, by ports.Actor, g Group) (Group, error) {
	const action = "customers.group_saved"
	out, err := s.saveGroup(ctx, by, action, g)
	s.enterRefusal(ctx, by, action, g.Key, err)
	return out, err
}

func (s *Service) saveGroup(ctx context.Context, by ports.Actor, action string, g Group) (Group, error) {
	if err := g.Validate(); err != nil {
		return Group{}, err
	}
	groups, err := s.customers.Groups(ctx)
	if err != nil {
		return Group{}, err
	}
	before := Group{}
	if i := slices.IndexFunc(groups, func(stored Group) bool { return stored.Key == g.Key }); i >= 0 && g.Version != 0 {
		before = groups[i]
	} else if len(groups) >= GroupsMax {
		return Group{}, fault.Collect([]*fault.Error{Rule.Newf("a shop has at most %d groups", GroupsMax).At("key")})
	}
	now := s.now()
	expected := g.Version
	g.Version, g.CreatedAt, g.UpdatedAt = expected+1, before.CreatedAt, now
	if expected == 0 {
		g.CreatedAt = now
	}
	changes := append(changed("name", before.Name, g.Name), changed("archived", strconv.FormatBool(before.Archived), strconv.FormatBool(g.Archived))...)
	return g, s.committer.Commit(ctx, Commit{
		Groups: []Write[Group]{{State: g, Expected: expected}},
		Events: s.events("group:"+g.Key, now, event.Payload(GroupSaved{Group: g.Key, Archived: g.Archived})),
		Audit:  []ports.AuditEntry{s.entry(by, action, g.Key, nil, now, changes)},
	})
}

// Groups lists the groups, archived ones too, by key. Errors: kind Unavailable.
func (s *Service) Groups(ctx context.Context) ([]Group, error) { return s.customers.Groups(ctx) }

// entry makes an entry of the audit log.
func (s *Service) entry(by ports.Actor, action, subject string, err error, at time.Time, changes []ports.AuditChange) ports.AuditEntry {
	e := ports.AuditEntry{ID: s.ids.New(), At: at, Actor: by, Action: action, Subject: subject, Changes: changes}
	e.Outcome, e.Code = ports.AuditEnd(err)
	return e
}

// enterRefusal enters the refusal of an administrator's command, which counts whether it can be entered or not.
func (s *Service) enterRefusal(ctx context.Context, by ports.Actor, action, subject string, err error) {
	outcome, _ := ports.AuditEnd(err)
	if by.IsZero() || outcome != ports.AuditRefused || fault.KindOf(err) == fault.Unavailable {
		return
	}
	_ = s.committer.Commit(ctx, Commit{Audit: []ports.AuditEntry{s.entry(by, action, subject, err, s.now(), nil)}})
}

// changed is a change of a field, if it is one.
func changed(field, before, after string) []ports.AuditChange {
	if before == after {
		return nil
	}
	return []ports.AuditChange{{Field: field, Before: before, After: after}}
}

// differences tell what of a customer changed. The audit log outlives an erasure, so it says that personal fields
// changed and not from what to what.
func differences(before, after Customer) []ports.AuditChange {
	personal := func(field string, same bool) []ports.AuditChange {
		if same {
			return nil
		}
		return []ports.AuditChange{{Field: field, Before: "(personal)", After: "(personal)"}}
	}
	sources := func(c Customer) string {
		var out []string
		for _, r := range c.References {
			out = append(out, r.Source)
		}
		return strings.Join(out, " ")
	}
	return slices.Concat(
		changed("status", string(before.Status), string(after.Status)),
		changed("groups", strings.Join(before.Groups, " "), strings.Join(after.Groups, " ")),
		changed("references", sources(before), sources(after)),
		personal("email", before.Email == after.Email),
		personal("name", before.Name == after.Name),
		personal("phone", before.Phone == after.Phone),
		personal("addresses", slices.Equal(before.Addresses, after.Addresses)),
	)
}
