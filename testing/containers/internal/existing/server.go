// Package existing uses a PostgreSQL server that somebody else runs: it makes databases in it and leaves the rest alone.
package existing

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

const (
	oldestVersion = 130000              // DROP DATABASE … WITH (FORCE) came with PostgreSQL 13.
	sweepLock     = 0x636f6d6d_65726365 // "commerce": one sweep at a time.
)

// Server is a connection that shows others that this process lives. Its methods are safe for concurrent use.
type Server struct {
	dsn  string
	held *pgx.Conn // Used by Open and Close alone; in between it holds the lock.
}

// Open connects, checks that the role may make databases, marks this run as living, and drops the databases of runs that
// have ended. Databases of a run are named prefix, the run in 16 hexadecimal digits, and more.
func Open(ctx context.Context, dsn, prefix string, run int64) (*Server, error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	s := &Server{dsn: dsn, held: conn}
	if err := s.open(ctx, prefix, run); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return s, nil
}

func (s *Server) open(ctx context.Context, prefix string, run int64) error {
	var version int
	var allowed bool
	const facts = `SELECT current_setting('server_version_num')::int, rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user`
	if err := s.held.QueryRow(ctx, facts).Scan(&version, &allowed); err != nil {
		return fmt.Errorf("ask for version and rights: %w", err)
	}
	if version < oldestVersion {
		return fmt.Errorf("the server is version %d; 13 or later is needed", version/10000)
	}
	if !allowed {
		return errors.New("its role may not make databases; give it CREATEDB, or SUPERUSER if migrations need that")
	}
	// An idle connection is this one's purpose; the setting came with PostgreSQL 14.
	const patient = `SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'`
	if _, err := s.held.Exec(ctx, patient); err != nil {
		return fmt.Errorf("switch off the idle timeout: %w", err)
	}
	if _, err := s.held.Exec(ctx, `SELECT pg_advisory_lock($1)`, run); err != nil {
		return fmt.Errorf("mark this run as living: %w", err)
	}
	return s.sweep(ctx, prefix)
}

// sweep finds the locks of living runs in pg_locks, which shows those of all databases; an attempt to take a lock would
// not see one that was taken in another database.
func (s *Server) sweep(ctx context.Context, prefix string) error {
	if _, err := s.held.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(sweepLock)); err != nil {
		return fmt.Errorf("wait for other sweeps: %w", err)
	}
	const ended = `SELECT datname FROM pg_database d
		WHERE datname ~ ('^' || $1 || '[0-9a-f]{16}_') AND pg_get_userbyid(datdba) = current_user AND NOT EXISTS (
			SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
				AND lpad(to_hex(classid::bigint), 8, '0') || lpad(to_hex(objid::bigint), 8, '0') = substr(d.datname, length($1) + 1, 16))`
	rows, err := s.held.Query(ctx, ended, prefix)
	if err != nil {
		return fmt.Errorf("look for left-over databases: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look for left-over databases: %w", err)
	}
	for _, name := range names {
		if _, err := s.held.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)"); err != nil {
			return fmt.Errorf("drop left-over database %s: %w", name, err)
		}
	}
	if _, err := s.held.Exec(ctx, `SELECT pg_advisory_unlock($1)`, int64(sweepLock)); err != nil {
		return fmt.Errorf("end the sweep: %w", err)
	}
	return nil
}

var errNotOurs = errors.New("containers: the server of COMMERCE_TEST_DSN belongs to somebody else and is not started, stopped or inspected")

// DSN is the given one.
func (s *Server) DSN() string { return s.dsn }

// Running takes it for granted.
func (s *Server) Running() bool { return true }

// Start refuses.
func (s *Server) Start(context.Context) error { return errNotOurs }

// Stop refuses.
func (s *Server) Stop(context.Context) error { return errNotOurs }

// Kill refuses.
func (s *Server) Kill(context.Context) error { return errNotOurs }

// Suspend refuses.
func (s *Server) Suspend(context.Context) error { return errNotOurs }

// Resume refuses.
func (s *Server) Resume(context.Context) error { return errNotOurs }

// PIDs refuses.
func (s *Server) PIDs() ([]int, error) { return nil, errNotOurs }

// Close gives up the connection; the server goes on.
func (s *Server) Close(ctx context.Context) error {
	if err := s.held.Close(ctx); err != nil {
		return fmt.Errorf("containers: close the connection: %w", err)
	}
	return nil
}
