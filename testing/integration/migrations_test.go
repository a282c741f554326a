package integration_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/testing/containers"
)

// migrationFiles is where the migrations of the PostgreSQL store stand.
const migrationFiles = "../../adapters/bun/postgres/migrations/*.sql"

// migrator is closed with the test.
func migrator(t *testing.T, dsn string) *postgres.Migrator {
	t.Helper()
	m, err := postgres.NewMigrator(t.Context(), dsn)
	if err != nil {
		t.Fatalf("NewMigrator: %v", err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// applied are the versions that Status says are applied.
func applied(t *testing.T, m *postgres.Migrator) (versions []int64, all int) {
	t.Helper()
	list, err := m.Status(t.Context())
	if err != nil {
		t.Fatalf("Status: %v", err)
	}
	for _, s := range list {
		if s.Applied {
			versions = append(versions, s.Version)
		}
	}
	return versions, len(list)
}

// wantVerify checks what Verify says: "" for nothing, else a part of its message.
func wantVerify(t *testing.T, m *postgres.Migrator, part string) {
	t.Helper()
	err := m.Verify(t.Context())
	if (err == nil) != (part == "") || err != nil && !strings.Contains(err.Error(), part) {
		t.Errorf("Verify: %v, want %q", err, part)
	}
}

func TestMigrationsGoUpAndDown(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := containers.Postgres(t).Database(t)
	m, conn := migrator(t, dsn), connect(t, dsn)
	wantVerify(t, m, "run migrate up")
	if versions, all := applied(t, m); len(versions) != 0 || all == 0 {
		t.Errorf("%d of %d migrations are applied to an empty database", len(versions), all)
	}
	if done, err := m.Down(t.Context()); err != nil || len(done) != 0 {
		t.Errorf("Down of an empty database: %v, %v", done, err)
	}
	if n := number(t, conn, "SELECT count(*) FROM pg_namespace WHERE nspname = 'commerce'"); n != 0 {
		t.Error("looking at an empty database left something there")
	}
	done, err := m.Up(t.Context())
	if err != nil {
		t.Fatalf("Up: %v", err)
	}
	wantVerify(t, m, "")
	if versions, all := applied(t, m); len(versions) != all || len(done) != all {
		t.Errorf("Up applied %d and Status says %d of %d", len(done), len(versions), all)
	}
	first := schema(t, conn)
	for left := len(done); left > 0; left-- {
		if back, err := m.Down(t.Context()); err != nil || len(back) != 1 {
			t.Fatalf("Down: %v, %v", back, err)
		}
		wantVerify(t, m, "run migrate up")
	}
	if left := schema(t, conn); len(left) != 0 {
		t.Errorf("left after all the way down: %q", left)
	}
	if back, err := m.Down(t.Context()); err != nil || len(back) != 0 {
		t.Errorf("Down below the first: %v, %v", back, err)
	}
	if _, err := m.Up(t.Context()); err != nil {
		t.Fatalf("Up again: %v", err)
	}
	wantVerify(t, m, "")
	if second := schema(t, conn); !slices.Equal(first, second) {
		t.Errorf("up, down and up again makes another schema:\n%s\nwas\n%s", strings.Join(second, "\n"), strings.Join(first, "\n"))
	}
	if again, err := m.Up(t.Context()); err != nil || len(again) != 0 {
		t.Errorf("Up of what is up: %v, %v", again, err)
	}
}

// schema lists everything in the shop's schema but the table of versions.
func schema(t *testing.T, conn *pgx.Conn) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), `
		SELECT concat_ws(' ', 'column', table_name, column_name, data_type, is_nullable, column_default, is_identity, identity_generation)
			FROM information_schema.columns WHERE table_schema = 'commerce' AND table_name <> 'schema_version'
		UNION ALL SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'commerce' AND tablename <> 'schema_version'
		UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
			WHERE connamespace = 'commerce'::regnamespace AND conrelid <> 'commerce.schema_version'::regclass
		UNION ALL SELECT concat_ws(' ', 'relation', relname, relkind, relpersistence, array_to_string(reloptions, ',')) FROM pg_class
			WHERE relnamespace = 'commerce'::regnamespace AND relname NOT LIKE 'schema_version%'
		UNION ALL SELECT concat_ws(' ', 'function', pg_get_functiondef(oid)) FROM pg_proc WHERE pronamespace = 'commerce'::regnamespace
		UNION ALL SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid)) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
			WHERE relnamespace = 'commerce'::regnamespace AND NOT tgisinternal
		ORDER BY 1`)
	if err != nil {
		t.Fatalf("reading the schema: %v", err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("reading the schema: %v", err)
	}
	return lines
}

func TestMigratorsThatRaceApplyOnce(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := containers.Postgres(t).Database(t)
	const racers = 4
	var mu sync.Mutex
	times := map[int64]int{}
	var all sync.WaitGroup
	for range racers {
		m := migrator(t, dsn)
		all.Go(func() {
			done, err := m.Up(t.Context())
			if err != nil {
				t.Errorf("Up: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, s := range done {
				times[s.Version]++
			}
		})
	}
	all.Wait()
	versions, total := applied(t, migrator(t, dsn))
	if len(versions) != total || len(times) != total {
		t.Errorf("%d of %d migrations are applied, %d were said to be", len(versions), total, len(times))
	}
	for v, n := range times {
		if n != 1 {
			t.Errorf("version %d was applied %d times", v, n)
		}
	}
}

func TestVerifyKnowsASchemaThatIsNewer(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	conn := connect(t, dsn)
	if _, err := conn.Exec(t.Context(), "INSERT INTO commerce.schema_version (version_id, is_applied) VALUES (999999, true)"); err != nil {
		t.Fatal(err)
	}
	wantVerify(t, migrator(t, dsn), "run a newer program")
}

// A server needs no right to change the schema: it looks at it with the rights of those who serve.
func TestVerifyNeedsNoRightToMigrate(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	server := containers.Postgres(t)
	owner := connect(t, server.DSN())
	role := fmt.Sprintf("commerce_test_serves_%d", os.Getpid())
	if _, err := owner.Exec(t.Context(), "CREATE ROLE "+role); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // After the database is dropped, and with it what the role may do there.
		conn := connectAnew(t, server.DSN())
		if _, err := conn.Exec(anew(t), "DROP ROLE "+role); err != nil {
			t.Error(err)
		}
	})
	dsn := database(t)
	if _, err := connect(t, dsn).Exec(t.Context(), "GRANT USAGE ON SCHEMA commerce TO "+role+"; GRANT SELECT ON ALL TABLES IN SCHEMA commerce TO "+role); err != nil {
		t.Fatal(err)
	}
	wantVerify(t, migrator(t, withParameter(t, dsn, "role", role)), "")
}

// Every section of a migration gives up soon when it cannot have its locks, rather than let the shop queue behind it.
func TestMigrationsHaveALockTimeout(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(migrationFiles)
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	timeout := regexp.MustCompile(`(?m)^SET (LOCAL )?lock_timeout = '([1-9]|10)s';$`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		up, down, found := strings.Cut(string(text), "-- +goose Down")
		if !found || !strings.Contains(up, "-- +goose Up") {
			t.Errorf("%s goes not both up and down", filepath.Base(file))
		}
		for name, section := range map[string]string{"up": up, "down": down} {
			if !timeout.MatchString(section) {
				t.Errorf("%s, %s: no SET lock_timeout of 10s or less", filepath.Base(file), name)
			}
		}
	}
}
