package ordering

import "github.com/ipswich-retail/commerce/domain/statemachine"

// PaymentState is where a payment is in its life; derived from its ledger.
type PaymentState string

// The states of a payment.
const (
	StatePending    PaymentState = "pending"    // Nobody knows yet.
	StateAuthorized PaymentState = "authorized" // The money is held.
	StateCaptured   PaymentState = "captured"   // Some or all of it was taken, and not all of that went back.
	StateDeclined   PaymentState = "declined"
	StateVoided     PaymentState = "voided"   // It was held and given up.
	StateRefunded   PaymentState = "refunded" // All that was taken went back.
)

// PaymentMove is what happens to a payment.
type PaymentMove string

// The moves of a payment.
const (
	MoveAuthorize   PaymentMove = "authorize"
	MoveCapture     PaymentMove = "capture"
	MoveCaptureLate PaymentMove = "capture_late" // What had gone back already is told to have been taken.
	MoveDecline     PaymentMove = "decline"
	MoveVoid        PaymentMove = "void"
	MoveRefund      PaymentMove = "refund"
	MoveRefundRest  PaymentMove = "refund_rest" // The last of what was taken goes back.
)

// PaymentMachine is the life of a payment. It takes facts in any order and goes one way only, from less money moved to
// more: what comes late or twice changes nothing, and what it does not take in a state is stale there.
var PaymentMachine = statemachine.Table[PaymentState, PaymentMove]{
	Name: "payment", Initial: StatePending,
	Terminal: []PaymentState{StateCaptured, StateDeclined, StateVoided, StateRefunded},
	Edges: []statemachine.Edge[PaymentState, PaymentMove]{
		{From: StatePending, On: MoveAuthorize, To: StateAuthorized},
		{From: StatePending, On: MoveCapture, To: StateCaptured},
		{From: StatePending, On: MoveDecline, To: StateDeclined},
		{From: StatePending, On: MoveVoid, To: StateVoided},
		{From: StatePending, On: MoveRefund, To: StateCaptured},
		{From: StatePending, On: MoveRefundRest, To: StateRefunded},
		{From: StateAuthorized, On: MoveCapture, To: StateCaptured},
		{From: StateAuthorized, On: MoveVoid, To: StateVoided},
		{From: StateAuthorized, On: MoveRefund, To: StateCaptured},
		{From: StateAuthorized, On: MoveRefundRest, To: StateRefunded},
		{From: StateCaptured, On: MoveAuthorize, To: StateCaptured},
		{From: StateCaptured, On: MoveCapture, To: StateCaptured},
		{From: StateCaptured, On: MoveVoid, To: StateCaptured},
		{From: StateCaptured, On: MoveRefund, To: StateCaptured},
		{From: StateCaptured, On: MoveRefundRest, To: StateRefunded},
		{From: StateDeclined, On: MoveAuthorize, To: StateAuthorized},
		{From: StateDeclined, On: MoveCapture, To: StateCaptured},
		{From: StateDeclined, On: MoveRefund, To: StateCaptured},
		{From: StateDeclined, On: MoveRefundRest, To: StateRefunded},
		{From: StateVoided, On: MoveAuthorize, To: StateVoided},
		{From: StateVoided, On: MoveVoid, To: StateVoided},
		{From: StateVoided, On: MoveCapture, To: StateCaptured},
		{From: StateVoided, On: MoveRefund, To: StateCaptured},
		{From: StateVoided, On: MoveRefundRest, To: StateRefunded},
		{From: StateRefunded, On: MoveAuthorize, To: StateRefunded},
		{From: StateRefunded, On: MoveCapture, To: StateCaptured},
		{From: StateRefunded, On: MoveCaptureLate, To: StateRefunded},
		{From: StateRefunded, On: MoveVoid, To: StateRefunded},
		{From: StateRefunded, On: MoveRefundRest, To: StateRefunded},
	},
}

// State derives where the payment is.
func (p Payment) State() PaymentState {
	b := p.Balance()
	switch {
	case b.Refunded > 0 && b.Refunded == b.Captured:
		return StateRefunded
	case p.has(EntryCaptured, EntryRefunded):
		return StateCaptured
	case p.has(EntryVoided):
		return StateVoided
	case p.has(EntryAuthorized):
		return StateAuthorized
	case p.has(EntryDeclined):
		return StateDeclined
	default:
		return StatePending
	}
}
