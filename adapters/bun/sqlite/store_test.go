package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bun/sqlite"
)

// fresh is a migrated file of the test's own.
func fresh(tb testing.TB) string {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), "a shop? of #1.db")
	migrated(tb, file, func(ctx context.Context, m *sqlite.Migrator) {
		if _, err := m.Up(ctx); err != nil {
			tb.Fatalf("migrating: %v", err)
		}
	})
	return file
}

// migrated does something with the schema of a file.
func migrated(tb testing.TB, file string, do func(ctx context.Context, m *sqlite.Migrator)) {
	tb.Helper()
	m, err := sqlite.NewMigrator(tb.Context(), file)
	if err != nil {
		tb.Fatalf("opening the file: %v", err)
	}
	defer func() {
		if err := m.Close(); err != nil {
			tb.Errorf("closing the file: %v", err)
		}
	}()
	do(tb.Context(), m)
}

// open opens a store that is closed with the test.
func open(tb testing.TB, cfg sqlite.Config) *sqlite.Store {
	tb.Helper()
	s, err := sqlite.Open(tb.Context(), cfg)
	if err != nil {
		tb.Fatalf("opening the store: %v", err)
	}
	tb.Cleanup(s.Close)
	return s
}

func TestKeep(t *testing.T) {
	t.Parallel()
	file := fresh(t)
	for _, proposed := range []string{"first", "second"} {
		s := open(t, sqlite.Config{File: file})
		if got, err := s.Keep(t.Context(), "a name", []byte(proposed)); err != nil || string(got) != "first" {
			t.Errorf("proposing %q gave %q, %v; the first stays", proposed, got, err)
		}
	}
}

func TestMigrationsUpDownUp(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "shop.db")
	migrated(t, file, func(ctx context.Context, m *sqlite.Migrator) {
		if err := m.Verify(ctx); err == nil {
			t.Error("an empty file passes for migrated")
		}
		up, err := m.Up(ctx)
		if err != nil || len(up) == 0 {
			t.Fatalf("up: %v, %v", up, err)
		}
		if err := m.Verify(ctx); err != nil {
			t.Errorf("after up: %v", err)
		}
		for range up {
			if down, err := m.Down(ctx); err != nil || len(down) != 1 {
				t.Fatalf("down: %v, %v", down, err)
			}
		}
		if down, err := m.Down(ctx); err != nil || len(down) != 0 {
			t.Errorf("down of nothing: %v, %v", down, err)
		}
		if again, err := m.Up(ctx); err != nil || len(again) != len(up) {
			t.Errorf("up again: %v, %v", again, err)
		}
	})
}
