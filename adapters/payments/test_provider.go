package payments

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestName is the name of Test.
const TestName = "test"

// The tokens of Test; each decides what comes of a charge.
const (
	TokenOK      = "tok_ok"      // Captured.
	TokenDecline = "tok_decline" // Declined.
)

// DeclineMessage is what Test tells the payer of a declined charge.
const DeclineMessage = "the card was declined; use another card or another way to pay"

// Test is a provider that pretends: the token decides what comes of a charge, and no money moves. It keeps all
// charges for as long as it lives. Made by NewTest; safe for concurrent use.
type Test struct {
	mu      sync.Mutex
	charges []TestCharge
	byID    map[ref.PaymentID]int
}

// TestCharge is a charge that Test was asked for, with what came of it.
type TestCharge struct {
	ordering.Charge
	Result ordering.ChargeResult
}

var (
	_ ordering.PaymentProvider = (*Test)(nil)
	_ ordering.ChargeLookup    = (*Test)(nil)
	_ ordering.TokenChecker    = (*Test)(nil)
)

// NewTest makes a provider that has charged nothing.
func NewTest() *Test { return &Test{byID: map[ref.PaymentID]int{}} }

// Name is TestName.
func (*Test) Name() string { return TestName }

// TokenRule allows the tokens of Test alone.
func (*Test) TokenRule(token string) string {
	if allowed := []string{TokenOK, TokenDecline}; !slices.Contains(allowed, token) {
		return "the tokens of the provider test are: " + strings.Join(allowed, ", ")
	}
	return ""
}

// Charge does what the token says, once for each payment: asked again it gives the first result again. Errors: kind
// Unavailable when the context has ended, Rule for an unknown token; nothing is charged then.
func (t *Test) Charge(ctx context.Context, c ordering.Charge) (ordering.ChargeResult, error) {
	if err := ctx.Err(); err != nil {
		return ordering.ChargeResult{}, fault.Down.New("the request ended before the provider was asked; nothing was charged").Because(err)
	}
	if rule := t.TokenRule(c.Token); rule != "" {
		return ordering.ChargeResult{}, ordering.Rule.New(rule).At("payment.token")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if i, known := t.byID[c.Payment]; known {
		return t.charges[i].Result, nil
	}
	result := ordering.ChargeResult{State: ordering.ChargeCaptured, Reference: "test_" + c.Payment.String()}
	if c.Token == TokenDecline {
		result = ordering.ChargeResult{State: ordering.ChargeDeclined, Message: DeclineMessage}
	}
	t.byID[c.Payment] = len(t.charges)
	t.charges = append(t.charges, TestCharge{Charge: c, Result: result})
	return result, nil
}

// Lookup tells what came of the charge of a payment, if Test was asked for it.
func (t *Test) Lookup(ctx context.Context, payment ref.PaymentID) (r ordering.ChargeResult, found bool, err error) {
	if err := ctx.Err(); err != nil {
		return ordering.ChargeResult{}, false, fault.Down.New("the request ended before the provider was asked").Because(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	i, known := t.byID[payment]
	if !known {
		return ordering.ChargeResult{}, false, nil
	}
	return t.charges[i].Result, true, nil
}

// Charges lists all charges in the order in which they were first asked for, for tests to see.
func (t *Test) Charges() []TestCharge {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.charges)
}
