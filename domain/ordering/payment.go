package ordering

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Payment is the ledger of one way of paying one order: entries are added and never changed, and how it stands is
// their sum, see Balance and State.
type Payment struct {
	ID       ref.PaymentID // Also the idempotency key that the provider is given for the charge.
	Version  ref.Version
	Order    ref.OrderID
	Provider string
	Amount   money.Money // What is to be paid this way.
	Entries  []PaymentEntry
}

// PaymentEntryKind tells what an entry is of.
type PaymentEntryKind string

// The kinds of entries. What the shop asks of a provider after the charge, a capture, a void or a refund, begins with an
// entry that it was requested: from then on its amount is spoken for, whatever becomes of the answer. Unknown says that
// the answer was lost; succeeded (captured, voided, refunded) or failed ends it.
const (
	EntryPending    PaymentEntryKind = "pending"    // The provider has not decided, or its answer was lost.
	EntryAuthorized PaymentEntryKind = "authorized" // The provider holds the money for us.
	EntryDeclined   PaymentEntryKind = "declined"   // The provider refused.

	EntryCaptureRequested PaymentEntryKind = "capture_requested"
	EntryCaptureUnknown   PaymentEntryKind = "capture_unknown"
	EntryCaptureFailed    PaymentEntryKind = "capture_failed"
	EntryCaptured         PaymentEntryKind = "captured" // The money is ours.

	EntryVoidRequested PaymentEntryKind = "void_requested"
	EntryVoidUnknown   PaymentEntryKind = "void_unknown"
	EntryVoidFailed    PaymentEntryKind = "void_failed"
	EntryVoided        PaymentEntryKind = "voided" // What was held and not taken was given up.

	EntryRefundRequested PaymentEntryKind = "refund_requested"
	EntryRefundUnknown   PaymentEntryKind = "refund_unknown"
	EntryRefundFailed    PaymentEntryKind = "refund_failed"
	EntryRefunded        PaymentEntryKind = "refunded" // Money went back.
)

// PaymentEntry is something that happened to the money.
type PaymentEntry struct {
	Kind      PaymentEntryKind `json:"kind"`
	Amount    money.Money      `json:"amount"`
	Capture   ref.CaptureID    `json:"capture,omitzero"`    // The capture that it is about, if the shop asked for it.
	Refund    ref.RefundID     `json:"refund,omitzero"`     // The refund that it is about, if the shop asked for it.
	Lines     []RefundLine     `json:"lines,omitempty"`     // What a refund that was requested is for.
	Reference string           `json:"reference,omitempty"` // The provider's own id of it.
	Event     string           `json:"event,omitempty"`     // The provider's id of the event that told it; told again it changes nothing.
	Message   string           `json:"message,omitempty"`
	At        time.Time        `json:"at"`
}

// RefundLine is a quantity of an order's line that money goes back for.
type RefundLine struct {
	Line     ref.LineID `json:"line"`
	Quantity int64      `json:"quantity"`
}

// has tells whether there is an entry of one of the kinds.
func (p Payment) has(kinds ...PaymentEntryKind) bool {
	for _, e := range p.Entries {
		for _, k := range kinds {
			if e.Kind == k {
				return true
			}
		}
	}
	return false
}

// Settled tells whether the provider has decided.
func (p Payment) Settled() bool { return p.State() != StatePending }

// PaymentStatus is how far an order is paid; derived, never stored.
type PaymentStatus string

// The statuses of payment.
const (
	PaymentNone              PaymentStatus = "none"
	PaymentPending           PaymentStatus = "pending"
	PaymentAuthorized        PaymentStatus = "authorized"
	PaymentPartiallyPaid     PaymentStatus = "partially_paid"
	PaymentPaid              PaymentStatus = "paid"
	PaymentPartiallyRefunded PaymentStatus = "partially_refunded"
	PaymentRefunded          PaymentStatus = "refunded"
	PaymentOverpaid          PaymentStatus = "overpaid"
	PaymentVoided            PaymentStatus = "voided"
)

// PaymentStatusOf derives how far an order is paid from the ledgers of its payments. What is requested and not settled
// does not count: the status says what is so, not what is on its way.
func PaymentStatusOf(o Order, payments []Payment) PaymentStatus {
	var sum Balance
	open, taken := false, false
	for _, p := range payments {
		b := p.Balance()
		taken = taken || p.has(EntryCaptured, EntryRefunded)
		sum.Authorized += b.Authorized
		sum.Captured += b.Captured
		sum.Refunded += b.Refunded
		sum.Voided += b.Voided
		open = open || !p.Settled()
	}
	total := o.Totals.Total.Minor()
	switch {
	case sum.Refunded > 0 && sum.Refunded >= sum.Captured:
		return PaymentRefunded
	case sum.Refunded > 0:
		return PaymentPartiallyRefunded
	case sum.Captured > total:
		return PaymentOverpaid
	case taken && sum.Captured == total:
		return PaymentPaid
	case sum.Captured > 0:
		return PaymentPartiallyPaid
	case sum.Voided > 0 && sum.Voided >= sum.Authorized:
		return PaymentVoided
	case sum.Authorized > 0:
		return PaymentAuthorized
	case open:
		return PaymentPending
	default:
		return PaymentNone
	}
}
