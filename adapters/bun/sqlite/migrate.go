package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// versions is the table of what was applied.
const versions = "schema_version"

// Migration is a step of the schema, and whether it was applied.
type Migration struct {
	Version int64
	Name    string
	Applied bool
}

// Migrator brings the schema of a file to a version.
type Migrator struct {
	db       *sql.DB
	provider *goose.Provider
}

// NewMigrator opens the file, which is made when it is not there. Close it.
func NewMigrator(ctx context.Context, file string) (*Migrator, error) {
	if err := makeFile(file); err != nil {
		return nil, err
	}
	db, err := newWriter(Config{File: file}.withDefaults())
	if err != nil {
		return nil, err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithTableName(versions), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("sqlite: the migrations: %w", err)
	}
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("sqlite: cannot open the file: %w", err)
	}
	return &Migrator{db: db, provider: p}, nil
}

// versioned tells whether anything was ever applied. What only looks asks this first, for goose would make its table.
func (m *Migrator) versioned(ctx context.Context) (bool, error) {
	var there bool
	if err := m.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?1)", versions).Scan(&there); err != nil {
		return false, fmt.Errorf("sqlite: read the schema's version: %w", err)
	}
	return there, nil
}

// Close closes the file.
func (m *Migrator) Close() error { return m.db.Close() }

// Up applies what is pending and gives what it applied. Each step is a transaction; when another program, which migrates
// the same file, took one before us, we go on behind it.
func (m *Migrator) Up(ctx context.Context) ([]Migration, error) {
	var done []Migration
	for last := int64(-1); ; {
		results, err := m.provider.Up(ctx)
		var partial *goose.PartialError
		if errors.As(err, &partial) {
			results = partial.Applied
		}
		done = append(done, applied(results, true)...)
		if err == nil || ctx.Err() != nil {
			return done, err
		}
		var version int64
		if e := m.db.QueryRowContext(ctx, "SELECT max(version_id) FROM "+versions).Scan(&version); e != nil || version == last {
			return done, err
		}
		last = version
	}
}

// Down takes the last step back and gives it; nothing when there is none.
func (m *Migrator) Down(ctx context.Context) ([]Migration, error) {
	if there, err := m.versioned(ctx); err != nil || !there {
		return nil, err
	}
	version, err := m.provider.GetDBVersion(ctx)
	if err != nil || version == 0 {
		return nil, err
	}
	result, err := m.provider.Down(ctx)
	if result == nil {
		return nil, err
	}
	return applied([]*goose.MigrationResult{result}, false), err
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
		return errors.New("sqlite: the file has no schema: run migrate up")
	}
	have, want, err := m.provider.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("sqlite: read the schema's version: %w", err)
	case have < want:
		return fmt.Errorf("sqlite: the schema has version %d and this program needs %d: run migrate up", have, want)
	case have > want:
		return fmt.Errorf("sqlite: the schema has version %d and this program knows %d: run a newer program", have, want)
	}
	pending, err := m.provider.HasPending(ctx)
	if err == nil && pending {
		err = fmt.Errorf("sqlite: a migration below version %d was not applied: run migrate up", have)
	}
	return err
}

func applied(results []*goose.MigrationResult, up bool) []Migration {
	out := make([]Migration, len(results))
	for i, r := range results {
		out[i] = Migration{Version: r.Source.Version, Name: r.Source.Path, Applied: up}
	}
	return out
}
