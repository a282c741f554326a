package pricing

import "github.com/ipswich-retail/commerce/domain/fault"

// BrokenRule is the error of a price that breaks a rule.
var BrokenRule = fault.Define(fault.Invalid, "price_rule", "A field of a price breaks a rule; the message names it.")
