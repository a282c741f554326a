package inventory

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// StockAdjusted tells that what is on hand of a SKU changed other than by an order.
type StockAdjusted struct {
	SKU      ref.SKU      `json:"sku"`
	Location Location     `json:"location"`
	Kind     MovementKind `json:"kind"`
	Key      string       `json:"key"`
	To       Location     `json:"to,omitempty"` // Of a transfer.
}

// EventName is the event's stable name.
func (StockAdjusted) EventName() string { return "inventory.stock_adjusted" }

// BackorderFilled tells that goods came in for a claim that was owed some.
type BackorderFilled struct {
	Claim    ref.ClaimID `json:"claim"`
	Owner    string      `json:"owner"` // The public id of the order.
	SKU      ref.SKU     `json:"sku"`
	Quantity int64       `json:"quantity"` // That came in now.
	Left     int64       `json:"left"`     // That it is still owed.
}

// EventName is the event's stable name.
func (BackorderFilled) EventName() string { return "inventory.backorder_filled" }

// FillsWait tells that goods came in for more claims than one commit fills: call Service.Fill.
type FillsWait struct {
	SKU ref.SKU `json:"sku"`
}

// EventName is the event's stable name.
func (FillsWait) EventName() string { return "inventory.fills_wait" }

// ClaimLapsed tells that a claim was taken away, its time being over.
type ClaimLapsed struct {
	Claim    ref.ClaimID `json:"claim"`
	Owner    string      `json:"owner"`
	SKU      ref.SKU     `json:"sku"`
	Quantity int64       `json:"quantity"` // What was taken away of it.
}

// EventName is the event's stable name.
func (ClaimLapsed) EventName() string { return "inventory.claim_expired" }

// PolicySet tells how a SKU is sold beyond its stock from now on.
type PolicySet struct {
	SKU   ref.SKU    `json:"sku"`
	Kind  PolicyKind `json:"kind"`
	Limit int64      `json:"limit,omitempty"`
	Until time.Time  `json:"until,omitzero"`
}

// EventName is the event's stable name.
func (PolicySet) EventName() string { return "inventory.policy_set" }

// LocationWritten tells that a location was made or changed, closed or opened again.
type LocationWritten struct {
	Location Location  `json:"location"`
	Name     string    `json:"name"`
	State    SiteState `json:"state"`
	Priority int32     `json:"priority"`
}

// EventName is the event's stable name.
func (LocationWritten) EventName() string { return "inventory.location_written" }

// tell gathers an event of the ledger's own. What it tells of is known only where it is decided, inside a store, so its
// id is made of what happened: the same in every store, and never the same for two things.
func (l *Ledger) tell(aggregate, what string, p event.Payload) {
	l.events = append(l.events, event.New(eventID(l.at, p.EventName()+" "+what), aggregate, l.at, p))
}

// eventID makes an id in the form of version 7: the moment, and what happened in place of chance.
func eventID(at time.Time, what string) ref.EventID {
	digest := sha256.Sum256([]byte(at.UTC().Format(time.RFC3339Nano) + " " + what))
	var u ref.UUID
	copy(u[:], digest[:])
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli())<<16)
	copy(u[:6], ms[:6])
	u[6], u[8] = u[6]&0x0f|0x70, u[8]&0x3f|0x80
	return ref.NewID[ref.EventKind](u)
}
