package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// Catalog is the store as catalog.Committer.
type Catalog struct{ s *Store }

var _ catalog.Committer = Catalog{}

// Catalog gives the port catalog.Committer.
func (s *Store) Catalog() Catalog { return Catalog{s} }

// Commit reads what the commit names, lets catalog.Decide judge it, and writes it with what lists show of it.
func (c Catalog) Commit(ctx context.Context, commit catalog.Commit) error {
	return c.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		facts, err := readCatalogFacts(ctx, tx, commit)
		if err != nil {
			return err
		}
		if err := catalog.Decide(commit, facts.Facts); err != nil {
			return err
		}
		return inTurn(
			func() error { return writeStructure(ctx, tx, commit) },
			func() error { return writeProducts(ctx, tx, commit.Products, facts) },
			func() error { return writeMembers(ctx, tx, commit, facts) },
			func() error { return writeFormer(ctx, tx, commit.Former) },
			func() error { return projectCommit(ctx, tx, commit) },
			func() error { return c.s.insertEvents(ctx, tx, commit.Events) },
		)
	})
}
