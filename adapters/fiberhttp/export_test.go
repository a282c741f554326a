package fiberhttp

// What tests see besides.
var (
	FormatCursor = formatCursor
	ParseCursor  = parseCursor
	Preferred    = preferred
	Drawable     = drawable
	FormatPlace  = formatPlace[listedPlace]
	ParsePlace   = parsePlace[listedPlace]
)

// ListedPlace is a place in a list that is not sorted by age alone.
type ListedPlace = listedPlace

// NewestList is the name of the list of products from new to old.
const NewestList = newestList
