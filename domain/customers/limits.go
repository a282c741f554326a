package customers

// The limits of this context.
const (
	NameMax       = 255
	AddressMax    = 255 // Characters of each line of an address, as an order takes them.
	AddressesMax  = 50  // Of a customer.
	GroupKeyMax   = 64
	GroupsMax     = 500 // Of a shop, archived ones too.
	MembershipMax = 50  // Groups of a customer.
	ReferencesMax = 10  // Of a customer, one of a source.
	SourceMax     = 64
	ReferenceMax  = 255
	PurposeMax    = 64
	ConsentsMax   = 1000 // Of a customer, as they are read: the newest.
	PageMax       = 100
)
