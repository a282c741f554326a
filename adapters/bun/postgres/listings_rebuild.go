package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// projectBatch is how many products are locked and written at once: few enough that nobody waits long.
const projectBatch = 200

const sqlNextProducts = `SELECT id FROM commerce.products WHERE shop = $1 AND id > $2 ORDER BY id LIMIT $3 FOR NO KEY UPDATE`

// ProjectListings writes the rows of lists of all products anew, in batches that each are a transaction, and gives the
// number of products. Every commit keeps the rows true by itself; this is for what a program of the release before
// changed, and for whoever changed tables by hand. It does no harm while the shop is open, and may be run again.
func (s *Store) ProjectListings(ctx context.Context) (int, error) {
	done := 0
	var last ref.UUID
	for {
		var ids [][16]byte
		err := s.inTransaction(ctx, func(tx pgx.Tx) (err error) {
			ids, err = s.projectNext(ctx, tx, last)
			return err
		})
		if err != nil || len(ids) == 0 {
			return done, err
		}
		done, last = done+len(ids), ids[len(ids)-1]
	}
}

// projectNext writes the rows of the next products, and gives their ids.
func (s *Store) projectNext(ctx context.Context, tx pgx.Tx, last ref.UUID) ([][16]byte, error) {
	rows, err := tx.Query(ctx, sqlNextProducts, s.cfg.Shop, [16]byte(last), projectBatch)
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	if err != nil {
		return nil, err
	}
	b := &pgx.Batch{}
	if err := s.queueListings(ctx, tx, b, idsOf[ref.ProductKind](ids)); err != nil {
		return nil, err
	}
	return ids, tx.SendBatch(ctx, b).Close()
}
