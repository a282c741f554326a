package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the key of the advisory lock under which migrations run, so that servers that start together do
// not run them twice: the ASCII of "commerce".
const migrationLock = 0x636f6d6d65726365

// Migration is a step of the schema, and whether it was applied.
type Migration struct {
	Version int64
	Name    string
	Applied bool
}

// Migrator brings the schema to a version, over a connection of its own.
type Migrator struct {
	db       *sql.DB
	provider *goose.Provider
}

// NewMigrator connects. Close it.
func NewMigrator(ctx context.Context, dsn string) (*Migrator, error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("postgres: the database address: %w", err)
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeExec
	db := stdlib.OpenDB(*cfg)
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithTableName("commerce.schema_version"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("postgres: the migrations: %w", err)
	}
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("postgres: cannot reach the database: %w", err)
	}
	return &Migrator{db: db, provider: p}, nil
}

// sqlVersioned tells whether the table of versions is there, without which nothing was ever applied.
const sqlVersioned = `SELECT to_regclass('commerce.schema_version') IS NOT NULL`

// versioned tells whether anything was ever applied. What only looks asks this first, for goose would make its table,
// which a role that may serve and not migrate is not allowed to.
func (m *Migrator) versioned(ctx context.Context) (bool, error) {
	var there bool
	if err := m.db.QueryRowContext(ctx, sqlVersioned).Scan(&there); err != nil {
		return false, fmt.Errorf("postgres: read the schema's version: %w", err)
	}
	return there, nil
}

// Close ends the connection.
func (m *Migrator) Close() error { return m.db.Close() }

// Up applies what is pending and gives what it applied.
func (m *Migrator) Up(ctx context.Context) ([]Migration, error) {
	var done []Migration
	err := m.locked(ctx, func() error {
		if _, err := m.db.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS commerce"); err != nil {
			return fmt.Errorf("postgres: make the schema: %w", err)
		}
		results, err := m.provider.Up(ctx)
		done = applied(results, true)
		return err
	})
	return done, err
}

// Down takes the last step back and gives it; nothing when there is none.
func (m *Migrator) Down(ctx context.Context) ([]Migration, error) {
	var done []Migration
	err := m.locked(ctx, func() error {
		if there, err := m.versioned(ctx); err != nil || !there {
			return err
		}
		version, err := m.provider.GetDBVersion(ctx)
		if err != nil || version == 0 {
			return err
		}
		result, err := m.provider.Down(ctx)
		if result != nil {
			done = applied([]*goose.MigrationResult{result}, false)
		}
		return err
	})
	return done, err
}

// Status lists all steps.
func (m *Migrator) Status(ctx context.Context) ([]Migration, error) {
	there, err := m.versioned(ctx)
	if err != nil {
		return nil, err
	}
	if !there {
		var out []Migration
		for _, s := range m.provider.ListSources() {
			out = append(out, Migration{Version: s.Version, Name: s.Path})
		}
		return out, nil
	}
	list, err := m.provider.Status(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Migration, len(list))
	for i, s := range list {
		out[i] = Migration{Version: s.Source.Version, Name: s.Source.Path, Applied: s.State == goose.StateApplied}
	}
	return out, nil
}

// Verify gives an error that says what to do when the schema is not the one that this program was made for.
func (m *Migrator) Verify(ctx context.Context) error {
	there, err := m.versioned(ctx)
	if err != nil {
		return err
	}
	if !there {
		return errors.New("postgres: the database has no schema: run migrate up")
	}
	have, want, err := m.provider.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("postgres: read the schema's version: %w", err)
	case have < want:
		return fmt.Errorf("postgres: the schema has version %d and this program needs %d: run migrate up", have, want)
	case have > want:
		return fmt.Errorf("postgres: the schema has version %d and this program knows %d: run a newer program", have, want)
	}
	pending, err := m.provider.HasPending(ctx)
	if err == nil && pending {
		err = fmt.Errorf("postgres: a migration below version %d was not applied: run migrate up", have)
	}
	return err
}

// lockPoll is how often a migrator looks whether another one is done.
const lockPoll = 100 * time.Millisecond

// locked runs f while no other migrator does. Who waits asks again and again: a statement that waits for the lock has a
// snapshot, and CREATE INDEX CONCURRENTLY, which the one with the lock may run, waits for all of those to end.
func (m *Migrator) locked(ctx context.Context, f func() error) error {
	conn, err := m.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	defer func() { _ = conn.Close() }()
	for mine := false; !mine; {
		if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", int64(migrationLock)).Scan(&mine); err != nil {
			return fmt.Errorf("postgres: the migration lock: %w", err)
		}
		if mine {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("postgres: the migration lock: %w", ctx.Err())
		case <-time.After(lockPoll):
		}
	}
	defer func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrationLock))
	}()
	return f()
}

func applied(results []*goose.MigrationResult, up bool) []Migration {
	out := make([]Migration, len(results))
	for i, r := range results {
		out[i] = Migration{Version: r.Source.Version, Name: r.Source.Path, Applied: up}
	}
	return out
}
