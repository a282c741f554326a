package ordering

import "time"

// The limits of this context.
const (
	LinesMax      = 1000      // Of a cart: real invoices have up to 675 lines.
	QuantityMax   = 1_000_000 // Of a line: real wholesale lines reach 80,995.
	KeyMax        = 255       // Bytes of an idempotency key, as at large payment providers.
	AddressMax    = 255       // Bytes of each line of an address.
	TokenMax      = 255       // Bytes of a payment token.
	AttachMax     = 100       // Rows that an adopter may add to a commit.
	AttachSizeMax = 1 << 16   // Bytes of each.
)

// ClaimTTL is how long stock is held for a payment that is not settled.
const ClaimTTL = 10 * time.Minute

// DefaultLease is how long an attempt at a command is presumed at work: longer than ProviderTimeout and a commit.
const DefaultLease = 15 * time.Second

// ProviderTimeout is how long a payment provider may take to answer.
const ProviderTimeout = 10 * time.Second
