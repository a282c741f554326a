// Package shoptest is a whole shop in memory, for tests: of the toolkit, and of those who build on it.
//
// One call makes a shop with all of its services over one store, on a clock that a test moves, with ids that are the
// same in each run and a payment provider that does what the test says:
//
//	shop := shoptest.New(t, nil)
//	mug := shop.Product(t, shoptest.Product{Title: "Mug", Price: "9.99", Stock: 3})
//	order := shop.Order(t, shoptest.Order{Lines: []shoptest.Line{{SKU: mug.Variants[0].SKU, Quantity: 2}}})
//
// What the test does not say has a sensible value. The builders go through the services, as all who change a shop do, so
// what they make is what a real shop could hold.
//
// # Time
//
// Clock stands still until somebody moves it. Advance moves it and does what became due in between, each at its own time:
// what Every was told of, the jobs of a shop, and the delivery of events to those who were named to Consume. Work does
// what is due without moving the clock.
//
// # Order
//
// Scheduler runs tasks in turns, one at a time, and lets the seed decide who is next whenever one calls a port. So two
// checkouts meet in every way that they can meet, and each meeting can be repeated:
//
//	shop.Scheduler.Go("first", func() { … })
//	shop.Scheduler.Go("second", func() { … })
//	shop.Scheduler.Run()
//
// A task must not wait for another one but by yielding. Two changes of one cart that come to one process do: they take
// turns. Give them services of their own, by NewServices, as if they came to two processes.
//
// # Faults
//
// Every call of the services to a port can meet a fault, see package faulty; Faults says which. The provider has faults
// of its own, such as an answer that is lost behind a charge that stands, and a Journal of what really happened to the
// money.
//
// # Another store
//
// Options.Ports puts an adapter in the place of the memory store's, or in front of it, so that the same tests, and the
// simulation in package simulation, run on it.
package shoptest
