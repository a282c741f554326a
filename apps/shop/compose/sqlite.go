//go:build !nosqlite

package compose

import (
	"context"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
	"github.com/ipswich-retail/commerce/adapters/bun/sqlite"
	"github.com/ipswich-retail/commerce/adapters/bun/sqlitefx"
)

// hasSQLite tells whether this program can keep a shop in a file. With the build tag nosqlite it cannot, and is five
// megabytes smaller.
const hasSQLite = true

// sqliteStore is the module of the store in a file.
func sqliteStore(s Settings) fx.Option {
	return fx.Options(
		sqlitefx.Module(sqlite.Config{File: s.SQLiteFile, Readers: int(s.Conns), CommitGroup: s.CommitGroup, SlowQuery: s.SlowQuery}),
		fx.Provide(func(store *sqlite.Store) Database { return store }, func(store *sqlite.Store) pools { return sqlitePools(store) }),
	)
}

// sqliteMigrator opens a file to change its schema.
func sqliteMigrator(ctx context.Context, file string) (Migrator, error) {
	m, err := sqlite.NewMigrator(ctx, file)
	if err != nil {
		return nil, err
	}
	return steps[sqlite.Migration]{m}, nil
}

// sqliteSource opens a file to take its shop.
func sqliteSource(ctx context.Context, file string, log *zap.Logger) (carry.Source, error) {
	return sqlite.OpenSource(ctx, sqlite.Config{File: file, Readers: copyConns, Logger: log})
}

// sqliteTarget opens a file to bring a shop into it.
func sqliteTarget(ctx context.Context, file string, log *zap.Logger) (carry.Target, error) {
	return sqlite.OpenTarget(ctx, sqlite.Config{File: file, Readers: copyConns, Logger: log})
}

func sqlitePools(store *sqlite.Store) pools {
	return func() map[string]poolStats {
		out := map[string]poolStats{}
		for name, s := range store.PoolStats() {
			out[name] = poolStats{int32(s.MaxOpenConnections), int32(s.OpenConnections), int32(s.InUse), s.WaitCount, s.WaitDuration} //nolint:gosec // They are few.
		}
		return out
	}
}
