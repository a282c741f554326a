package ordering

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Payment is the ledger of one way of paying one order: entries are added and never changed, and how it stands is
// their sum.
type Payment struct {
	ID       ref.PaymentID // Also the idempotency key that the provider is given.
	Version  ref.Version
	Order    ref.OrderID
	Provider string
	Amount   money.Money // What is to be paid this way.
	Entries  []PaymentEntry
}

// PaymentEntryKind tells what an entry is of.
type PaymentEntryKind string

// The kinds of entries.
const (
	EntryAuthorized PaymentEntryKind = "authorized" // The provider holds the money for us.
	EntryCaptured   PaymentEntryKind = "captured"   // The money is ours.
	EntryDeclined   PaymentEntryKind = "declined"   // The provider refused; final.
	EntryPending    PaymentEntryKind = "pending"    // The provider has not decided, or its answer was lost.
	EntryVoided     PaymentEntryKind = "voided"     // An authorisation was given up.
	EntryRefunded   PaymentEntryKind = "refunded"   // Money went back.
)

// PaymentEntry is something that happened to the money.
type PaymentEntry struct {
	Kind      PaymentEntryKind `json:"kind"`
	Amount    money.Money      `json:"amount"`
	Reference string           `json:"reference,omitempty"` // The provider's own id of it.
	Message   string           `json:"message,omitempty"`
	At        time.Time        `json:"at"`
}

// sum adds up the entries of a kind; the amounts of one payment are bounded by Amount, so they do not overflow.
func (p Payment) sum(kind PaymentEntryKind) int64 {
	var n int64
	for _, e := range p.Entries {
		if e.Kind == kind {
			n += e.Amount.Minor()
		}
	}
	return n
}

// has tells whether there is an entry of a kind.
func (p Payment) has(kind PaymentEntryKind) bool {
	for _, e := range p.Entries {
		if e.Kind == kind {
			return true
		}
	}
	return false
}

// Settled tells whether the provider has decided.
func (p Payment) Settled() bool {
	return p.has(EntryAuthorized) || p.has(EntryCaptured) || p.has(EntryDeclined)
}

// add copies the payment with one more entry.
func (p Payment) add(e PaymentEntry) Payment {
	p.Entries = append(p.Entries[:len(p.Entries):len(p.Entries)], e)
	p.Version++
	return p
}

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

// PaymentStatusOf derives how far an order is paid from the ledgers of its payments.
func PaymentStatusOf(o Order, payments []Payment) PaymentStatus {
	var authorized, captured, refunded, voided int64
	open, taken := false, false
	for _, p := range payments {
		taken = taken || p.has(EntryCaptured)
		authorized += p.sum(EntryAuthorized)
		captured += p.sum(EntryCaptured)
		refunded += p.sum(EntryRefunded)
		voided += p.sum(EntryVoided)
		open = open || !p.Settled()
	}
	total := o.Totals.Total.Minor()
	switch {
	case refunded > 0 && refunded >= captured:
		return PaymentRefunded
	case refunded > 0:
		return PaymentPartiallyRefunded
	case captured > total:
		return PaymentOverpaid
	case taken && captured == total:
		return PaymentPaid
	case captured > 0:
		return PaymentPartiallyPaid
	case voided > 0 && voided >= authorized:
		return PaymentVoided
	case authorized > 0:
		return PaymentAuthorized
	case open:
		return PaymentPending
	default:
		return PaymentNone
	}
}

// FulfilmentStatus is how far an order is delivered; derived, never stored.
type FulfilmentStatus string

// The statuses of fulfilment that an order can have today.
const (
	Unfulfilled         FulfilmentStatus = "unfulfilled"
	FulfilmentCancelled FulfilmentStatus = "cancelled"
)

// FulfilmentStatusOf derives how far an order is delivered.
func FulfilmentStatusOf(o Order) FulfilmentStatus {
	if o.Status == Cancelled {
		return FulfilmentCancelled
	}
	return Unfulfilled
}
