package ports

import "github.com/ipswich-retail/commerce/domain/fault"

// LeaseLost is the case of who wants to write under a lease that another has taken since.
var LeaseLost = fault.Define(fault.Conflict, "lease_lost", "The work was taken over by another server meanwhile; nothing was written.")
