package customers

import "github.com/ipswich-retail/commerce/domain/fault"

// The errors of this context.
var (
	EmailTaken      = fault.Define(fault.Conflict, "customer_email_taken", "Another customer has this e-mail address.")
	ReferenceTaken  = fault.Define(fault.Conflict, "external_ref_taken", "Another customer has this reference of the source.")
	GroupTaken      = fault.Define(fault.Conflict, "group_taken", "Another group has this key.")
	Rule            = fault.Define(fault.Invalid, "customer_rule", "A field breaks a rule; the message names it.")
	MalformedCommit = fault.Define(fault.Internal, "malformed_customers_commit", "A commit contradicts itself; a defect of the code that made it.")
)
