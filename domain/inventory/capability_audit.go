package inventory

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Auditor is the capability of a store to show all of its stock together with what must agree with it, for who checks
// whether it does. Find it with ports.As on Stock.
//
// Contract: [audit-levels] AuditLevels gives what has a level, a movement or a claim behind a key, in ascending
// order of keys, at most limit, each once and none left out that is there all the while, with its sums as they were at
// one moment; [audit-claims] AuditClaims gives claims in the same way, by id, whole as last committed; [audit-promises]
// AuditPromises gives what has a policy or a claim that is owed something in the same way, by SKU. Errors: kind
// Unavailable. Safe for concurrent use.
type Auditor interface {
	AuditLevels(ctx context.Context, after LevelKey, limit int) ([]LevelAudit, error)
	AuditClaims(ctx context.Context, after ref.ClaimID, limit int) ([]Claim, error)
	AuditPromises(ctx context.Context, after ref.SKU, limit int) ([]PromiseAudit, error)
}

// LevelAudit is a level with what it must be. What has no level has zeros in it.
type LevelAudit struct {
	Level
	Movements   int64 // How many there are.
	OnHandSum   int64 // Of the differences of the movements.
	ReservedSum int64
	Held        int64 // What claims hold here.
	Gone        int64 // What claims say to have taken from here.
	GoneSum     int64 // What the movements of claims took from here.
}

// PromiseAudit is how much of a SKU is owed, with what it must be.
type PromiseAudit struct {
	SKU     ref.SKU
	Owed    int64 // As it is kept with the policy; 0 when there is none.
	OwedSum int64 // What its claims are owed.
}
