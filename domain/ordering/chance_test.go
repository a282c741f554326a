package ordering_test

import (
	"math/rand/v2"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

type statemachineEdge = statemachine.Edge[ordering.PaymentState, ordering.PaymentMove]

// chance is the same for the same seed.
func chance(seed uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // Chance that can be replayed is the purpose.
}

// pick draws one of a list.
func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// allEvents are all kinds of payment events.
func allEvents() []ordering.PaymentEventKind {
	return []ordering.PaymentEventKind{
		ordering.EventWaiting, ordering.EventAuthorized, ordering.EventCaptured, ordering.EventDeclined, ordering.EventVoided, ordering.EventRefunded,
		ordering.EventCaptureFailed, ordering.EventVoidFailed, ordering.EventRefundFailed, ordering.EventCaptureUnknown, ordering.EventVoidUnknown,
		ordering.EventRefundUnknown,
	}
}
