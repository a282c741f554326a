package catalog

// The limits of what the catalogue holds. Those of Shopify and WooCommerce fit in, so that any shop can move in.
const (
	TitleMax       = 255
	SlugMax        = 255
	DescriptionMax = 1 << 18 // Real descriptions with inline styles reach 100 kB.
	TextMax        = 255     // A name, type, tag, an option's name or value, a barcode.
	TagsMax        = 250
	OptionsMax     = 5
	VariantsMax    = 2048
	MediaMax       = 250
	URLMax         = 2048
	SEOMax         = 1024 // Search engines cut long before.

	// MetadataMax entries of MetadataKeyMax and MetadataValueMax bytes are 25 kB: read with each product, so small.
	MetadataMax      = 40
	MetadataKeyMax   = 64
	MetadataValueMax = 512

	ProductCategoriesMax = 50   // Of one product; each is a row.
	TranslationsMax      = 40   // More languages than any shop was seen to speak.
	ListingsMax          = 50   // Channels of one product.
	ManualMax            = 5000 // Products of a collection by hand: one list, written as a whole.
	ChannelMax           = 32
	TaxCategoryMax       = 64
)
