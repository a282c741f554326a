package fiberhttp

// What tests see besides.
var (
	FormatCursor = formatCursor
	ParseCursor  = parseCursor
	Preferred    = preferred
	Drawable     = drawable
)

// NewestList is the name of the list of products from new to old.
const NewestList = newestList
