package access

import "github.com/ipswich-retail/commerce/domain/fault"

// The errors of this context. Those of signing in are one: what was wrong is nobody's business but the owner's.
var (
	Unauthenticated = fault.Define(fault.Unauthenticated, "unauthenticated", "Who asks is not known, or no longer: sign in.")
	Denied          = fault.Define(fault.Denied, "denied", "Who asks is known and may not do this; permission names what it takes.")
	RateLimited     = fault.Limited
	TokenInvalid    = fault.Define(fault.Invalid, "token_invalid", "The token was used, replaced or is too old; ask for a new one.")
	EmailTaken      = fault.Define(fault.Conflict, "email_taken", "Another account has this e-mail address.")
	LastOwner       = fault.Define(fault.Conflict, "last_owner", "A shop keeps at least one owner who can sign in; make another one first.")
	KeyTaken        = fault.Define(fault.Conflict, "api_key_taken", "Another API key has this text.")
	Attached        = fault.Define(fault.Conflict, "account_attached", "The account is another customer's.")
	Rule            = fault.Define(fault.Invalid, "access_rule", "A field breaks a rule; the message names it.")
	MalformedCommit = fault.Define(fault.Internal, "malformed_access_commit", "A commit contradicts itself; a defect of the code that made it.")
)
