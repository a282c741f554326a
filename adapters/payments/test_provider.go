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
	TokenOK        = "tok_ok"        // Captured.
	TokenAuthorize = "tok_authorize" // Held, to be captured or voided later.
	TokenDecline   = "tok_decline"   // Declined.
	TokenTimeout   = "tok_timeout"   // No answer, and nothing was charged.
	TokenUnknown   = "tok_unknown"   // No answer, and the money was captured.
	TokenAsync     = "tok_async"     // Undecided until Settle.
)

// tokens lists the tokens in the order in which a rule names them.
func tokens() []string {
	return []string{TokenOK, TokenAuthorize, TokenDecline, TokenTimeout, TokenUnknown, TokenAsync}
}

// DeclineMessage is what Test tells the payer of a declined charge.
const DeclineMessage = "the card was declined; use another card or another way to pay"

// Test is a provider that pretends: the token decides what comes of a charge, and no money moves. It keeps everything for
// as long as it lives. Made by NewTest; safe for concurrent use.
type Test struct {
	secret  []byte
	mu      sync.Mutex
	charges []TestCharge
	byID    map[ref.PaymentID]int
	effects map[effectKey]ordering.EffectResult
	deliver func(ordering.PaymentEvent)
	queue   []ordering.PaymentEvent
}

// TestCharge is a charge that Test was asked for, with what came of it. The amounts are in minor units.
type TestCharge struct {
	ordering.Charge
	Result                           ordering.ChargeResult
	Held, Captured, Voided, Refunded int64
}

// TestOptions tune a Test.
type TestOptions struct {
	// Secret signs its webhooks. Without one it sends none and takes none.
	Secret []byte
}

var (
	_ ordering.PaymentProvider = (*Test)(nil)
	_ ordering.ChargeLookup    = (*Test)(nil)
	_ ordering.TokenChecker    = (*Test)(nil)
	_ ordering.Capturer        = (*Test)(nil)
	_ ordering.Voider          = (*Test)(nil)
	_ ordering.Refunder        = (*Test)(nil)
	_ ordering.WebhookParser   = (*Test)(nil)
)

// NewTest makes a provider that has charged nothing and sends no webhooks.
func NewTest() *Test { return NewTestWith(TestOptions{}) }

// NewTestWith makes a provider that has charged nothing.
func NewTestWith(o TestOptions) *Test {
	return &Test{secret: slices.Clone(o.Secret), byID: map[ref.PaymentID]int{}, effects: map[effectKey]ordering.EffectResult{}}
}

// Name is TestName.
func (*Test) Name() string { return TestName }

// TokenRule allows the tokens of Test alone.
func (*Test) TokenRule(token string) string {
	if !slices.Contains(tokens(), token) {
		return "the tokens of the provider test are: " + strings.Join(tokens(), ", ")
	}
	return ""
}

// Charge does what the token says, once for each payment: asked again it gives the first result again. Errors: kind
// Unavailable when the context has ended, Rule for an unknown token; nothing is charged then. Kind Unknown for TokenTimeout
// each time, and for TokenUnknown the first time.
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
	if c.Token == TokenTimeout {
		return ordering.ChargeResult{}, fault.Lost.New("the provider did not answer")
	}
	made := TestCharge{Charge: c, Result: ordering.ChargeResult{State: ordering.ChargeCaptured, Reference: "test_" + c.Payment.String()}}
	switch c.Token {
	case TokenDecline:
		made.Result = ordering.ChargeResult{State: ordering.ChargeDeclined, Message: DeclineMessage}
	case TokenAuthorize:
		made.Result.State, made.Held = ordering.ChargeAuthorized, c.Amount.Minor()
	case TokenAsync:
		made.Result.State = ordering.ChargePending
	default:
		made.Held, made.Captured = c.Amount.Minor(), c.Amount.Minor()
	}
	t.byID[c.Payment] = len(t.charges)
	t.charges = append(t.charges, made)
	if c.Token == TokenUnknown {
		return ordering.ChargeResult{}, fault.Lost.New("the provider's answer was lost")
	}
	return made.Result, nil
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
