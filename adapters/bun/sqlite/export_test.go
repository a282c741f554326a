package sqlite

import (
	"context"
	"database/sql"
)

// NameOf is the name of a statement in traces.
var NameOf = nameOf

// Reader gives the tests what reads the file.
func (s *Store) Reader() *sql.DB { return s.reader }

// Synchronous is how COMMIT of a transaction waits for the disk, as SQLite says: 2 is until all is on it, 1 is not at all.
// The transaction may be one that a failure of the machine may undo.
func (s *Store) Synchronous(ctx context.Context, mayBeUndone bool) (level int, err error) {
	write := s.write
	if mayBeUndone {
		write = s.soon
	}
	err = write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&level)
	})
	return level, err
}
