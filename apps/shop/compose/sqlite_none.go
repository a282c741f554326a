//go:build nosqlite

package compose

import (
	"context"
	"errors"

	"go.uber.org/fx"
)

const hasSQLite = false

// errNoSQLite is met by nobody whose settings were checked.
var errNoSQLite = errors.New("this program was built without SQLite")

func sqliteStore(Settings) fx.Option { return fx.Error(errNoSQLite) }

func sqliteMigrator(context.Context, string) (Migrator, error) { return nil, errNoSQLite }
