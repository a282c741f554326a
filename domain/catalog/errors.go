package catalog

import "github.com/ipswich-retail/commerce/domain/fault"

// The errors of this context.
var (
	SlugTaken     = fault.Define(fault.Conflict, "slug_taken", "Another product has this slug.")
	SKUTaken      = fault.Define(fault.Conflict, "sku_taken", "Another variant has this SKU.")
	InvalidCursor = fault.Define(fault.Invalid, "invalid_cursor", "The cursor is not one that this list gave; start again without it.")
	BrokenRule    = fault.Define(fault.Invalid, "product_rule", "A field of a product breaks a rule; the message names it.")
)
