// Package sqlite keeps a whole shop in one file.
//
// It is one store: the ports of all contexts, the outbox and the records of commands come from one Store and become
// true in its transactions. There is one writer, a connection that takes its transactions one after the other and has
// each on the disk before it is answered; readers have connections of their own, which only read, and see the state of
// one moment without waiting for the writer. Several programs may have the file open at once, on one machine: a server
// and an operator's command, say.
//
// Commits of orders are grouped: a loop takes whatever queued while its last transaction was in flight, reads the facts,
// lets ordering.Decide judge them in order of arrival, writes the winners and commits: one wait for the disk for any
// number of commits and lines.
//
// Times are microseconds since 1970 as integers, ids their public text, amounts minor units, unit prices millionths of
// the major unit, structures JSON.
package sqlite
