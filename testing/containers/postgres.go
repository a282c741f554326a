package containers

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Limits of what a test waits for; each far above what was measured, on a busy machine too.
const (
	operationLimit = time.Minute     // Making or dropping a database, signalling a server: tens of milliseconds.
	prepareLimit   = 5 * time.Minute // A template's migrations and seed.
)

// namePrefix starts the name of every database that this package makes.
const namePrefix = "commerce_test_"

// PostgresServer is a PostgreSQL server that tests make their databases in. It is safe for concurrent use.
type PostgresServer struct {
	source Source
	engine engine
	shared bool
	run    int64        // Names this use of the server; unique among processes.
	serial atomic.Int64 // Of the databases.

	mu        sync.Mutex
	templates map[string]*Template
}

// Postgres returns the server that all tests of this process share, started with its first use: durable, 300 connections,
// UTC, databases in UTF-8 sorted by code point where this package made the cluster. The server and what comes from it are
// valid until the test and its subtests have ended. The test fails if there is no server to be had.
func Postgres(t testing.TB) *PostgresServer {
	t.Helper()
	shared.hold()
	t.Cleanup(func() {
		if err := shared.release(); err != nil {
			t.Error(err)
		}
	})
	ctx := context.WithoutCancel(t.Context()) // The server outlives the test that came first.
	server, err := shared.get(func() (*PostgresServer, func() error, error) {
		s, err := launch(ctx, defaults())
		if err != nil {
			return nil, nil, err
		}
		s.shared = true
		return s, func() error { return s.close(ctx) }, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// NewPostgres starts a server for this test alone, which may stop, kill and suspend it; it is removed when the test ends.
// A server of COMMERCE_TEST_DSN cannot be had alone: local binaries or Docker are used even where that is set, and the test
// fails when COMMERCE_TEST_POSTGRES=dsn asks for it.
func NewPostgres(t testing.TB, options ...Option) *PostgresServer {
	t.Helper()
	chosen := defaults()
	chosen.private = true
	for _, option := range options {
		option(&chosen)
	}
	ctx := context.WithoutCancel(t.Context())
	s, err := launch(ctx, chosen)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Source tells where the server comes from.
func (s *PostgresServer) Source() Source { return s.source }

// DSN names the server's first database with a role that may do everything there, or whatever COMMERCE_TEST_DSN allows. It
// is meant for looking from outside; tests write to databases of their own.
func (s *PostgresServer) DSN() string { return s.engine.DSN() }

// close ends the server. One that belongs to somebody else loses our templates instead.
func (s *PostgresServer) close(ctx context.Context) error {
	var problems []error
	if s.source == SourceDSN {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, template := range s.templates {
			problems = append(problems, s.drop(ctx, template.name))
		}
	}
	return errors.Join(append(problems, s.engine.Close(ctx))...)
}

// newRun draws a number that no other process has.
func newRun() int64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // It never fails: it ends the process instead.
	return int64(binary.BigEndian.Uint64(b[:]))
}

// nextName is unique among all processes and short enough for PostgreSQL's 63 bytes.
func (s *PostgresServer) nextName() string {
	return fmt.Sprintf("%s%016x_%d", namePrefix, uint64(s.run), s.serial.Add(1))
}
