package inventory

import "github.com/ipswich-retail/commerce/domain/fault"

// The errors of this context.
var (
	CountChanged    = fault.Define(fault.Conflict, "count_changed", "What is on hand changed since the counting began; count again.")
	BelowZero       = fault.Define(fault.Conflict, "stock_below_reserved", "The change would leave less on hand than is claimed.")
	ClaimSettled    = fault.Define(fault.Conflict, "claim_settled", "The claim was settled in another way before.")
	ClaimOwed       = fault.Define(fault.Conflict, "claim_owed", "Not all that was promised has come in, so no more than what is there can leave.")
	LocationClosed  = fault.Define(fault.Conflict, "location_closed", "The location is closed and takes no stock; open it or name another.")
	LocationInUse   = fault.Define(fault.Conflict, "location_in_use", "Stock lies at the location; move it elsewhere before the location is closed.")
	LocationTaken   = fault.Define(fault.Conflict, "location_taken", "There is a location with this code already.")
	UnknownLocation = fault.Define(fault.Invalid, "unknown_location", "There is no such location; make it first.")
	BrokenRule      = fault.Define(fault.Invalid, "stock_rule", "A field of a stock change breaks a rule; the message names it.")
)
