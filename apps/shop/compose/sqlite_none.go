//go:build nosqlite

package compose

import (
	"context"
	"errors"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
)

const hasSQLite = false

// errNoSQLite is met by nobody whose settings were checked.
var errNoSQLite = errors.New("this program was built without SQLite")

func sqliteStore(Settings) fx.Option { return fx.Error(errNoSQLite) }

func sqliteMigrator(context.Context, string) (Migrator, error) { return nil, errNoSQLite }

func sqliteSource(context.Context, string, *zap.Logger) (carry.Source, error) {
	return nil, errNoSQLite
}

func sqliteTarget(context.Context, string, *zap.Logger) (carry.Target, error) {
	return nil, errNoSQLite
}
