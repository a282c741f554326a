package containers_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ipswich-retail/commerce/testing/containers"
)

func TestDatabaseIsEmptyAndUTF8(t *testing.T) {
	t.Parallel()
	dsn := containers.Postgres(t).Database(t)
	if n := value[int](t, dsn, `SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public'`); n != 0 {
		t.Errorf("%d tables in a new database", n)
	}
	if encoding := value[string](t, dsn, `SHOW server_encoding`); encoding != "UTF8" {
		t.Errorf("encoding %s", encoding)
	}
}

func TestServerIsDurableAndWide(t *testing.T) {
	t.Parallel()
	dsn := containers.NewPostgres(t).DSN()
	for setting, want := range map[string]string{
		"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_connections": "300", "TimeZone": "UTC",
		"lc_collate": "C.UTF-8",
	} {
		query := `SELECT current_setting($1)`
		if setting == "lc_collate" {
			query = `SELECT datcollate FROM pg_database WHERE datname = current_database() AND $1 <> ''`
		}
		if got := value[string](t, dsn, query, setting); got != want {
			t.Errorf("%s = %s, want %s", setting, got, want)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	dsn := containers.NewPostgres(t, containers.Durable(false), containers.Setting("max_connections", "17")).DSN()
	for setting, want := range map[string]string{"fsync": "off", "synchronous_commit": "off", "max_connections": "17"} {
		if got := value[string](t, dsn, `SELECT current_setting($1)`, setting); got != want {
			t.Errorf("%s = %s, want %s", setting, got, want)
		}
	}
}

func TestSharedServerIsOne(t *testing.T) {
	t.Parallel()
	if first, second := containers.Postgres(t), containers.Postgres(t); first != second {
		t.Error("two calls returned two servers")
	}
}

func TestClonesAreIsolated(t *testing.T) {
	t.Parallel()
	template := containers.Postgres(t).Template(t, "thing", prepare)
	first, second := template.Clone(t), template.Clone(t)
	execute(t, first, `INSERT INTO thing VALUES ('second')`)
	execute(t, second, `DELETE FROM thing`)
	if n := value[int](t, first, `SELECT count(*)::int FROM thing`); n != 2 {
		t.Errorf("first clone has %d rows, want 2", n)
	}
	if n := value[int](t, second, `SELECT count(*)::int FROM thing`); n != 0 {
		t.Errorf("second clone has %d rows, want 0", n)
	}
	if n := value[int](t, template.Clone(t), `SELECT count(*)::int FROM thing`); n != 1 {
		t.Errorf("a later clone has %d rows, want the template's 1", n)
	}
}

func TestClonesInParallelShareOneTemplate(t *testing.T) {
	t.Parallel()
	var prepared atomic.Int32
	counted := func(ctx context.Context, dsn string) error {
		prepared.Add(1)
		return prepare(ctx, dsn)
	}
	containers.Postgres(t) // Held until the last subtest has ended, so that there is one server and one template.
	t.Run("clones", func(t *testing.T) {
		t.Parallel()
		for i := range 16 {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				dsn := containers.Postgres(t).Template(t, "counted", counted).Clone(t)
				execute(t, dsn, `INSERT INTO thing VALUES ('second')`)
				if n := value[int](t, dsn, `SELECT count(*)::int FROM thing`); n != 2 {
					t.Errorf("%d rows, want 2", n)
				}
			})
		}
	})
	t.Cleanup(func() { // Runs when the parallel subtests have ended.
		if n := prepared.Load(); n != 1 {
			t.Errorf("prepared %d times", n)
		}
	})
}

func TestDatabaseIsDroppedWithItsTest(t *testing.T) {
	t.Parallel()
	server := containers.Postgres(t)
	var name string
	if !t.Run("inner", func(t *testing.T) { //nolint:paralleltest // It has to end before the next line.
		dsn := server.Template(t, "thing", prepare).Clone(t)
		name = value[string](t, dsn, `SELECT current_database()`) // Its session is open when the database is dropped.
	}) {
		return
	}
	if value[bool](t, server.DSN(), `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name) {
		t.Errorf("database %s is still there", name)
	}
}

func TestFailedTemplateFailsEveryTestThatAsks(t *testing.T) {
	t.Parallel()
	server := containers.Postgres(t)
	for range 2 {
		inner := newRecorder(t)
		inner.run(func() {
			server.Template(inner, "broken", func(context.Context, string) error { return errors.New("no such table") })
		})
		if !strings.Contains(inner.fatal, "no such table") {
			t.Errorf("the test was told %q", inner.fatal)
		}
	}
}

func TestTemplateWhosePreparationEndsTheTestIsBroken(t *testing.T) {
	t.Parallel()
	server := containers.Postgres(t)
	inner := newRecorder(t)
	inner.run(func() {
		server.Template(inner, "ending", func(context.Context, string) error {
			inner.Fatal("wrong way out")
			return nil
		})
	})
	inner.run(func() { server.Template(inner, "ending", prepare) })
	if !strings.Contains(inner.fatal, "prepare did not return") {
		t.Errorf("the second test was told %q", inner.fatal)
	}
}

func TestLocalServerShowsItsProcesses(t *testing.T) {
	t.Parallel()
	server := containers.Postgres(t)
	inner := newRecorder(t)
	var pids []int
	inner.run(func() { pids = server.PIDs(inner) })
	if server.Source() != containers.SourceLocal {
		if inner.fatal == "" {
			t.Errorf("a %s server showed processes %v", server.Source(), pids)
		}
		return
	}
	// The checkpointer, the writers, the launchers.
	if len(pids) < 5 {
		t.Fatalf("processes %v", pids)
	}
	for _, pid := range pids {
		if !running(pid) {
			t.Errorf("process %d does not run", pid)
		}
	}
}
