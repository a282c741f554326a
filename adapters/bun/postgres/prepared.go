package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// sendPrepared sends a batch over the general pool, whose statements a connection prepares when it first sends them. It is
// for what is sent often: planning a statement anew takes the server longer than running it.
func (s *Store) sendPrepared(ctx context.Context, b *pgx.Batch) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	for _, q := range b.QueuedQueries {
		if _, err := conn.Conn().Prepare(ctx, q.SQL, q.SQL); err != nil { // Once is enough for a connection.
			return err
		}
	}
	return conn.SendBatch(ctx, b).Close()
}
