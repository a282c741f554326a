package ordering

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// PaymentEventKind tells what became known of a payment.
type PaymentEventKind string

// The kinds of payment events.
const (
	EventWaiting    PaymentEventKind = "waiting" // Nothing is decided; it changes nothing.
	EventAuthorized PaymentEventKind = "authorized"
	EventCaptured   PaymentEventKind = "captured"
	EventDeclined   PaymentEventKind = "declined"
	EventVoided     PaymentEventKind = "voided"
	EventRefunded   PaymentEventKind = "refunded"

	EventCaptureFailed  PaymentEventKind = "capture_failed"
	EventVoidFailed     PaymentEventKind = "void_failed"
	EventRefundFailed   PaymentEventKind = "refund_failed"
	EventCaptureUnknown PaymentEventKind = "capture_unknown" // Our own request whose answer was lost.
	EventVoidUnknown    PaymentEventKind = "void_unknown"
	EventRefundUnknown  PaymentEventKind = "refund_unknown"
)

// PaymentEvent is what became known of a payment, whoever learnt it: the answer to a call, a webhook, a lookup, an
// operator. One may come late, early, twice or before others that happened earlier.
type PaymentEvent struct {
	Provider string `json:"provider"`
	// ID is the provider's own id of the event, unique among its events: the same again changes nothing. Empty for what
	// is no event of its, such as an answer.
	ID      string           `json:"id,omitempty"`
	Payment ref.PaymentID    `json:"payment"`
	Kind    PaymentEventKind `json:"kind"`
	// Amount is what it is about. The zero value means all of it: what was requested, else what is to be paid, is held or
	// was taken.
	Amount    money.Money   `json:"amount,omitzero"`
	Capture   ref.CaptureID `json:"capture,omitzero"` // The capture that the shop asked for, if it is about one.
	Refund    ref.RefundID  `json:"refund,omitzero"`
	Reference string        `json:"reference,omitempty"` // The provider's id of the charge, capture or refund.
	Message   string        `json:"message,omitempty"`   // For the payer, when declined.
	At        time.Time     `json:"at,omitzero"`         // At the provider.
}

// ChargeEvent tells what a provider answered to a charge or a lookup of the payment.
func ChargeEvent(p Payment, r ChargeResult) PaymentEvent {
	e := PaymentEvent{Provider: p.Provider, Payment: p.ID, Kind: EventWaiting, Amount: p.Amount, Reference: r.Reference, Message: r.Message}
	switch r.State {
	case ChargeAuthorized:
		e.Kind = EventAuthorized
	case ChargeCaptured:
		e.Kind = EventCaptured
	case ChargeDeclined:
		e.Kind = EventDeclined
	default:
	}
	return e
}

// eventEntries are the entries that events make.
var eventEntries = map[PaymentEventKind]PaymentEntryKind{
	EventAuthorized: EntryAuthorized, EventCaptured: EntryCaptured, EventDeclined: EntryDeclined, EventVoided: EntryVoided,
	EventRefunded: EntryRefunded, EventCaptureFailed: EntryCaptureFailed, EventVoidFailed: EntryVoidFailed,
	EventRefundFailed: EntryRefundFailed, EventCaptureUnknown: EntryCaptureUnknown, EventVoidUnknown: EntryVoidUnknown,
	EventRefundUnknown: EntryRefundUnknown,
}

// learn gives the entry that an event adds to the ledger, and false when it says nothing new. Errors:
// PaymentContradiction.
func (p Payment) learn(e PaymentEvent, at time.Time) (PaymentEntry, bool, error) {
	if e.Provider != "" && e.Provider != p.Provider {
		return PaymentEntry{}, false, PaymentContradiction.New("a provider tells of another one's payment").With("payment", p.ID.String())
	}
	kind, some := eventEntries[e.Kind]
	if !some || e.ID != "" && slices.ContainsFunc(p.Entries, func(x PaymentEntry) bool { return x.Event == e.ID }) || p.stale(kind, e) {
		return PaymentEntry{}, false, nil
	}
	amount := e.Amount
	if amount == (money.Money{}) {
		amount = p.whole(kind, e)
	}
	entry := PaymentEntry{
		Kind: kind, Amount: amount, Capture: e.Capture, Refund: e.Refund, Reference: e.Reference, Event: e.ID, Message: e.Message, At: at,
	}
	next := p
	next.Entries = append(p.Entries[:len(p.Entries):len(p.Entries)], entry)
	if err := next.sound(); err != nil {
		return PaymentEntry{}, false, err
	}
	if move, moves := p.move(kind, next); moves {
		if _, takes := PaymentMachine.Next(p.State(), move); !takes {
			return PaymentEntry{}, false, nil
		}
	}
	return entry, true, nil
}

// stale tells whether what the event says is known, or was overtaken.
func (p Payment) stale(kind PaymentEntryKind, e PaymentEvent) bool {
	same := func(x PaymentEntry) bool {
		if x.Kind != kind {
			return false
		}
		// What the shop asked for is known by its id, all else by the provider's reference.
		if !e.Capture.IsZero() || !e.Refund.IsZero() {
			return x.Capture == e.Capture && x.Refund == e.Refund
		}
		return x.Reference == e.Reference || x.Capture.IsZero() && x.Refund.IsZero() && (x.Reference == "" || e.Reference == "")
	}
	if kind == EntryAuthorized || kind == EntryDeclined {
		return p.has(kind)
	}
	of := effectKinds[kind]
	x, known := p.effect(of.kind, e)
	switch {
	case kind == EntryVoided:
		// It settles the void that was asked for, else gives up what is held; with neither it says nothing new.
		return !(known && x.Open()) && p.has(EntryVoided) && p.Balance().Open() == 0
	case of.on == EffectDone:
		return slices.ContainsFunc(p.Entries, same)
	}
	if !known {
		return true // Of an effect that nobody asked for.
	}
	_, takes := EffectMachine.Next(x.State, of.on)
	return !takes
}

// whole is all that an event without an amount can be about.
func (p Payment) whole(kind PaymentEntryKind, e PaymentEvent) money.Money {
	of := effectKinds[kind]
	if x, known := p.effect(of.kind, e); known && of.kind != EffectVoid {
		return x.Amount
	}
	b := p.Balance()
	switch kind {
	case EntryVoided, EntryVoidFailed, EntryVoidUnknown:
		if b.Authorized > 0 {
			return p.gives(b.Open())
		}
		return p.Amount // Of what is not told yet.
	case EntryRefunded:
		if b.Captured > b.Refunded {
			return p.gives(b.Captured - b.Refunded)
		}
		return p.Amount
	default:
		return p.Amount
	}
}

// move is what an entry does to the payment; false for one that moves no money.
func (p Payment) move(kind PaymentEntryKind, next Payment) (PaymentMove, bool) {
	switch kind {
	case EntryAuthorized:
		return MoveAuthorize, true
	case EntryDeclined:
		return MoveDecline, true
	case EntryVoided:
		return MoveVoid, true
	case EntryCaptured:
		if next.State() == StateRefunded {
			return MoveCaptureLate, true
		}
		return MoveCapture, true
	case EntryRefunded:
		if next.State() == StateRefunded {
			return MoveRefundRest, true
		}
		return MoveRefund, true
	default:
		return "", false
	}
}
