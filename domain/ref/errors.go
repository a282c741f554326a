package ref

import "github.com/ipswich-retail/commerce/domain/fault"

// The errors of this package.
var (
	MalformedID    = fault.Define(fault.Invalid, "malformed_id", "The text is not an id of the kind that stands here.")
	MalformedSKU   = fault.Define(fault.Invalid, "malformed_sku", "The text is not a SKU.")
	MalformedEmail = fault.Define(fault.Invalid, "malformed_email", "The text is not an e-mail address.")
)
