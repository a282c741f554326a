package carry

import (
	"context"
	"errors"
	"strings"
)

// Source is a shop at one moment, whatever is written to it meanwhile. Errors are the database's.
type Source interface {
	// Each gives the rows of a table in any order, but not those that say nothing.
	Each(ctx context.Context, t *Table, yield func(Row) error) error
	// Last is the highest number that was ever drawn for the counted column of a table, 0 when none was.
	Last(ctx context.Context, t *Table) (int64, error)
	// Close ends the reading.
	Close()
}

// Target is an empty shop that is filled in one transaction, and its rows as this sees them.
type Target interface {
	Source
	// Held are the tables that have rows which say something.
	Held(ctx context.Context) ([]string, error)
	// Put adds rows to a table.
	Put(ctx context.Context, t *Table, rows []Row) error
	// Advance lets the next number of a counted column be above the last.
	Advance(ctx context.Context, t *Table, last int64) error
	// Derive makes the rows that the store makes of others, and tells of how many products they are made.
	Derive(ctx context.Context, tell func(products int)) error
	// Commit makes all of it true; Close without it makes none of it true.
	Commit(ctx context.Context) error
}

// NotEmptyError is a target that holds something already.
type NotEmptyError struct {
	Tables []string // Those with rows.
}

// Error names the tables.
func (e *NotEmptyError) Error() string {
	return "the target is not empty: it has rows in " + strings.Join(e.Tables, ", ")
}

// ErrInUse is a database that another copy reads or writes at this moment; it may be the very one that is copied from.
var ErrInUse = errors.New("the database is copied from, or another shop is brought into it, at this moment; a shop is not copied into itself")
