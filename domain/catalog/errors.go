package catalog

import "github.com/ipswich-retail/commerce/domain/fault"

// The errors of this context.
var (
	SlugTaken        = fault.Define(fault.Conflict, "slug_taken", "Another product has this slug.")
	SKUTaken         = fault.Define(fault.Conflict, "sku_taken", "Another variant has this SKU.")
	BrandTaken       = fault.Define(fault.Conflict, "brand_taken", "Another brand has this name or slug.")
	CategoryTaken    = fault.Define(fault.Conflict, "category_taken", "Another category has this slug.")
	CollectionTaken  = fault.Define(fault.Conflict, "collection_taken", "Another collection has this slug.")
	InUse            = fault.Define(fault.Conflict, "in_use", "What is to be removed is named by others; change those first.")
	StructureChanged = fault.Define(fault.Conflict, "structure_changed", "Categories or collections were changed by someone else meanwhile; try again.")
	VariantKept      = fault.Define(fault.Conflict, "variant_kept", "A variant is not simply left out: retire it; once retired, and if it was never ordered, it can be removed.")
	UnknownReference = fault.Define(fault.Invalid, "unknown_reference", "A brand, category or product that is named does not exist.")
	CategoryCycle    = fault.Define(fault.Invalid, "category_cycle", "A category cannot stand below itself.")
	TreeTooDeep      = fault.Define(fault.Invalid, "categories_too_deep", "Categories stand deeper than the tree may be.")
	TreeTooLarge     = fault.Define(fault.Invalid, "categories_too_many", "The shop has as many categories as it may.")
	Incomplete       = fault.Define(fault.Conflict, "product_incomplete", "The product was made as a draft, and not all that goes with it could be set; product names it.")
	SlugMoved        = fault.Define(fault.NotFound, "slug_moved", "What had the slug has another one now; slug names it.")
	InvalidCursor    = fault.Define(fault.Invalid, "invalid_cursor", "The cursor is not one that this list gave; start again without it.")
	BrokenRule       = fault.Define(fault.Invalid, "product_rule", "A field of a product breaks a rule; the message names it.")
)
