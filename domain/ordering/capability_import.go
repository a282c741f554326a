package ordering

import "context"

// ImportCommitter is the capability of a store to keep what another system sold: its rows, and the orders that its sales
// are. Find it with ports.As on Committer; its orders are read through Orders.
//
// Contract, each clause proven by orderingtest.TestImportCommitter:
//   - [import-whole] A batch is wholly true or not at all: rows, orders, lines and payments. No reader ever sees a part.
//   - [import-decide] What is written is what DecideImport says of the state at that moment, and nothing else: no stock is
//     claimed and no event told.
//   - [import-once] A row whose key of source, invoice and ordinal is kept is counted as present and changes nothing, one
//     that says something else now as differing too, whoever imports the same beside it.
//   - [import-order] The sales of an invoice are one order, whichever batches they come in: its lines in the order of their
//     coming, its totals and its payment their sum, its time that of the first.
//   - [import-number] An order has its invoice's number, or the next of ImportNumbers where another order has that.
//   - [import-try] A batch with Try is answered as another and changes nothing.
//   - [import-sums] ImportSums adds up what is kept of a source and nothing else: rows and exact sums by kind, orders and
//     credit notes, the adjustments by their reasons, and what the orders and the other rows come to as stored; zeros
//     for an unknown source.
//   - [import-rows] ImportRows gives the rows of a source behind a key, by invoice in the order of its bytes and ordinal,
//     at most limit, as they were imported.
//   - [import-durable] What was accepted is there after the store is opened anew.
//   - [import-lost] When the answer is lost the error is of kind Unknown, unless it is certain that nothing was written
//     (kind Unavailable). The same batch again is the way to know.
//
// Errors: those of DecideImport; kinds Unavailable and Unknown. Safe for concurrent use.
type ImportCommitter interface {
	CommitImport(ctx context.Context, b ImportBatch) (ImportResult, error)
	ImportSums(ctx context.Context, source string) (ImportSums, error)
	ImportRows(ctx context.Context, source string, after ImportKey, limit int) ([]ImportedRow, error)
}
