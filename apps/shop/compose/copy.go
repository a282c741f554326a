package compose

import (
	"context"
	"errors"
	"fmt"

	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
)

// ErrSamePlace is a shop that is to be copied into itself.
var ErrSamePlace = errors.New("source and target are the same shop")

// Copy brings the whole shop of a place into another one, whose schema is made when it has none. It becomes true as a
// whole or not at all. Errors: ErrSamePlace; *carry.NotEmptyError; carry.ErrInUse; those of a schema that is not this
// program's; those of the databases.
func Copy(ctx context.Context, from, to Place, log *zap.Logger, tell func(carry.Progress)) ([]carry.Copied, error) {
	if from.same(to) {
		return nil, ErrSamePlace
	}
	if err := from.Verify(ctx, false); err != nil {
		return nil, fmt.Errorf("the source: %w", err)
	}
	source, err := from.source(ctx, log)
	if err != nil {
		return nil, fmt.Errorf("the source: %w", err)
	}
	defer source.Close()
	if err := to.prepare(ctx); err != nil {
		return nil, fmt.Errorf("the target: %w", err)
	}
	target, err := to.target(ctx, log)
	if err != nil {
		return nil, fmt.Errorf("the target: %w", err)
	}
	defer target.Close()
	return carry.Copy(ctx, source, target, tell)
}

// prepare makes the schema where none is, and refuses one that is not this program's: whose it is, is not known then.
func (p Place) prepare(ctx context.Context) error {
	m, _, err := p.NewMigrator(ctx, true)
	if err != nil {
		return err
	}
	defer func() { _ = m.Close() }()
	steps, err := m.Status(ctx)
	if err != nil {
		return err
	}
	for _, s := range steps {
		if s.Applied {
			return m.Verify(ctx)
		}
	}
	if _, err := m.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return m.Verify(ctx)
}

// copyConns are all connections that a copy needs: it does one thing after the other.
const copyConns = 2

// postgresConfig is how a copy reaches a database.
func (p Place) postgresConfig(log *zap.Logger) postgres.Config {
	return postgres.Config{DSN: p.DatabaseURL, Conns: copyConns, CommitLoops: 1, Logger: log}
}

// source opens the place to take its shop.
func (p Place) source(ctx context.Context, log *zap.Logger) (carry.Source, error) {
	if p.StoreName() == StorePostgres {
		return postgres.OpenSource(ctx, p.postgresConfig(log))
	}
	return sqliteSource(ctx, p.SQLiteFile, log)
}

// target opens the place to bring a shop into it.
func (p Place) target(ctx context.Context, log *zap.Logger) (carry.Target, error) {
	if p.StoreName() == StorePostgres {
		return postgres.OpenTarget(ctx, p.postgresConfig(log))
	}
	return sqliteTarget(ctx, p.SQLiteFile, log)
}
