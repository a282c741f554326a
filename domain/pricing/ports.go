package pricing

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Prices reads prices.
//
// Contract: [prices-scope] Current gives the prices of the variants in the scope's channel and currency, as last
// committed, and leaves out a variant that has none there. Errors: kind Unavailable. Safe for concurrent use.
type Prices interface {
	Current(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]Price, error)
}

// Committer makes a commit true, wholly or not at all.
//
// Contract: [pricing-atomic] wholly or not at all, events too; [pricing-version] a write whose Expected is not the
// stored version fails with fault.VersionConflict, and State.Version is stored as the new one. Errors also: kinds
// Unavailable, Unknown. Safe for concurrent use.
type Committer interface {
	Commit(ctx context.Context, c Commit) error
}
