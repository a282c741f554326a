// Package load plays the invoices of a shop that was as purchases of one that is: a cart, its lines, a checkout, over HTTP,
// by guests who do not think. It writes down what it asked and what it heard, and compares that with what the shop has
// stored.
//
// Load.Run plays in a closed loop, so many buyers one after the other, or in an open one, so many purchases begun a second
// whatever becomes of those before. Settle asks again for what nobody knows the outcome of. Check joins the two sides.
package load
