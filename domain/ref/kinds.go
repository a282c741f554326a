package ref

// The kinds of aggregates whose ids more than one context names, as type arguments of NewID and ParseID.
type (
	// ProductKind is the kind of ProductID.
	ProductKind struct{}
	// VariantKind is the kind of VariantID.
	VariantKind struct{}
	// MediaKind is the kind of MediaID.
	MediaKind struct{}
	// OrderKind is the kind of OrderID.
	OrderKind struct{}
	// LineKind is the kind of LineID.
	LineKind struct{}
	// PaymentKind is the kind of PaymentID.
	PaymentKind struct{}
	// ClaimKind is the kind of ClaimID.
	ClaimKind struct{}
	// EventKind is the kind of EventID.
	EventKind struct{}
)

// Prefix starts the public text.
func (ProductKind) Prefix() string { return "prd" }

// Prefix starts the public text.
func (VariantKind) Prefix() string { return "var" }

// Prefix starts the public text.
func (MediaKind) Prefix() string { return "med" }

// Prefix starts the public text.
func (OrderKind) Prefix() string { return "ord" }

// Prefix starts the public text.
func (LineKind) Prefix() string { return "lin" }

// Prefix starts the public text.
func (PaymentKind) Prefix() string { return "pay" }

// Prefix starts the public text.
func (ClaimKind) Prefix() string { return "clm" }

// Prefix starts the public text.
func (EventKind) Prefix() string { return "evt" }

type (
	// ProductID names a product of the catalogue.
	ProductID = ID[ProductKind]
	// VariantID names a sellable variant of a product.
	VariantID = ID[VariantKind]
	// MediaID names a picture or document of a product.
	MediaID = ID[MediaKind]
	// OrderID names an order.
	OrderID = ID[OrderKind]
	// LineID names a line of a cart or an order.
	LineID = ID[LineKind]
	// PaymentID names a payment; it is also the idempotency key that providers are given.
	PaymentID = ID[PaymentKind]
	// ClaimID names a claim on stock; it is the key under which each effect on it is applied at most once.
	ClaimID = ID[ClaimKind]
	// EventID names an event; consumers drop what they have seen by it.
	EventID = ID[EventKind]
)
