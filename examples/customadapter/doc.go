// Package customadapter shows how to bring an adapter of one's own: a catalogue in JSON files, one for each product,
// brand, category and collection, in a directory that any tool can read and copy.
//
// What an adapter owes is little. The rules of a commit are catalog.Decide, the rules of what is seen are methods such
// as catalog.Product.In; both are pure, so this package gathers what they ask for and stores what they accept. That it
// does so rightly is proven by the suites of catalogtest, which our own stores pass too: see customadapter_test.go.
//
//   - store.go keeps files, and makes many of them change at once;
//   - commit.go is the one way in;
//   - products.go, structure.go and collections.go read.
//
// It is for one process and a catalogue that fits into memory: every read looks through all there is. It survives the
// end of the process at any moment. One that must survive a power cut also calls Sync on each file and its directory.
package customadapter
