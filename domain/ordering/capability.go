package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// OfflineProvider is the capability of a provider that needs no call: the money comes by other ways, such as a bank
// transfer or cash. An order with it is placed in one commit, its payment pending. Find it with ports.As.
//
// Contract: [offline-constant] Offline always gives the same answer; [offline-pending] an offline provider's Charge, if
// it is called all the same, takes nothing and gives ChargePending. Safe for concurrent use.
type OfflineProvider interface {
	Offline() bool
}

// ChargeLookup is the capability of a provider that tells what came of a charge whose answer was lost. Found is false
// when the provider never saw it. Find it with ports.As.
//
// Contract: [lookup-found] after a Charge, Lookup gives its result; [lookup-missing] a payment that was never charged is
// not found, which is no error. Errors: kind Unavailable. Safe for concurrent use.
type ChargeLookup interface {
	Lookup(ctx context.Context, payment ref.PaymentID) (r ChargeResult, found bool, err error)
}

// TokenChecker is the capability of a provider that can tell from a token alone that it is none of its own, so that
// checkout refuses it before anything is written. The answer names the rule that the token breaks, or is "". Find it
// with ports.As.
//
// Contract: [token-rule] a token that Charge would refuse as none of its own breaks a rule, and one that it takes
// breaks none. Safe for concurrent use.
type TokenChecker interface {
	TokenRule(token string) string
}
