package containers_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/testing/containers"
)

func TestKilledServerComesBackWithItsData(t *testing.T) {
	t.Parallel()
	server := containers.NewPostgres(t)
	dsn := server.Template(t, "thing", prepare).Clone(t)
	before := server.DSN()
	open := connect(t, dsn)
	execute(t, dsn, `INSERT INTO thing VALUES ('kept')`)

	server.Kill(t)
	if err := open.Ping(t.Context()); err == nil {
		t.Error("a session survived its server")
	}
	if _, err := pgx.Connect(t.Context(), dsn); err == nil {
		t.Error("a killed server accepted a connection")
	}
	server.Start(t)
	if server.DSN() != before {
		t.Error("the server came back under another DSN")
	}
	if n := value[int](t, dsn, `SELECT count(*)::int FROM thing`); n != 2 {
		t.Errorf("%d rows after recovery, want 2", n)
	}
}

func TestStoppedServerComesBack(t *testing.T) {
	t.Parallel()
	server := containers.NewPostgres(t)
	dsn := server.Template(t, "thing", prepare).Clone(t)
	for range 2 { // Twice does no harm.
		server.Stop(t)
	}
	if _, err := pgx.Connect(t.Context(), dsn); err == nil {
		t.Error("a stopped server accepted a connection")
	}
	for range 2 {
		server.Start(t)
	}
	if n := value[int](t, dsn, `SELECT count(*)::int FROM thing`); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}

func TestSuspendedServerIsSilentUntilItResumes(t *testing.T) {
	t.Parallel()
	server := containers.NewPostgres(t)
	conn := connect(t, server.Database(t))
	server.Suspend(t)
	answer := make(chan error, 1)
	go func() {
		var one int
		answer <- conn.QueryRow(t.Context(), `SELECT 1`).Scan(&one)
	}()
	select {
	case err := <-answer:
		t.Fatalf("a suspended server answered: %v", err)
	case <-time.After(200 * time.Millisecond): // Many times what an answer takes.
	}
	server.Resume(t)
	if err := <-answer; err != nil {
		t.Errorf("the session did not go on: %v", err)
	}
}

func TestServerLeftKilledOrSuspendedIsClearedAway(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*containers.PostgresServer, testing.TB){
		"killed":    (*containers.PostgresServer).Kill,
		"suspended": (*containers.PostgresServer).Suspend,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var h held
			t.Run("inner", func(t *testing.T) { //nolint:paralleltest // It has to end before the next line.
				server := containers.NewPostgres(t)
				h = inspect(t, server)
				leave(server, t)
			})
			refused(t, h.DSN)
			gone(t, h)
		})
	}
}

func TestSharedServerIsNotControlled(t *testing.T) {
	t.Parallel()
	server := containers.Postgres(t)
	inner := newRecorder(t)
	inner.run(func() { server.Kill(inner) })
	if !strings.Contains(inner.fatal, "NewPostgres") {
		t.Errorf("the test was told %q", inner.fatal)
	}
	if one := value[int](t, server.DSN(), `SELECT 1`); one != 1 {
		t.Error("the shared server does not answer")
	}
}

// refused fails unless nobody listens any more.
func refused(t *testing.T, dsn string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err == nil {
		_ = conn.Close(ctx)
		t.Fatal("the server still answers")
	}
	if ctx.Err() != nil {
		t.Fatalf("the server still listens: %v", err)
	}
}
