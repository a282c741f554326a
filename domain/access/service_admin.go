package access

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

// act is what an admin command does: on what, the commit, and what it changes for the audit log.
type act struct {
	subject string
	commit  Commit
	changes []ports.AuditChange
}

// administer runs an admin command: who may, decide, and one commit with the entry of the audit log in it. What is
// refused is entered too, in a commit of its own. An act without a commit changes nothing and is not entered.
func (s *Service) administer(ctx context.Context, by Principal, perm Permission, action, subject string, decide func(now time.Time) (act, error)) error {
	err := by.Require(perm)
	if err == nil {
		err = s.retry(ctx, func() error {
			now := s.now()
			did, err := decide(now)
			if did.subject != "" {
				subject = did.subject
			}
			if err != nil || did.commit.empty() {
				return err
			}
			did.commit.Audit = append(did.commit.Audit, s.entry(by, action, subject, nil, now, did.changes))
			return s.parts.Committer.Commit(ctx, did.commit)
		})
	}
	if outcome, _ := ports.AuditEnd(err); outcome == ports.AuditRefused && by.Kind != "" && fault.KindOf(err) != fault.Unavailable {
		// The refusal counts, whether it can be entered or not.
		_ = s.parts.Committer.Commit(ctx, Commit{Audit: []ports.AuditEntry{s.entry(by, action, subject, err, s.now(), nil)}})
	}
	return err
}

// empty tells whether there is nothing to commit.
func (c Commit) empty() bool {
	return len(c.Accounts)+len(c.Sessions)+len(c.Roles)+len(c.Keys)+len(c.Forget)+len(c.Events)+len(c.Audit) == 0
}

// entry makes an entry of the audit log.
func (s *Service) entry(by Principal, action, subject string, err error, at time.Time, changes []ports.AuditChange) ports.AuditEntry {
	e := ports.AuditEntry{ID: s.parts.IDs.New(), At: at, Actor: by.Actor(), Action: action, Subject: subject, Changes: changes}
	e.Outcome, e.Code = ports.AuditEnd(err)
	return e
}

// Audited runs an admin command of another context, whose commit carries no entry, between two entries of the audit log:
// one that it begins, which must be written before anything is done, and one with its end. A begun one without an end
// was cut off, and its effect may stand. Subject is the public id of what it is done to. Errors: Unauthenticated, Denied,
// those of the command; kinds Unavailable and Unknown, when nothing was begun.
func (s *Service) Audited(ctx context.Context, by Principal, perm Permission, action, subject string, command func(context.Context) error) error {
	if err := by.Require(perm); err != nil {
		return s.administer(ctx, by, perm, action, subject, nil) // Which refuses, and enters that.
	}
	begun := s.entry(by, action, subject, nil, s.now(), nil)
	begun.Outcome = ports.AuditBegun
	if err := s.parts.Committer.Commit(ctx, Commit{Audit: []ports.AuditEntry{begun}}); err != nil {
		return err
	}
	result := command(ctx)
	end := s.entry(by, action, subject, result, s.now(), nil)
	end.Of = begun.ID
	// The command's answer counts, and the caller's leaving must not leave the end open.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	_ = s.parts.Committer.Commit(ctx, Commit{Audit: []ports.AuditEntry{end}})
	return result
}

// endTime is how long the entry of a command's end may take.
const endTime = 5 * time.Second

// Entries gives a page of the audit log, newest first. Errors: Unauthenticated, Denied, Bad with the field limit; kind
// Unavailable.
func (s *Service) Entries(ctx context.Context, by Principal, q AuditQuery) ([]ports.AuditEntry, error) {
	if err := by.Require(AuditRead); err != nil {
		return nil, err
	}
	if q.Limit < 1 || q.Limit > PageMax {
		return nil, fault.Collect([]*fault.Error{Rule.Newf("a page has 1 to %d entries", PageMax).At("limit")})
	}
	return s.parts.Audit.Entries(ctx, q)
}

// Attach tells whose an account of a customer is: its subject from then on. Again with the same customer it changes
// nothing. It is for the bridge, which makes the customer. Errors: fault.Missing, Attached for an account
// that is another customer's; kinds Unavailable and Unknown.
func (s *Service) Attach(ctx context.Context, id ref.AccountID, customer ref.CustomerID) error {
	_, err := s.changeAccount(ctx, s.byID(ctx, id), func(a Account, now time.Time) (Account, []event.Payload, error) {
		if a.Customer == customer {
			return a, nil, nil
		}
		if !a.Customer.IsZero() || a.Kind != ForCustomer {
			return a, nil, Attached.New("the account is somebody's already")
		}
		next := a.next(now)
		next.Customer = customer
		return next, []event.Payload{AccountAttached{Account: id, Customer: customer}}, nil
	})
	return err
}

// Account gives an account. It is for the bridge; nothing in it may be shown but its address, name and state. Errors:
// fault.Missing; kind Unavailable.
func (s *Service) Account(ctx context.Context, id ref.AccountID) (Account, error) {
	return s.parts.Accounts.Account(ctx, id)
}

// SetState disables, enables or closes an account of a customer; all sessions end when it is disabled or closed. In the
// state that it leads to already, it changes nothing. Errors: Unauthenticated, Denied, fault.Missing,
// statemachine.IllegalTransition; kinds Unavailable and Unknown.
func (s *Service) SetState(ctx context.Context, by Principal, id ref.AccountID, on AccountEvent) error {
	perm := CustomersWrite
	if on == Close {
		perm = CustomersErase
	}
	return s.setState(ctx, by, perm, id, on, func(a Account) error {
		if a.Kind != ForCustomer {
			return fault.Missing.New("there is no such account of a customer")
		}
		return nil
	})
}

// setState is SetState for accounts of which permitted lets the principal.
func (s *Service) setState(ctx context.Context, by Principal, perm Permission, id ref.AccountID, on AccountEvent, permitted func(Account) error) error {
	return s.administer(ctx, by, perm, "access.account_"+string(on), id.String(), func(now time.Time) (act, error) {
		a, err := s.parts.Accounts.Account(ctx, id)
		if err != nil {
			return act{}, err
		}
		if err := permitted(a); err != nil {
			return act{}, err
		}
		if a.State == reached[on] {
			return act{}, nil
		}
		next, err := a.Apply(on, now)
		if err != nil {
			return act{}, err
		}
		return act{
			commit: Commit{
				Accounts: []Write[Account]{{State: next, Expected: a.Version}},
				Events:   s.events(id.String(), now, AccountStateChanged{Account: id, State: next.State}),
			},
			changes: changed("state", string(a.State), string(next.State)),
		}, nil
	})
}

// reached is where the events that an administrator may cause lead.
var reached = map[AccountEvent]AccountState{Disable: Disabled, Enable: Active, Close: Closed}

// changed is a change of a field, if it is one.
func changed(field, before, after string) []ports.AuditChange {
	if before == after {
		return nil
	}
	return []ports.AuditChange{{Field: field, Before: before, After: after}}
}

// listed writes a list for the audit log, in one order.
func listed[T ~string](items []T) string {
	texts := make([]string, len(items))
	for i, it := range items {
		texts[i] = string(it)
	}
	slices.Sort(texts)
	return strings.Join(texts, " ")
}

// yesNo writes a bool for the audit log.
func yesNo(b bool) string { return strconv.FormatBool(b) }
