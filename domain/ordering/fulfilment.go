package ordering

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

// FulfilmentState is where a fulfilment is in its life.
type FulfilmentState string

// The states of a fulfilment.
const (
	FulfilmentSent       FulfilmentState = "sent" // The goods left.
	FulfilmentDelivered  FulfilmentState = "delivered"
	FulfilmentCalledBack FulfilmentState = "cancelled" // They came back before they were delivered, or never left.
)

// FulfilmentEvent is what happens to a fulfilment.
type FulfilmentEvent string

// The events of a fulfilment.
const (
	FulfilmentTracks   FulfilmentEvent = "track"
	FulfilmentDelivers FulfilmentEvent = "deliver"
	FulfilmentCancels  FulfilmentEvent = "cancel"
)

// FulfilmentMachine is the life of a fulfilment. What was delivered comes back as a return, not by cancelling.
var FulfilmentMachine = statemachine.Table[FulfilmentState, FulfilmentEvent]{
	Name: "fulfilment", Initial: FulfilmentSent, Terminal: []FulfilmentState{FulfilmentDelivered, FulfilmentCalledBack},
	Edges: []statemachine.Edge[FulfilmentState, FulfilmentEvent]{
		{From: FulfilmentSent, On: FulfilmentTracks, To: FulfilmentSent},
		{From: FulfilmentSent, On: FulfilmentDelivers, To: FulfilmentDelivered},
		{From: FulfilmentSent, On: FulfilmentCancels, To: FulfilmentCalledBack},
	},
}

// Fulfilment is goods of an order that left together.
type Fulfilment struct {
	ID        ref.FulfilmentID `json:"id"`
	State     FulfilmentState  `json:"state"`
	Lines     []FulfilmentLine `json:"lines"`
	Tracking  *Tracking        `json:"tracking,omitempty"` // Nil where nobody carries it, or nobody says how.
	CreatedAt time.Time        `json:"created_at"`
	UpdatedAt time.Time        `json:"updated_at"`
}

// FulfilmentLine is a quantity of an order's line, out of one claim of its; a line that has several may stand twice.
type FulfilmentLine struct {
	Line     ref.LineID  `json:"line"`
	Claim    ref.ClaimID `json:"claim,omitzero"`
	Quantity int64       `json:"quantity"`
	Damaged  int64       `json:"damaged,omitempty"` // Of a cancelled one: how many came back and are not fit to be sold.
	Again    ref.ClaimID `json:"again,omitzero"`    // Of a cancelled one: the claim for what is to be sent in its place.
	Owed     int64       `json:"owed,omitempty"`    // Of Again: how many are promised beyond stock and not there yet; see Outcome.
}

// Tracking says how a parcel is followed.
type Tracking struct {
	Carrier string `json:"carrier"`
	Number  string `json:"number"`
	URL     string `json:"url,omitempty"`
}

// Note is what staff write on an order for each other.
type Note struct {
	Key    string    `json:"key,omitempty"` // Under which it was written, see Service.AddNoteAs.
	At     time.Time `json:"at"`
	Author string    `json:"author"`
	Text   string    `json:"text"`
}

// FulfilmentStatus is how far an order is delivered; derived, never stored.
type FulfilmentStatus string

// The statuses of fulfilment.
const (
	Unfulfilled         FulfilmentStatus = "unfulfilled"
	Backordered         FulfilmentStatus = "backordered" // Nothing left, and something is promised that is not there yet.
	PartlyFulfilled     FulfilmentStatus = "partial"
	Fulfilled           FulfilmentStatus = "fulfilled"
	Delivered           FulfilmentStatus = "delivered"
	Returned            FulfilmentStatus = "returned"
	FulfilmentCancelled FulfilmentStatus = "cancelled"
)

// FulfilmentStatusOf derives how far an order is delivered, from the lines of its fulfilments.
func FulfilmentStatusOf(o Order) FulfilmentStatus {
	if o.Status == Cancelled {
		return FulfilmentCancelled
	}
	if o.Imported() {
		return Fulfilled
	}
	var ordered, sent, delivered int64
	for _, l := range o.Lines {
		ordered += l.Quantity
	}
	for _, f := range o.Fulfilments {
		for _, l := range f.Lines {
			if f.State != FulfilmentCalledBack {
				sent += l.Quantity
			}
			if f.State == FulfilmentDelivered {
				delivered += l.Quantity
			}
		}
	}
	switch {
	case ordered > 0 && delivered == ordered:
		return Delivered
	case ordered > 0 && sent == ordered:
		return Fulfilled
	case sent > 0:
		return PartlyFulfilled
	case o.Backordered() > 0:
		return Backordered
	default:
		return Unfulfilled
	}
}

// Fulfilment finds a fulfilment of the order.
func (o Order) Fulfilment(id ref.FulfilmentID) (Fulfilment, bool) {
	for _, f := range o.Fulfilments {
		if f.ID == id {
			return f, true
		}
	}
	return Fulfilment{}, false
}

// Sent is how many of a line left and did not come back before they were delivered.
func (o Order) Sent(line ref.LineID) int64 {
	var n int64
	for _, f := range o.Fulfilments {
		for _, l := range f.Lines {
			if l.Line == line && f.State != FulfilmentCalledBack {
				n += l.Quantity
			}
		}
	}
	return n
}
