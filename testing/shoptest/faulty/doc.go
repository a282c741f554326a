// Package faulty puts faults between a shop and its adapters: a decorator for every port, all driven by one Faults.
//
// What can go wrong with a call to somewhere else is little, and the same for every port: it does not get through
// (Before); it does and the answer does not (After); it takes long (Delay); it gets through twice (Duplicate), or later
// than calls that were made after it (Reorder), or in part (Partial); or the caller dies before or behind it (CrashBefore,
// CrashAfter). A test says which call meets which fault:
//
//	faults := faulty.New(nil)
//	committer := faulty.Wrap(store.Ordering(), faults)
//	faults.On("ordering.Committer", "Commit", faulty.Fault{Kind: faulty.After})
//
// and what was to be proven is that the caller copes: that an order is made once although the answer was lost. Options
// choose by chance and by seed instead, see Random, and let a scheduler run something else at each call.
//
// Decorators hide nothing: ports.As finds the capabilities of what is decorated, and those have the same faults. The
// files whose names end in _gen.go are written from the ports by make generate; a test fails while a port has none.
package faulty
