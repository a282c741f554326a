// Package observe is what the parts of a shop agree on so that its operators can follow what it does: the names of log
// lines and of their fields, what ties the lines of one request together, and the hook through which spans are made.
//
// It knows no logger and no tracer: an adapter logs with its own and asks a Trace, if it has one. Nothing here holds
// personal data, and no line may: a name of this package is followed by a number, a code, an id that the shop made
// for itself, or a word of its own. docs/operations.md lists all names, written from this package.
package observe
