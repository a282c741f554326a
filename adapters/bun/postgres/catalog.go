package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// Catalog is the store as catalog.Committer.
type Catalog struct{ s *Store }

var _ catalog.Committer = Catalog{}

// Catalog gives the port catalog.Committer.
func (s *Store) Catalog() Catalog { return Catalog{s} }

// Commit locks and reads what the commit names in one round trip, lets catalog.Decide judge it, and writes it in another;
// of products it then writes the rows of lists, in two more.
// A unique name that somebody else took in between is refused by the server; the next try reads who has it.
func (c Catalog) Commit(ctx context.Context, commit catalog.Commit) error {
	return c.s.inTransaction(ctx, func(tx pgx.Tx) error {
		facts, err := c.s.catalogFacts(ctx, tx, commit)
		if err != nil {
			return err
		}
		if err := catalog.Decide(commit, facts.Facts); err != nil {
			return err
		}
		b := &pgx.Batch{}
		c.s.queueStructure(b, commit)
		c.s.queueProducts(b, commit.Products, facts)
		c.s.queueMembers(b, commit, facts)
		c.s.queueFormer(b, commit.Former)
		c.s.queueBrandWords(b, commit)
		if len(commit.Products) > 0 {
			if err := tx.SendBatch(ctx, b).Close(); err != nil {
				return err
			}
			b = &pgx.Batch{}
			if err := c.s.queueListings(ctx, tx, b, writtenProducts(commit)); err != nil {
				return err
			}
		}
		queueEvents(b, c.s.cfg.Shop, commit.Events)
		return tx.SendBatch(ctx, b).Close()
	})
}
