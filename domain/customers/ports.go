package customers

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Committer makes a commit true, wholly or not at all.
//
// Contract:
//   - [customers-atomic] A commit is true as a whole or not at all, events and audit entries too.
//   - [customers-decide] What is accepted and refused is what Decide says about the facts at the moment of the commit.
//   - [customers-version] A write whose Expected is not the stored version fails with fault.VersionConflict; of many that
//     expect one version, one wins.
//   - [customers-email] Among customers that are not erased an address stands once: EmailTaken.
//   - [customers-reference] A reference of a source stands once: ReferenceTaken.
//   - [customers-consent] Consents are added to those that are there, and change none.
//   - [customers-events] The events of a commit are in the outbox, in their order.
//   - [customers-audit] The audit entries of a commit are in the log, once each.
//   - [customers-durable] What was accepted is there after the store is opened anew.
//
// Errors: those of Decide; kinds Unavailable and Unknown. Safe for concurrent use.
type Committer interface {
	Commit(ctx context.Context, c Commit) error
}

// Customers reads customers.
//
// Contract: [customers-read] Customer gives the customer as last committed, all of it, with fault.Missing for an unknown
// id; [customers-find] ByEmail and ByReference find the customer that has the address or the reference and is not
// erased, and leave out what nobody has; [customers-list] List goes newest first by id, gives at most Limit customers
// before Before, none twice and none skipped, of the group that is asked for alone, erased ones too; [customers-groups]
// Groups gives all groups, archived ones too, by key; [customers-consents] Consents gives the entries of a customer in the
// order of their writing, the newest ConsentsMax; [customers-count] Count leaves out those that are erased. Errors also: kind Unavailable. Safe for concurrent use.
type Customers interface {
	Customer(ctx context.Context, id ref.CustomerID) (Customer, error)
	ByEmail(ctx context.Context, email ref.Email) (*Customer, error)
	ByReference(ctx context.Context, source string, refs []string) (map[string]ref.CustomerID, error)
	List(ctx context.Context, q ListQuery) ([]Customer, error)
	Groups(ctx context.Context) ([]Group, error)
	Consents(ctx context.Context, id ref.CustomerID) ([]Consent, error)
	// Count gives the number of customers that are not erased, for metrics; it may be some seconds old.
	Count(ctx context.Context) (int64, error)
}

// ListQuery asks for a page of the customers, newest first.
type ListQuery struct {
	Limit  int            // 1 to PageMax.
	Before ref.CustomerID // The last one of the page before, or zero.
	Group  string         // Only members of the group, unless "".
}
