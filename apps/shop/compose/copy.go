package compose

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
)

// filePrefix begins the address of a shop in a file.
const filePrefix = "sqlite:"

// ParsePlace reads where a shop is kept: sqlite:FILE, or the address of a PostgreSQL database. What cannot be one is a
// *SettingError of the flag, which holds nothing of an address that may have a password in it.
func ParsePlace(flag, text string) (Place, error) {
	file, isFile := strings.CutPrefix(text, filePrefix)
	switch {
	case text == StoreMemory:
		return Place{}, wrong(flag, "a shop in memory ends with its program and cannot be copied: sqlite:FILE or postgres://…")
	case isFile && !hasSQLite:
		return Place{}, wrong(flag, "this program was built without SQLite and knows no shops in files: take one that was not built with the tag nosqlite, as go build makes it")
	case isFile:
		if file == "" || strings.HasPrefix(file, "//") || strings.HasSuffix(file, string(os.PathSeparator)) {
			return Place{}, wrong(flag, "sqlite: goes before the name of a file, as in sqlite:shop.db or sqlite:/var/lib/shop/shop.db")
		}
		return Place{Store: StoreSQLite, SQLiteFile: file}, nil
	case strings.HasPrefix(text, "postgres://"), strings.HasPrefix(text, "postgresql://"):
		if _, err := pgx.ParseConfig(text); err != nil {
			return Place{}, wrong(flag, "cannot be read; write postgres://USER:PASSWORD@HOST:5432/NAME, special characters of the password as %XX")
		}
		return Place{Store: StorePostgres, DatabaseURL: text}, nil
	}
	return Place{}, wrong(flag, "sqlite:FILE or postgres://USER:PASSWORD@HOST:5432/NAME")
}

// String is the place without what is secret of it.
func (p Place) String() string {
	if p.StoreName() == StoreSQLite {
		return filePrefix + p.SQLiteFile
	}
	if c, err := pgx.ParseConfig(p.DatabaseURL); err == nil && p.StoreName() == StorePostgres {
		return fmt.Sprintf("postgres://%s:%d/%s", c.Host, c.Port, c.Database)
	}
	return p.StoreName()
}

// same tells whether two places are one, as far as can be told from outside: two addresses of one database are found out
// by its store.
func (p Place) same(as Place) bool {
	if p.StoreName() != as.StoreName() {
		return false
	}
	if p.StoreName() == StorePostgres {
		return p.String() == as.String()
	}
	one, err := os.Stat(p.SQLiteFile)
	other, e := os.Stat(as.SQLiteFile)
	if err == nil && e == nil {
		return os.SameFile(one, other)
	}
	a, err := filepath.Abs(p.SQLiteFile)
	b, e := filepath.Abs(as.SQLiteFile)
	return err == nil && e == nil && a == b
}

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
