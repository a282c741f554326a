// Package simulation runs a whole shop through bad weather and looks whether it stays true to itself.
//
// Shoppers fill carts, check out, try again with the same key and with another, and come back for their orders; staff
// receive goods and change prices. Two servers serve them. Every call of a port is a point at which somebody else may
// go on, a server may crash, the call may not get through, or its answer may be lost or late. The payment provider
// loses answers of its own. Time passes in small steps and in jumps.
//
// All of it is one goroutine and one seed: each choice is drawn from it, so that a seed and a number of steps always
// give the same history, to the last digit of Report.Digest. A failure is a seed.
//
// After each step the things that the step touched are checked; now and then, and in the end, everything is. In the end
// the weather clears: servers stay up, answers come, everybody who does not know what became of a request asks again
// with its key, until nothing is left to do. Then every question must have an answer, and nothing may be left over.
//
// What is checked is in the names of the findings; they follow the invariants of the doctor (adapters/bridge/doctor)
// and add what only who stood outside can know: what shoppers were told, and what the provider did.
//
// Run it on an adapter of your own by Options.Ports.
package simulation
