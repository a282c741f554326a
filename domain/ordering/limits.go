package ordering

import "time"

// The limits of this context.
const (
	LinesMax      = 1000      // Of a cart: real invoices have up to 675 lines.
	QuantityMax   = 1_000_000 // Of a line: real wholesale lines reach 80,995.
	KeyMax        = 255       // Bytes of an idempotency key, as at large payment providers.
	AddressMax    = 255       // Characters of each line of an address.
	TokenMax      = 255       // Bytes of a payment token.
	AttachMax     = 100       // Rows that an adopter may add to a commit.
	AttachSizeMax = 1 << 16   // Bytes of each.
)

// The limits of what is written on carts. A cart is written whole on each change, so all of it together is bounded too.
const (
	NoteMax         = 1000      // Characters of a note: two screens of a phone.
	CustomMax       = 10        // Entries of a customisation.
	MetadataMax     = 40        // Entries of a cart's metadata, as of a product's.
	LineMetadataMax = 10        // Entries of a line's metadata.
	NameMax         = 64        // Characters of a name in metadata or a customisation.
	ValueMax        = 512       // Characters of a value.
	CartTextMax     = 256 << 10 // Bytes of all of these in a cart: 262 on each of a thousand lines.
)

// ClaimTTL is how long stock is held for a payment that is not settled.
const ClaimTTL = 10 * time.Minute

// DefaultLease is how long an attempt at a command is presumed at work: longer than ProviderTimeout and a commit.
const DefaultLease = 15 * time.Second

// HolderTimeout is how long an outside stock holder may take to answer.
const HolderTimeout = 5 * time.Second

// ProviderTimeout is how long a payment provider may take to answer.
const ProviderTimeout = 10 * time.Second

// How long what is not settled is left to who began it, and how long the sweeper waits at most before it asks again. A
// sweep every ten seconds settles an order in less than 60: SettleAfter is longer than ProviderTimeout and a commit, so
// that who is at work is not disturbed.
const (
	SettleAfter = 30 * time.Second
	SettleMost  = time.Hour
)

// PaymentTTL is how long a provider may leave a payment undecided: longer than a bank debit takes. Then the order is
// given up, and what comes later goes back.
const PaymentTTL = 7 * 24 * time.Hour

// The limits of what is done to an order after it was placed.
const (
	FulfilmentsMax = 1000 // Of an order: one for each line that a cart can have.
	NotesMax       = 1000 // Of an order.
	PageMax        = 100  // Orders of a page.
	NoteTextMax    = 4000 // Characters of a note.
	ReasonMax      = 255  // Characters of the reason for a cancellation or a refund.
	TrackingMax    = 255  // Characters of each part of a tracking.
	EntriesMax     = 1000 // Of a payment: a ledger is read whole. Requests are refused beyond it, facts never.
)
