package inventory

import "github.com/ipswich-retail/commerce/domain/fault"

// The errors of this context.
var (
	CountChanged = fault.Define(fault.Conflict, "count_changed", "What is on hand changed since the counting began; count again.")
	BelowZero    = fault.Define(fault.Conflict, "stock_below_reserved", "The change would leave less on hand than is claimed.")
	ClaimSettled = fault.Define(fault.Conflict, "claim_settled", "The claim was settled in another way before.")
	BrokenRule   = fault.Define(fault.Invalid, "stock_rule", "A field of a stock change breaks a rule; the message names it.")
)
