package payments

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// ManualName is the name of Manual.
const ManualName = "manual"

// Manual is the provider for money that comes by other ways, such as a bank transfer or cash: it charges nothing, and
// its payments stay pending until someone records the money. Safe for concurrent use.
type Manual struct{}

var (
	_ ordering.PaymentProvider = Manual{}
	_ ordering.OfflineProvider = Manual{}
	_ ordering.TokenChecker    = Manual{}
)

// Name is ManualName.
func (Manual) Name() string { return ManualName }

// Offline is true: nobody needs to be called.
func (Manual) Offline() bool { return true }

// TokenRule refuses any token, which a payer who sends one believes to be money.
func (Manual) TokenRule(token string) string {
	if token != "" {
		return "the provider manual takes no token; leave it out"
	}
	return ""
}

// Charge leaves the payment pending.
func (Manual) Charge(context.Context, ordering.Charge) (ordering.ChargeResult, error) {
	return ordering.ChargeResult{State: ordering.ChargePending}, nil
}
