package orderingtest

import (
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestPaymentEffects proves ordering.Capturer, ordering.Voider and ordering.Refunder of a provider, as far as it has
// them. Of the harness it needs Provider, Good, Moved and, where money can be held, Held; Lose and Refuse where the
// features do not excuse them.
func TestPaymentEffects(t *testing.T, open func(t *testing.T) ProviderHarness, f ProviderFeatures) {
	t.Helper()
	run(t, EffectClauses(), func(t *testing.T) ProviderHarness {
		t.Helper()
		h := open(t)
		h.features = f
		return h
	})
}

// EffectClauses are the clauses of ordering.Capturer, ordering.Voider and ordering.Refunder.
func EffectClauses() []Clause[ProviderHarness] {
	return []Clause[ProviderHarness]{
		{ID: "capture-once", Case: "asked again", Run: captureAgain},
		{ID: "capture-once", Case: "many at once", Run: captureRace},
		{ID: "capture-part", Case: "in pieces", Run: captureParts},
		{ID: "capture-part", Case: "too much", Run: captureTooMuch},
		{ID: "capture-unknown", Case: "an answer that is lost", Run: captureLost},
		{ID: "capture-unknown", Case: "one that fails", Run: captureFails},
		{ID: "void-rest", Case: "all of it", Run: voidAll},
		{ID: "void-rest", Case: "what was not captured", Run: voidRest},
		{ID: "void-once", Case: "asked again", Run: voidAgain},
		{ID: "void-none", Case: "nothing is held", Run: voidNothing},
		{ID: "void-unknown", Case: "an answer that is lost", Run: voidLost},
		{ID: "void-unknown", Case: "one that fails", Run: voidFails},
		{ID: "refund-once", Case: "asked again", Run: refundAgain},
		{ID: "refund-once", Case: "many at once", Run: refundRace},
		{ID: "refund-part", Case: "in pieces", Run: refundParts},
		{ID: "refund-part", Case: "too much", Run: refundTooMuch},
		{ID: "refund-unknown", Case: "an answer that is lost", Run: refundLost},
		{ID: "refund-unknown", Case: "one that fails", Run: refundFails},
	}
}

// effects is a provider with a charge of 10.00.
type effects struct {
	TB
	h         ProviderHarness
	payment   ref.PaymentID
	reference string
}

// charged makes a charge of 10.00, with a token.
func charged(t TB, h ProviderHarness, token string) *effects {
	t.Helper()
	c := charge(7, token, 1000)
	r := good(t, h, c)
	return &effects{TB: t, h: h, payment: c.Payment, reference: r.Reference}
}

// held makes a charge of 10.00 that is held, if the provider has the capability T and can.
func held[T any](t TB, open func(TB) ProviderHarness) (*effects, T, bool) {
	t.Helper()
	h := open(t)
	c, ok := capability[T](t, h)
	if !ok || h.Held == "" {
		var none T
		return nil, none, false
	}
	return charged(t, h, h.Held), c, true
}

// taken makes a charge of 10.00 that is taken, if the provider sends money back.
func taken(t TB, open func(TB) ProviderHarness) (*effects, ordering.Refunder, bool) {
	t.Helper()
	h := open(t)
	c, ok := capability[ordering.Refunder](t, h)
	if !ok {
		return nil, nil, false
	}
	return charged(t, h, h.Good), c, true
}

// moved checks what was really done with the money.
func (e *effects) moved(wanted Moved) {
	e.Helper()
	if e.h.Moved == nil {
		e.Logf("excused: it cannot be seen what was moved")
		return
	}
	if got := e.h.Moved(e.TB)[e.payment]; got != wanted {
		e.Errorf("the provider moved %+v, want %+v", got, wanted)
	}
}

// settled checks how an effect came out.
func (e *effects) settled(r ordering.EffectResult, err error, state ordering.EffectState) ordering.EffectResult {
	e.Helper()
	if err != nil || r.State != state || state == ordering.EffectFailed && r.Message == "" {
		e.Errorf("it came to %+v, %v; want %s", r, err, state)
	}
	return r
}

// capture makes the n-th capture.
func (e *effects) capture(n byte, minor int64) ordering.CaptureCall {
	return ordering.CaptureCall{
		Payment: e.payment, ID: ref.NewID[ref.CaptureKind]([16]byte{0: 2, 6: 0x70, 8: 0x80, 15: n}), Reference: e.reference, Amount: money.New(minor, money.GBP),
	}
}

// refund makes the n-th refund.
func (e *effects) refund(n byte, minor int64) ordering.RefundCall {
	return ordering.RefundCall{
		Payment: e.payment, ID: ref.NewID[ref.RefundKind]([16]byte{0: 3, 6: 0x70, 8: 0x80, 15: n}), Reference: e.reference, Amount: money.New(minor, money.GBP),
	}
}

// void makes the void.
func (e *effects) void() ordering.VoidCall {
	return ordering.VoidCall{Payment: e.payment, Reference: e.reference}
}

func captureAgain(t TB, open func(TB) ProviderHarness) {
	e, c, ok := held[ordering.Capturer](t, open)
	if !ok {
		return
	}
	r, err := c.Capture(t.Context(), e.capture(1, 400))
	first := e.settled(r, err, ordering.EffectSucceeded)
	for range 2 {
		if again, err := c.Capture(t.Context(), e.capture(1, 400)); err != nil || again != first {
			t.Errorf("the same capture came to %+v and then to %+v, %v", first, again, err)
		}
	}
	e.moved(Moved{Held: 1000, Captured: 400})
}

func captureRace(t TB, open func(TB) ProviderHarness) {
	e, c, ok := held[ordering.Capturer](t, open)
	if !ok {
		return
	}
	atOnce(t, func() (ordering.EffectResult, error) { return c.Capture(t.Context(), e.capture(1, 400)) })
	e.moved(Moved{Held: 1000, Captured: 400})
}

// atOnce asks for the same thing many times at once: it comes to the same each time.
func atOnce(t TB, ask func() (ordering.EffectResult, error)) {
	t.Helper()
	results, errs := make([]ordering.EffectResult, racers), make([]error, racers)
	var all sync.WaitGroup
	for i := range racers {
		all.Go(func() { results[i], errs[i] = ask() })
	}
	all.Wait()
	for i := range racers {
		if errs[i] != nil || results[i] != results[0] {
			t.Errorf("one thing came to %+v and to %+v, %v", results[0], results[i], errs[i])
		}
	}
}

func captureParts(t TB, open func(TB) ProviderHarness) {
	e, c, ok := held[ordering.Capturer](t, open)
	if !ok {
		return
	}
	for n, minor := range []int64{1, 399, 600} {
		r, err := c.Capture(t.Context(), e.capture(byte(n+1), minor))
		e.settled(r, err, ordering.EffectSucceeded)
	}
	e.moved(Moved{Held: 1000, Captured: 1000})
}

func captureTooMuch(t TB, open func(TB) ProviderHarness) {
	e, c, ok := held[ordering.Capturer](t, open)
	if !ok {
		return
	}
	r, err := c.Capture(t.Context(), e.capture(1, 1001))
	e.settled(r, err, ordering.EffectFailed)
	e.moved(Moved{Held: 1000})
	r, err = c.Capture(t.Context(), e.capture(2, 700))
	e.settled(r, err, ordering.EffectSucceeded)
	r, err = c.Capture(t.Context(), e.capture(3, 301))
	e.settled(r, err, ordering.EffectFailed)
	e.moved(Moved{Held: 1000, Captured: 700})
}

// lost asks with an answer that gets lost, and again.
func (e *effects) lost(ask func() (ordering.EffectResult, error), wanted Moved) {
	e.Helper()
	if excuse(e.TB, e.h.features.NoFaults) {
		return
	}
	e.h.Lose(e.TB)
	if _, err := ask(); err == nil || fault.KindOf(err) != fault.Unknown {
		e.Errorf("a lost answer is answered with %v, want kind unknown", err)
	}
	e.moved(wanted)
	r, err := ask()
	e.settled(r, err, ordering.EffectSucceeded)
	e.moved(wanted)
}

// fails asks for what surely fails, and again.
func (e *effects) fails(ask func() (ordering.EffectResult, error), before, wanted Moved) {
	e.Helper()
	if excuse(e.TB, e.h.features.NoFaults) {
		return
	}
	e.h.Refuse(e.TB)
	if _, err := ask(); err == nil || fault.KindOf(err) == fault.Unknown {
		e.Errorf("what surely failed is answered with %v", err)
	}
	e.moved(before)
	r, err := ask()
	e.settled(r, err, ordering.EffectSucceeded)
	e.moved(wanted)
}

func captureLost(t TB, open func(TB) ProviderHarness) {
	if e, c, ok := held[ordering.Capturer](t, open); ok {
		e.lost(func() (ordering.EffectResult, error) { return c.Capture(t.Context(), e.capture(1, 400)) }, Moved{Held: 1000, Captured: 400})
	}
}

func captureFails(t TB, open func(TB) ProviderHarness) {
	if e, c, ok := held[ordering.Capturer](t, open); ok {
		e.fails(func() (ordering.EffectResult, error) { return c.Capture(t.Context(), e.capture(1, 400)) }, Moved{Held: 1000}, Moved{Held: 1000, Captured: 400})
	}
}

func voidAll(t TB, open func(TB) ProviderHarness) {
	e, v, ok := held[ordering.Voider](t, open)
	if !ok {
		return
	}
	r, err := v.Void(t.Context(), e.void())
	e.settled(r, err, ordering.EffectSucceeded)
	e.moved(Moved{Held: 1000, Voided: 1000})
}

func voidRest(t TB, open func(TB) ProviderHarness) {
	e, v, ok := held[ordering.Voider](t, open)
	if !ok {
		return
	}
	c, ok := capability[ordering.Capturer](t, e.h)
	if !ok {
		return
	}
	r, err := c.Capture(t.Context(), e.capture(1, 400))
	e.settled(r, err, ordering.EffectSucceeded)
	r, err = v.Void(t.Context(), e.void())
	e.settled(r, err, ordering.EffectSucceeded)
	e.moved(Moved{Held: 1000, Captured: 400, Voided: 600})
}

func voidAgain(t TB, open func(TB) ProviderHarness) {
	e, v, ok := held[ordering.Voider](t, open)
	if !ok {
		return
	}
	first, err := v.Void(t.Context(), e.void())
	e.settled(first, err, ordering.EffectSucceeded)
	for range 2 {
		if again, err := v.Void(t.Context(), e.void()); err != nil || again != first {
			t.Errorf("the same void came to %+v and then to %+v, %v", first, again, err)
		}
	}
}

func voidNothing(t TB, open func(TB) ProviderHarness) {
	h := open(t)
	v, ok := capability[ordering.Voider](t, h)
	if !ok {
		return
	}
	e := charged(t, h, h.Good)
	r, err := v.Void(t.Context(), e.void())
	e.settled(r, err, ordering.EffectFailed)
	e.moved(Moved{Held: 1000, Captured: 1000})
	e.payment = charge(8, "", 1).Payment
	r, err = v.Void(t.Context(), e.void())
	e.settled(r, err, ordering.EffectFailed)
}

func voidLost(t TB, open func(TB) ProviderHarness) {
	if e, v, ok := held[ordering.Voider](t, open); ok {
		e.lost(func() (ordering.EffectResult, error) { return v.Void(t.Context(), e.void()) }, Moved{Held: 1000, Voided: 1000})
	}
}

func voidFails(t TB, open func(TB) ProviderHarness) {
	if e, v, ok := held[ordering.Voider](t, open); ok {
		e.fails(func() (ordering.EffectResult, error) { return v.Void(t.Context(), e.void()) }, Moved{Held: 1000}, Moved{Held: 1000, Voided: 1000})
	}
}

func refundAgain(t TB, open func(TB) ProviderHarness) {
	e, c, ok := taken(t, open)
	if !ok {
		return
	}
	r, err := c.Refund(t.Context(), e.refund(1, 400))
	first := e.settled(r, err, ordering.EffectSucceeded)
	for range 2 {
		if again, err := c.Refund(t.Context(), e.refund(1, 400)); err != nil || again != first {
			t.Errorf("the same refund came to %+v and then to %+v, %v", first, again, err)
		}
	}
	e.moved(Moved{Held: 1000, Captured: 1000, Refunded: 400})
}

func refundRace(t TB, open func(TB) ProviderHarness) {
	e, c, ok := taken(t, open)
	if !ok {
		return
	}
	atOnce(t, func() (ordering.EffectResult, error) { return c.Refund(t.Context(), e.refund(1, 400)) })
	e.moved(Moved{Held: 1000, Captured: 1000, Refunded: 400})
}

func refundParts(t TB, open func(TB) ProviderHarness) {
	e, c, ok := taken(t, open)
	if !ok {
		return
	}
	for n, minor := range []int64{1, 399, 600} {
		r, err := c.Refund(t.Context(), e.refund(byte(n+1), minor))
		e.settled(r, err, ordering.EffectSucceeded)
	}
	e.moved(Moved{Held: 1000, Captured: 1000, Refunded: 1000})
}

func refundTooMuch(t TB, open func(TB) ProviderHarness) {
	e, c, ok := taken(t, open)
	if !ok {
		return
	}
	r, err := c.Refund(t.Context(), e.refund(1, 1001))
	e.settled(r, err, ordering.EffectFailed)
	r, err = c.Refund(t.Context(), e.refund(2, 700))
	e.settled(r, err, ordering.EffectSucceeded)
	r, err = c.Refund(t.Context(), e.refund(3, 301))
	e.settled(r, err, ordering.EffectFailed)
	e.moved(Moved{Held: 1000, Captured: 1000, Refunded: 700})
}

func refundLost(t TB, open func(TB) ProviderHarness) {
	if e, c, ok := taken(t, open); ok {
		e.lost(func() (ordering.EffectResult, error) { return c.Refund(t.Context(), e.refund(1, 400)) },
			Moved{Held: 1000, Captured: 1000, Refunded: 400})
	}
}

func refundFails(t TB, open func(TB) ProviderHarness) {
	if e, c, ok := taken(t, open); ok {
		e.fails(func() (ordering.EffectResult, error) { return c.Refund(t.Context(), e.refund(1, 400)) },
			Moved{Held: 1000, Captured: 1000}, Moved{Held: 1000, Captured: 1000, Refunded: 400})
	}
}
