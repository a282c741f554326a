package inventory

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Stock keeps levels, claims and the ledger. Orders change it too, through the same store's ordering.Committer.
//
// Contract: [stock-atomic] Commit is wholly true or not at all, events too; [stock-key] an adjustment whose key was
// applied before changes nothing; [stock-rule] it decides as Ledger does; [stock-ledger] at every moment the sums of
// a SKU's movements are its levels; [stock-available] Available gives what can be claimed of each SKU that has a
// level, leaves out the others, and may be a moment old. Errors: those of Ledger.Adjust; kinds Unavailable, Unknown.
// Safe for concurrent use.
type Stock interface {
	Commit(ctx context.Context, c Commit) error
	Available(ctx context.Context, skus []ref.SKU) (map[ref.SKU]int64, error)
	// Position gives the levels and the ledger's sums at one moment; a SKU without a level has none and zeros.
	Position(ctx context.Context, sku ref.SKU) (Position, error)
}
