package ordering

import "time"

// TimelineEntry is something that happened to an order.
type TimelineEntry struct {
	At      time.Time `json:"at"`
	Kind    string    `json:"kind"`
	Message string    `json:"message,omitempty"`
	Staff   bool      `json:"staff,omitempty"` // Not for the buyer to see.
}

// The kinds of timeline entries.
const (
	TimelineClaiming   = "claiming" // An outside stock holder is asked.
	TimelinePending    = "pending"
	TimelinePlaced     = "placed"
	TimelineAuthorized = "payment_authorized"
	TimelinePaid       = "payment_captured"
	TimelineDeclined   = "payment_declined"
	TimelineVoided     = "payment_voided"
	TimelineRefunded   = "payment_refunded"
	TimelineLapsed     = "claims_lapsed" // Its goods are for others again, no payment having come.
	TimelineReclaimed  = "claims_renewed"
	TimelineCancelled  = "cancelled"
	TimelineCompleted  = "completed"
	TimelineReopened   = "reopened"
	TimelineFulfilled  = "fulfilled"
	TimelineTracked    = "tracking_changed"
	TimelineDelivered  = "delivered"
	TimelineCalledBack = "fulfilment_cancelled"
	TimelineNoted      = "noted"
	TimelineImported   = "imported" // From another system, which sold it.
)

// entryTimeline is what the timeline says of an entry in a payment's ledger. What was asked for and not settled yet is
// for staff alone.
var entryTimeline = map[PaymentEntryKind]string{
	EntryAuthorized: TimelineAuthorized, EntryCaptured: TimelinePaid, EntryDeclined: TimelineDeclined,
	EntryVoided: TimelineVoided, EntryRefunded: TimelineRefunded,
}

// timelineOf makes the entry of the timeline for one of a payment's ledger.
func timelineOf(e PaymentEntry) TimelineEntry {
	out := TimelineEntry{At: e.At, Kind: entryTimeline[e.Kind]}
	switch {
	case out.Kind == "":
		out.Kind, out.Message, out.Staff = "payment_"+string(e.Kind), e.Amount.String(), true
	case e.Kind == EntryDeclined:
		out.Message = e.Message
	case e.Kind == EntryRefunded:
		out.Message = e.Amount.String()
	}
	return out
}
