package containers

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// pristine is PostgreSQL's own template that nothing was ever added to and nobody can be connected to.
const pristine = "template0"

// Database makes an empty database and returns its DSN, in the form (URL or keywords) of the server's. It is dropped when
// the test ends, open connections or not.
func (s *PostgresServer) Database(t testing.TB) string {
	t.Helper()
	return s.database(t, pristine)
}

func (s *PostgresServer) database(t testing.TB, template string) string {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	name := s.nextName()
	if err := s.create(ctx, name, template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// A private server that the test left killed or suspended takes its databases with it.
		if !s.engine.Running() {
			return
		}
		if err := s.drop(ctx, name); err != nil {
			t.Error(err)
		}
	})
	return withDatabase(s.DSN(), name)
}

func (s *PostgresServer) create(ctx context.Context, name, template string) error {
	return s.exec(ctx, "CREATE DATABASE "+quote(name)+" TEMPLATE "+quote(template))
}

func (s *PostgresServer) drop(ctx context.Context, name string) error {
	return s.exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)")
}

// exec runs statements on a connection of their own, outside a transaction as CREATE DATABASE demands: a connection that
// is kept would not survive a server that tests stop and start.
func (s *PostgresServer) exec(ctx context.Context, statements ...string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, operationLimit)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.DSN())
	if err != nil {
		return fmt.Errorf("containers: connect to the %s server: %w", s.source, err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("containers: %s: %w", statement, err)
		}
	}
	return nil
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

// withDatabase returns the DSN with another database. Of keywords given twice the later one counts.
func withDatabase(dsn, name string) string {
	if !strings.HasPrefix(dsn, "postgres://") && !strings.HasPrefix(dsn, "postgresql://") {
		return dsn + " dbname=" + name
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return dsn // Not reached: a server was connected to with it.
	}
	query := u.Query()
	query.Del("dbname")
	query.Del("database")
	u.Path, u.RawQuery = "/"+name, query.Encode()
	return u.String()
}
