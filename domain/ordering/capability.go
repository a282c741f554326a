package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// OfflineProvider is the capability of a provider that needs no call: the money comes by other ways, such as a bank
// transfer or cash. An order with it is placed in one commit, its payment pending. Find it with ports.As.
type OfflineProvider interface {
	Offline() bool
}

// ChargeLookup is the capability of a provider that tells what came of a charge whose answer was lost. Found is false
// when the provider never saw it. Find it with ports.As.
type ChargeLookup interface {
	Lookup(ctx context.Context, payment ref.PaymentID) (r ChargeResult, found bool, err error)
}

// TokenChecker is the capability of a provider that can tell from a token alone that it is none of its own, so that
// checkout refuses it before anything is written. The answer names the rule that the token breaks, or is "". Find it
// with ports.As.
type TokenChecker interface {
	TokenRule(token string) string
}
