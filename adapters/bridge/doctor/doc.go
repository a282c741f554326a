// Package doctor looks whether a shop's data are true to themselves.
//
// A shop keeps many things twice: what is reserved of a SKU and the claims that reserve it, an order and its total, a
// payment and its entries, a change and the event that tells of it. They are written together and must agree for ever.
// The doctor reads all of them, page by page, and reports where they do not: which check, which subject, what was
// expected and what is there. It changes nothing, and it may run while the shop is open: whatever is compared is read as
// of one moment, or in an order in which a change between two reads cannot look like a fault.
//
//	report, err := doctor.New(doctor.Sources{Orders: store.Orders(), Stock: store.Stock(), Outbox: store.Outbox(), Clock: clock}, nil).Examine(ctx)
//
// Checks lists what is checked. Each has the number of the invariant that it is part of:
//
//	I1   what is reserved of a level is between nothing and all of it
//	I2   a level is the sum of its movements, what is reserved is what claims hold, and what is owed what they are owed
//	I3   a line of an order has one claim, which is as the order is, and a claim has a line
//	I4   what left the shelves is what claims took
//	I5   of an order no more is taken than is owed, and what is placed is paid or will be
//	I7   the lines of an order add up to its total, in one currency
//	I8   a cart has one live order, and knows it
//	I9   what happened to an order was told once, and nothing else was told
//	I11  nothing waits for longer than it may
//	C1   what has a price is in the catalogue
//
// I6, whether the payment provider says the same, and I10, whether every answer that a client got is true, cannot be
// seen from inside; testing/shoptest/simulation stands outside and checks them.
//
// The pure checks of one order, cart or level are exported too.
package doctor
