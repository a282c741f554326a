package orderingtest

import (
	"context"
	"maps"
	"sync"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The tokens that a Till knows; it refuses others before a charge.
const (
	TillCaptures   = "captures"
	TillAuthorizes = "authorizes"
	TillDeclines   = "declines"
	TillWaits      = "waits"
)

// Till is an ordering.PaymentProvider for tests, with a Lookup. Its name is "till". Safe for concurrent use.
type Till struct {
	mu      sync.Mutex
	results map[ref.PaymentID]ordering.ChargeResult
	taken   map[ref.PaymentID]money.Money
	next    []tillFault
	before  func()
}

// tillFault is a failure that was armed.
type tillFault struct {
	err   error
	stand bool
}

var (
	_ ordering.PaymentProvider = (*Till)(nil)
	_ ordering.ChargeLookup    = (*Till)(nil)
	_ ordering.TokenChecker    = (*Till)(nil)
)

// NewTill has charged nothing.
func NewTill() *Till {
	return &Till{results: map[ref.PaymentID]ordering.ChargeResult{}, taken: map[ref.PaymentID]money.Money{}}
}

// Name is "till".
func (t *Till) Name() string { return "till" }

// TokenRule refuses tokens that the till does not know.
func (t *Till) TokenRule(token string) string {
	if _, known := tillResults[token]; !known {
		return "the tokens are captures, authorizes, declines and waits"
	}
	return ""
}

// tillResults is what comes of each token.
var tillResults = map[string]ordering.ChargeResult{
	TillCaptures:   {State: ordering.ChargeCaptured, Reference: "till-1"},
	TillAuthorizes: {State: ordering.ChargeAuthorized, Reference: "till-2"},
	TillDeclines:   {State: ordering.ChargeDeclined, Message: "the card was declined"},
	TillWaits:      {State: ordering.ChargePending},
}

// Fail makes the next call of Charge or Lookup that has no armed failure before it fail with the error. With stand
// set a charge is made all the same: its answer is lost.
func (t *Till) Fail(err error, stand bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.next = append(t.next, tillFault{err, stand})
}

// Before is called, once, before the next charge is made, with nothing held.
func (t *Till) Before(do func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.before = do
}

// Taken is what each charge that stands took.
func (t *Till) Taken() map[ref.PaymentID]money.Money {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.taken)
}

// Charge charges once for each payment.
func (t *Till) Charge(_ context.Context, c ordering.Charge) (ordering.ChargeResult, error) {
	t.mu.Lock()
	do := t.before
	t.before = nil
	t.mu.Unlock()
	if do != nil {
		do()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	failure := t.failure()
	if failure.err != nil && !failure.stand {
		return ordering.ChargeResult{}, failure.err
	}
	result, again := t.results[c.Payment]
	if !again {
		told, known := tillResults[c.Token]
		if !known {
			return ordering.ChargeResult{}, fault.Bad.New("the token is not one of the till's")
		}
		result = told
		t.results[c.Payment] = result
		if result.State == ordering.ChargeCaptured || result.State == ordering.ChargeAuthorized {
			t.taken[c.Payment] = c.Amount
		}
	}
	return result, failure.err
}

// failure takes the next armed failure.
func (t *Till) failure() tillFault {
	if len(t.next) == 0 {
		return tillFault{}
	}
	f := t.next[0]
	t.next = t.next[1:]
	return f
}

// Lookup tells what came of a payment.
func (t *Till) Lookup(_ context.Context, payment ref.PaymentID) (ordering.ChargeResult, bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f := t.failure(); f.err != nil {
		return ordering.ChargeResult{}, false, f.err
	}
	result, found := t.results[payment]
	return result, found, nil
}
