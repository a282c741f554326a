// Package postgres keeps a whole shop in PostgreSQL 15 or later, in the schema "commerce".
//
// It is one store: the ports of all contexts, the outbox and the records of commands come from one Store and become
// true in its transactions. pgx owns the connections, in two pools: a general one, on which Bun serves the wide
// surface and the hot reads use pgx directly, and a small one for commits, which is also a bulkhead: a slow report
// cannot starve orders.
//
// Commits of orders are grouped: a few loops take whatever queued while their last transaction was in flight, lock
// what the commits name in one global order, read the facts, let ordering.Decide judge them in order of arrival, write
// the winners as sets and commit: two round trips for any number of commits and lines.
package postgres
