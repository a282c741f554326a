package ref

// The kinds of aggregates whose ids more than one context or adapter names, as type arguments of NewID and ParseID.
type (
	// ProductKind is the kind of ProductID.
	ProductKind struct{}
	// VariantKind is the kind of VariantID.
	VariantKind struct{}
	// MediaKind is the kind of MediaID.
	MediaKind struct{}
	// CategoryKind is the kind of CategoryID.
	CategoryKind struct{}
	// CollectionKind is the kind of CollectionID.
	CollectionKind struct{}
	// BrandKind is the kind of BrandID.
	BrandKind struct{}
	// CustomerKind is the kind of CustomerID.
	CustomerKind struct{}
	// AddressKind is the kind of AddressID.
	AddressKind struct{}
	// AccountKind is the kind of AccountID.
	AccountKind struct{}
	// StaffKind is the kind of StaffID.
	StaffKind struct{}
	// RoleKind is the kind of RoleID.
	RoleKind struct{}
	// APIKeyKind is the kind of APIKeyID.
	APIKeyKind struct{}
	// SessionKind is the kind of SessionID.
	SessionKind struct{}
	// OrderKind is the kind of OrderID.
	OrderKind struct{}
	// LineKind is the kind of LineID.
	LineKind struct{}
	// PaymentKind is the kind of PaymentID.
	PaymentKind struct{}
	// RefundKind is the kind of RefundID.
	RefundKind struct{}
	// CaptureKind is the kind of CaptureID.
	CaptureKind struct{}
	// FulfilmentKind is the kind of FulfilmentID.
	FulfilmentKind struct{}
	// ClaimKind is the kind of ClaimID.
	ClaimKind struct{}
	// EventKind is the kind of EventID.
	EventKind struct{}
	// ImportKind is the kind of ImportID.
	ImportKind struct{}
)

// Prefix starts the public text.
func (ProductKind) Prefix() string { return "prd" }

// Prefix starts the public text.
func (VariantKind) Prefix() string { return "var" }

// Prefix starts the public text.
func (MediaKind) Prefix() string { return "med" }

// Prefix starts the public text.
func (CategoryKind) Prefix() string { return "cat" }

// Prefix starts the public text.
func (CollectionKind) Prefix() string { return "col" }

// Prefix starts the public text.
func (BrandKind) Prefix() string { return "brd" }

// Prefix starts the public text.
func (CustomerKind) Prefix() string { return "cus" }

// Prefix starts the public text.
func (AddressKind) Prefix() string { return "adr" }

// Prefix starts the public text.
func (AccountKind) Prefix() string { return "acc" }

// Prefix starts the public text.
func (StaffKind) Prefix() string { return "stf" }

// Prefix starts the public text.
func (RoleKind) Prefix() string { return "rol" }

// Prefix starts the public text.
func (APIKeyKind) Prefix() string { return "key" }

// Prefix starts the public text.
func (SessionKind) Prefix() string { return "ses" }

// Prefix starts the public text.
func (OrderKind) Prefix() string { return "ord" }

// Prefix starts the public text.
func (LineKind) Prefix() string { return "lin" }

// Prefix starts the public text.
func (PaymentKind) Prefix() string { return "pay" }

// Prefix starts the public text.
func (RefundKind) Prefix() string { return "rfd" }

// Prefix starts the public text.
func (CaptureKind) Prefix() string { return "cap" }

// Prefix starts the public text.
func (FulfilmentKind) Prefix() string { return "ful" }

// Prefix starts the public text.
func (ClaimKind) Prefix() string { return "clm" }

// Prefix starts the public text.
func (EventKind) Prefix() string { return "evt" }

// Prefix starts the public text.
func (ImportKind) Prefix() string { return "imp" }

type (
	// ProductID names a product of the catalogue.
	ProductID = ID[ProductKind]
	// VariantID names a sellable variant of a product.
	VariantID = ID[VariantKind]
	// MediaID names a picture or document of a product.
	MediaID = ID[MediaKind]
	// CategoryID names a category of the catalogue's tree.
	CategoryID = ID[CategoryKind]
	// CollectionID names a collection of products.
	CollectionID = ID[CollectionKind]
	// BrandID names a brand.
	BrandID = ID[BrandKind]
	// CustomerID names a customer.
	CustomerID = ID[CustomerKind]
	// AddressID names an address in a customer's book.
	AddressID = ID[AddressKind]
	// AccountID names an account: who signs in, a customer or a member of staff.
	AccountID = ID[AccountKind]
	// StaffID names a member of staff.
	StaffID = ID[StaffKind]
	// RoleID names a role of staff.
	RoleID = ID[RoleKind]
	// APIKeyID names an API key; it is no credential.
	APIKeyID = ID[APIKeyKind]
	// SessionID names a session; it is no credential.
	SessionID = ID[SessionKind]
	// OrderID names an order.
	OrderID = ID[OrderKind]
	// LineID names a line of a cart or an order.
	LineID = ID[LineKind]
	// PaymentID names a payment; it is also the idempotency key that providers are given.
	PaymentID = ID[PaymentKind]
	// RefundID names a refund; it is also the idempotency key that providers are given.
	RefundID = ID[RefundKind]
	// CaptureID names a capture; it is also the idempotency key that providers are given.
	CaptureID = ID[CaptureKind]
	// FulfilmentID names a fulfilment of an order.
	FulfilmentID = ID[FulfilmentKind]
	// ClaimID names a claim on stock; it is the key under which each effect on it is applied at most once.
	ClaimID = ID[ClaimKind]
	// EventID names an event; consumers drop what they have seen by it.
	EventID = ID[EventKind]
	// ImportID names the import of a file.
	ImportID = ID[ImportKind]
)
