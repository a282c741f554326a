package pricing

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Prices reads prices.
//
// Contract: [prices-scope] Plans gives the plans of the variants in the scope's channel and currency and leaves out a
// variant that has none there; [prices-plan] each is as last committed, with every price, span and note of it, and the
// caller's own; [prices-history] History gives every version of a plan, oldest first, each as it was committed however
// the plan changed since; of more than HistoryMax it gives the newest. Errors: kind Unavailable. Safe for concurrent use.
type Prices interface {
	Plans(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]Plan, error)
	History(ctx context.Context, key Key) ([]Entry, error)
}

// Write is one plan in a commit: its new state, and the version that it replaces, 0 for none.
type Write struct {
	State    Plan
	Expected ref.Version
}

// Commit is all that must become true together.
type Commit struct {
	Plans  []Write
	Events []event.Event
}

// Committer makes a commit true, wholly or not at all.
//
// Contract: [pricing-atomic] wholly or not at all, events too; [pricing-version] a write whose Expected is not the
// stored version, or of a plan that the commit writes twice, fails with fault.VersionConflict, and State.Version is
// stored as the new one. Errors also: kinds Unavailable, Unknown. Safe for concurrent use.
type Committer interface {
	Commit(ctx context.Context, c Commit) error
}
