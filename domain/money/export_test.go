package money

// PlainAmount and WalkAmount are the two ways in which JSON is read; what the first takes the second reads alike.
var (
	PlainAmount = plainAmount
	WalkAmount  = walkAmount
)
