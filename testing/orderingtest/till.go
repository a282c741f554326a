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

// Till is an ordering.PaymentProvider for tests, with all capabilities but OfflineProvider. Its name is "till". Safe for
// concurrent use.
type Till struct {
	mu      sync.Mutex
	results map[ref.PaymentID]ordering.ChargeResult
	taken   map[ref.PaymentID]money.Money
	waiting map[ref.PaymentID]money.Money
	moved   map[ref.PaymentID]Moved
	effects map[tillEffect]ordering.EffectResult
	calls   map[tillEffect]int
	next    []tillFault
	before  func()
	behind  func(ref.PaymentID)
}

// Moved is what a provider really did with the money of a payment, in minor units.
type Moved struct{ Held, Captured, Voided, Refunded int64 }

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
	return &Till{
		results: map[ref.PaymentID]ordering.ChargeResult{}, taken: map[ref.PaymentID]money.Money{},
		waiting: map[ref.PaymentID]money.Money{}, moved: map[ref.PaymentID]Moved{},
		effects: map[tillEffect]ordering.EffectResult{}, calls: map[tillEffect]int{},
	}
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

// Fail makes the next call that has no armed failure before it fail with the error, whichever it is. With stand set what
// it asks for is done all the same: its answer is lost.
func (t *Till) Fail(err error, stand bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.next = append(t.next, tillFault{err, stand})
}

// Before is called, once, before the next charge, capture, void or refund is made, with nothing held.
func (t *Till) Before(do func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.before = do
}

// Meanwhile is called, once, when the next charge was made and before its answer is given, with nothing held: as a message
// comes that overtakes it.
func (t *Till) Meanwhile(do func(payment ref.PaymentID)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.behind = do
}

// Taken is what each charge that stands took, or holds.
func (t *Till) Taken() map[ref.PaymentID]money.Money {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.taken)
}

// Moved is what was really done with the money of each payment.
func (t *Till) Moved() map[ref.PaymentID]Moved {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.moved)
}

// Decide decides a charge that waits, as the token would have.
func (t *Till) Decide(payment ref.PaymentID, token string) ordering.ChargeResult {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.results[payment].State == ordering.ChargePending {
		t.results[payment] = tillResults[token]
		t.hold(payment, t.waiting[payment], tillResults[token])
	}
	return t.results[payment]
}

// Charge charges once for each payment.
func (t *Till) Charge(_ context.Context, c ordering.Charge) (ordering.ChargeResult, error) {
	t.interrupt()
	r, err := t.charge(c)
	t.mu.Lock()
	do := t.behind
	t.behind = nil
	t.mu.Unlock()
	if do != nil {
		do(c.Payment)
	}
	return r, err
}

func (t *Till) charge(c ordering.Charge) (ordering.ChargeResult, error) {
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
		t.hold(c.Payment, c.Amount, result)
	}
	return result, failure.err
}

// hold notes what a charge that was decided holds or took.
func (t *Till) hold(payment ref.PaymentID, amount money.Money, r ordering.ChargeResult) {
	switch r.State {
	case ordering.ChargeCaptured:
		t.moved[payment] = Moved{Held: amount.Minor(), Captured: amount.Minor()}
	case ordering.ChargeAuthorized:
		t.moved[payment] = Moved{Held: amount.Minor()}
	case ordering.ChargePending:
		t.waiting[payment] = amount
		return
	default:
		return
	}
	t.taken[payment] = amount
}

// interrupt calls what is to be called before the next call, once.
func (t *Till) interrupt() {
	t.mu.Lock()
	do := t.before
	t.before = nil
	t.mu.Unlock()
	if do != nil {
		do()
	}
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
