package inventory

// The limits of this context.
const (
	// QuantityMax bounds every count, far below the overflow of a sum of any number of levels.
	QuantityMax = 1_000_000_000
	// AdjustmentsMax is the most adjustments in one commit: a large delivery note.
	AdjustmentsMax = 5000
	// PoliciesMax is the most policies in one commit: a page of an import.
	PoliciesMax = 1000
	// FillMax is the most claims of one SKU that one commit fills; FillsWait tells that more can be.
	FillMax = 500
	// LapsedMax is the most claims that one commit takes away because their time is over.
	LapsedMax = 200
	// MovementsMax is the most entries of the ledger in one page.
	MovementsMax = 500
	// KeyMax is the longest key of an adjustment in bytes, as of an idempotency key.
	KeyMax = 255
	// ReasonMax is the longest reason of an adjustment in characters.
	ReasonMax = 255
	// LocationMax is the longest code of a location in bytes.
	LocationMax = 64
	// NameMax is the longest name of a location in characters.
	NameMax = 100
	// PriorityMax bounds the priority of a location, either way.
	PriorityMax = 1_000_000
)
