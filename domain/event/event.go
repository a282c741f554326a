// Package event holds the envelope in which a context tells what happened.
//
// An event is written in the same commit as the change that it tells of, and is delivered at least once, in order
// for each aggregate; a consumer drops doubles by ID.
package event

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Payload is what happened, in a context's own words. It holds no secret and no more personal data than its
// consumers need, for it stays in the outbox.
type Payload interface {
	// EventName is the stable name, such as "ordering.order_placed".
	EventName() string
}

// Event is the envelope. Immutable after New.
type Event struct {
	ID        ref.EventID
	Name      string // Of the payload, such as "ordering.order_placed".
	Aggregate string // The public id of the aggregate it happened to, such as "ord_…": order is kept per aggregate.
	At        time.Time
	Data      json.RawMessage // The payload.
}

// New wraps a payload. A payload is a plain struct of a context, so that it does not encode is a defect, and panics.
func New(id ref.EventID, aggregate string, at time.Time, p Payload) Event {
	data, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Sprintf("event: payload %s does not encode: %v", p.EventName(), err))
	}
	return Event{ID: id, Name: p.EventName(), Aggregate: aggregate, At: ref.Instant(at), Data: data}
}
