package sqlite

import (
	"context"
	"database/sql"
)

// news says what a transaction wrote that somebody waits for.
type news struct{ events, jobs bool }

// write runs one transaction of the writer, which takes them one at a time in the order in which they came, and has it
// on the disk when it returns nil. An error of do undoes all. The error is a fault: of kind Unknown when the disk failed
// while the transaction was made true, else nothing was written.
//
// A caller who leaves while it waits, or within do, has written nothing; once COMMIT begins it is not interrupted.
func (s *Store) write(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	return writeError(s.writing(ctx, do))
}

// soon is write for what may be forgotten when the machine itself fails: how often something was tried, who leases work,
// how far a relay has come. All see it at once, and the end of a program undoes none of it, kill -9 neither; it is on the
// disk with the next transaction of write at the latest, and waits for no disk itself.
func (s *Store) soon(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	return writeError(s.transaction(ctx, relaxed, do))
}

// writing is write, with the database's own error where it is one.
func (s *Store) writing(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	return s.transaction(ctx, durable, do)
}

func (s *Store) transaction(ctx context.Context, how durability, do func(ctx context.Context, tx *sql.Tx) error) error {
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.Raw(func(c any) error { return commitsAs(ctx, c, how) }); err != nil {
		return err
	}
	tx, err := begin(ctx, conn)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // Does nothing after COMMIT; for an error, or for a panic on its way up.
	s.wrote = news{}
	if err := do(ctx, tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return commitError(err)
	}
	s.tell(s.wrote)
	return nil
}

// begin begins a transaction whose COMMIT the context does not cut in two: it ends the wait for another program that
// writes, and the statements within.
func begin(ctx context.Context, conn *sql.Conn) (*sql.Tx, error) {
	waiting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, cancel)
	tx, err := conn.BeginTx(waiting, nil)
	if !stop() {
		err = ctx.Err()
		if tx != nil {
			_ = tx.Rollback()
		}
	}
	return tx, err
}

// read runs do on the state of one moment, which is that of its first statement.
func (s *Store) read(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return readError(err)
	}
	defer func() { _ = tx.Rollback() }()
	return readError(do(ctx, tx))
}

// tell wakes who waits for what a transaction wrote.
func (s *Store) tell(n news) {
	if n.events {
		s.told.ring()
	}
	if n.jobs {
		s.called.ring()
	}
}

// each runs a statement for each of the values, compiled once.
func each[V any](ctx context.Context, tx *sql.Tx, query string, values []V, args func(V) []any) error {
	if len(values) == 0 {
		return nil
	}
	stmt, err := tx.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { _ = stmt.Close() }()
	for _, v := range values {
		if _, err := stmt.ExecContext(ctx, args(v)...); err != nil {
			return err
		}
	}
	return nil
}

// affected runs a statement and tells how many rows it changed.
func affected(ctx context.Context, tx *sql.Tx, query string, args ...any) (int, error) {
	result, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// Keep gives the value that is kept under a name, after keeping the proposed one when there is none: all programs that
// propose one agree on the same.
func (s *Store) Keep(ctx context.Context, name string, proposed []byte) ([]byte, error) {
	var value []byte
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING", name, proposed); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT value FROM settings WHERE name = ?1", name).Scan(&value)
	})
	if err != nil {
		return nil, err
	}
	return value, nil
}
