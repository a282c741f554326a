package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// inTransaction runs f in a transaction of the general pool, again when others were in the way. The transaction has its
// id from the first statement on, before it can draw a position in the outbox: the horizon counts on that.
func (s *Store) inTransaction(ctx context.Context, f func(pgx.Tx) error) error {
	return s.telling(s.attempts(func(committing *bool) error {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, sqlTransaction)
			if err == nil {
				err = f(tx)
			}
			*committing = err == nil
			return err
		})
	}))
}

// quietly is inTransaction for what writes no events and wakes nobody.
func (s *Store) quietly(ctx context.Context, f func(pgx.Tx) error) error {
	return s.attempts(func(committing *bool) error {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			err := f(tx)
			*committing = err == nil
			return err
		})
	})
}

// telling wakes the relays after a transaction that may have written events.
func (s *Store) telling(err error) error {
	if err == nil {
		s.signal()
	}
	return err
}

// attempts runs a transaction until others are no longer in its way, a few times at most. The answer of a COMMIT that
// did not come is kind Unknown.
func (s *Store) attempts(try func(committing *bool) error) error {
	var err error
	for range aloneAttempts {
		committing := false
		err = try(&committing)
		switch {
		case err == nil:
			return nil
		case committing && uncertain(err):
			return fault.Lost.New("the answer of the database was lost").Because(hushed(err))
		case !again(err):
			return readError(err)
		}
	}
	return commitError(err)
}
