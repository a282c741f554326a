package ordering

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

// EffectKind tells what the shop asks of a provider after the charge.
type EffectKind string

// The kinds of effects.
const (
	EffectCapture EffectKind = "capture"
	EffectVoid    EffectKind = "void"
	EffectRefund  EffectKind = "refund"
)

// EffectState is where an effect is in its life.
type EffectState string

// The states of an effect. Requested and unknown reserve its amount.
const (
	EffectRequested EffectState = "requested" // Decided, and perhaps asked for.
	EffectUnknown   EffectState = "unknown"   // Asked for, and the answer was lost: it may stand.
	EffectSucceeded EffectState = "succeeded"
	EffectFailed    EffectState = "failed"
)

// EffectEvent is what happens to an effect.
type EffectEvent string

// The events of an effect.
const (
	EffectLost    EffectEvent = "lose_answer"
	EffectDone    EffectEvent = "succeed"
	EffectRefused EffectEvent = "fail"
	EffectAgain   EffectEvent = "request_again"
)

// EffectMachine is the life of a capture, a void or a refund. That it succeeded counts, whatever was said before: money
// moves once and does not move back by a late answer. Only a void is asked for again once it failed: a capture and a
// refund are made anew, under another id.
var EffectMachine = statemachine.Table[EffectState, EffectEvent]{
	Name: "effect", Initial: EffectRequested, Terminal: []EffectState{EffectSucceeded, EffectFailed},
	Edges: []statemachine.Edge[EffectState, EffectEvent]{
		{From: EffectRequested, On: EffectLost, To: EffectUnknown},
		{From: EffectRequested, On: EffectDone, To: EffectSucceeded},
		{From: EffectRequested, On: EffectRefused, To: EffectFailed},
		{From: EffectUnknown, On: EffectDone, To: EffectSucceeded},
		{From: EffectUnknown, On: EffectRefused, To: EffectFailed},
		{From: EffectFailed, On: EffectDone, To: EffectSucceeded},
		{From: EffectFailed, On: EffectAgain, To: EffectRequested},
	},
}

// Effect is a capture, a void or a refund that the shop asked for, as its entries tell.
type Effect struct {
	Kind      EffectKind
	Capture   ref.CaptureID // Of a capture.
	Refund    ref.RefundID  // Of a refund.
	Amount    money.Money
	State     EffectState
	Reference string
	Message   string // Why it was asked for; once it failed, why.
	At        time.Time
}

// Open tells whether the effect is not settled yet.
func (e Effect) Open() bool { return !EffectMachine.Rests(e.State) }

// effectKinds are the entries of effects: what kind it is of, and what it does to it; "" begins it.
var effectKinds = map[PaymentEntryKind]struct {
	kind EffectKind
	on   EffectEvent
}{
	EntryCaptureRequested: {EffectCapture, EffectAgain},
	EntryCaptureUnknown:   {EffectCapture, EffectLost},
	EntryCaptureFailed:    {EffectCapture, EffectRefused},
	EntryCaptured:         {EffectCapture, EffectDone},
	EntryVoidRequested:    {EffectVoid, EffectAgain},
	EntryVoidUnknown:      {EffectVoid, EffectLost},
	EntryVoidFailed:       {EffectVoid, EffectRefused},
	EntryVoided:           {EffectVoid, EffectDone},
	EntryRefundRequested:  {EffectRefund, EffectAgain},
	EntryRefundUnknown:    {EffectRefund, EffectLost},
	EntryRefundFailed:     {EffectRefund, EffectRefused},
	EntryRefunded:         {EffectRefund, EffectDone},
}

// Effects lists what was asked of the provider after the charge, oldest first. What it did of its own accord, such as
// a refund made at its own desk, is none of them.
func (p Payment) Effects() []Effect {
	var out []Effect
	for _, e := range p.Entries {
		of, some := effectKinds[e.Kind]
		if !some || e.of(of.kind) && of.on == EffectDone {
			continue
		}
		i := -1
		for j, x := range out {
			if x.Kind == of.kind && x.Capture == e.Capture && x.Refund == e.Refund {
				i = j
			}
		}
		if i >= 0 && of.on == EffectAgain && out[i].State == EffectSucceeded {
			i = -1 // What came after a void is voided once more.
		}
		if i < 0 {
			if of.on == EffectDone && of.kind == EffectVoid {
				continue // Given up by the provider.
			}
			out = append(out, Effect{
				Kind: of.kind, Capture: e.Capture, Refund: e.Refund, Amount: e.Amount, State: EffectMachine.Initial, Message: e.Message, At: e.At,
			})
			i = len(out) - 1
		}
		if next, ok := EffectMachine.Next(out[i].State, of.on); ok {
			out[i].State = next
			if e.Reference != "" {
				out[i].Reference = e.Reference
			}
			if e.Message != "" {
				out[i].Message = e.Message
			}
		}
	}
	return out
}

// of tells whether an entry of a capture or a refund is of none that the shop asked for.
func (e PaymentEntry) of(kind EffectKind) bool {
	return kind == EffectCapture && e.Capture.IsZero() || kind == EffectRefund && e.Refund.IsZero()
}

// effect finds the effect that an event is about.
func (p Payment) effect(kind EffectKind, e PaymentEvent) (Effect, bool) {
	for _, x := range slices.Backward(p.Effects()) {
		if x.Kind == kind && x.Capture == e.Capture && x.Refund == e.Refund {
			return x, true
		}
	}
	return Effect{}, false
}
