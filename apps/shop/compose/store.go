package compose

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/bun/postgresfx"
	"github.com/ipswich-retail/commerce/adapters/corefx"
)

// The stores that a shop can be kept in.
const (
	StoreMemory   = "memory"
	StoreSQLite   = "sqlite"
	StorePostgres = "postgres"
)

// Place says where a shop is kept.
type Place struct {
	Store       string `help:"Where the shop is kept: memory, sqlite or postgres. Without it a postgres:// database address means postgres, and no address means sqlite." placeholder:"STORE" group:"Store"`
	DatabaseURL string `help:"Address of the PostgreSQL database: postgres://USER:PASSWORD@HOST:PORT/NAME." placeholder:"URL" group:"Store" secret:""`
	SQLiteFile  string `name:"sqlite-file" help:"File that the sqlite store keeps the shop in, with two more beside it while it is open." default:"shop.db" placeholder:"FILE" group:"Store"`
}

// StoreName tells which store is meant.
func (p Place) StoreName() string {
	switch {
	case p.Store != "":
		return p.Store
	case p.DatabaseURL != "":
		return StorePostgres
	case !hasSQLite:
		return StoreMemory
	}
	return StoreSQLite
}

// Persistent tells whether the store outlives the process.
func (p Place) Persistent() bool { return p.StoreName() != StoreMemory }

// Check refuses a store that is not there or an address that it cannot have, with a *SettingError for each.
func (p Place) Check() error {
	switch p.StoreName() {
	case StoreMemory:
	case StoreSQLite:
		if !hasSQLite {
			return wrong("--store", "this program was built without SQLite; choose memory or postgres")
		}
		if p.SQLiteFile == "" || strings.HasSuffix(p.SQLiteFile, string(os.PathSeparator)) {
			return wrong("--sqlite-file", "the sqlite store needs the name of a file, such as shop.db")
		}
	case StorePostgres:
		if p.Store == "" && !strings.HasPrefix(p.DatabaseURL, "postgres://") && !strings.HasPrefix(p.DatabaseURL, "postgresql://") {
			return wrong("--database-url", "begins with postgres:// (or say --store postgres too, or --store memory to do without it)")
		}
		return CheckDatabase(p.DatabaseURL)
	default:
		return wrong("--store", "memory, sqlite or postgres")
	}
	return nil
}

// CheckDatabase refuses an address that cannot be one of a PostgreSQL database, with a *SettingError. Its message holds
// nothing of the address, which may have a password in it.
func CheckDatabase(address string) error {
	if address == "" {
		return wrong("--database-url", "the postgres store needs the address of a database, such as postgres://USER:PASSWORD@HOST:5432/NAME")
	}
	if _, err := pgx.ParseConfig(address); err != nil {
		return wrong("--database-url", "cannot be read; write postgres://USER:PASSWORD@HOST:5432/NAME, special characters of the password as %XX")
	}
	return nil
}

// Database is what a store that lasts has besides the ports.
type Database interface {
	// Ping tells whether it answers now.
	Ping(ctx context.Context) error
	// Keep gives the value that is kept under a name, after keeping the proposed one when there is none.
	Keep(ctx context.Context, name string, proposed []byte) ([]byte, error)
}

// Store is the module of the chosen store.
func Store(s Settings) fx.Option {
	switch s.StoreName() {
	case StorePostgres:
		return fx.Options(
			postgresfx.Module(postgres.Config{
				DSN: s.DatabaseURL, Direct: s.DirectURL, Conns: s.Conns, CommitGroup: s.CommitGroup, CommitLoops: s.CommitLoops, SlowQuery: s.SlowQuery,
			}),
			fx.Provide(func(store *postgres.Store) Database { return store }, func(store *postgres.Store) pools { return postgresPools(store) }),
		)
	case StoreSQLite:
		return sqliteStore(s)
	}
	return corefx.Memory()
}

// Step is a migration of a schema, and whether it was applied.
type Step struct {
	Version int64
	Name    string
	Applied bool
}

// Migrator brings the schema of a store that lasts to a version. Close it.
type Migrator interface {
	Up(ctx context.Context) ([]Step, error)
	Down(ctx context.Context) ([]Step, error)
	Status(ctx context.Context) ([]Step, error)
	Verify(ctx context.Context) error
	Close() error
}

// NewMigrator opens the place. A file that is not there is made when it may be: fresh tells that it was.
func (p Place) NewMigrator(ctx context.Context, may bool) (m Migrator, fresh bool, err error) {
	if p.StoreName() == StorePostgres {
		m, err := postgres.NewMigrator(ctx, p.DatabaseURL)
		if err != nil {
			return nil, false, err
		}
		return steps[postgres.Migration]{m}, false, nil
	}
	if _, err := os.Stat(p.SQLiteFile); errors.Is(err, fs.ErrNotExist) {
		if !may {
			return nil, false, fmt.Errorf("there is no shop in %s: serve makes one there, and so does migrate up", p.SQLiteFile)
		}
		fresh = true
	}
	m, err = sqliteMigrator(ctx, p.SQLiteFile)
	return m, fresh, err
}

// Verify refuses a place whose schema is not this program's. A file that is not there is made when it may be.
func (p Place) Verify(ctx context.Context, may bool) error {
	m, fresh, err := p.NewMigrator(ctx, may)
	if err != nil {
		return err
	}
	defer func() { _ = m.Close() }()
	if fresh {
		if _, err := m.Up(ctx); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return m.Verify(ctx)
}

// steps is a store's migrator in words that all stores share.
type steps[M migration] struct {
	migrator[M]
}

// migration is a store's word for Step.
type migration interface {
	~struct {
		Version int64
		Name    string
		Applied bool
	}
}

type migrator[M any] interface {
	Up(ctx context.Context) ([]M, error)
	Down(ctx context.Context) ([]M, error)
	Status(ctx context.Context) ([]M, error)
	Verify(ctx context.Context) error
	Close() error
}

// Up is a Migrator's.
func (s steps[M]) Up(ctx context.Context) ([]Step, error) { return stepsOf(s.migrator.Up(ctx)) }

// Down is a Migrator's.
func (s steps[M]) Down(ctx context.Context) ([]Step, error) { return stepsOf(s.migrator.Down(ctx)) }

// Status is a Migrator's.
func (s steps[M]) Status(ctx context.Context) ([]Step, error) { return stepsOf(s.migrator.Status(ctx)) }

func stepsOf[M migration](list []M, err error) ([]Step, error) {
	out := make([]Step, len(list))
	for i, m := range list {
		out[i] = Step(m)
	}
	return out, err
}
