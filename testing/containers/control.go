package containers

import (
	"context"
	"testing"
)

// Kill ends every process of the server at once with SIGKILL, as the machine's failure would; Start brings it back. Only a
// server of NewPostgres may be killed.
func (s *PostgresServer) Kill(t testing.TB) {
	t.Helper()
	s.control(t, "killed", engine.Kill)
}

// Stop shuts the server down in order: its sessions end. Only a server of NewPostgres may be stopped.
func (s *PostgresServer) Stop(t testing.TB) {
	t.Helper()
	s.control(t, "stopped", engine.Stop)
}

// Start starts the server again after Stop or Kill, with the same DSN and data, and returns when it accepts connections,
// recovery included. Only a server of NewPostgres may be started.
func (s *PostgresServer) Start(t testing.TB) {
	t.Helper()
	s.control(t, "started", engine.Start)
}

// Suspend freezes every process of the server: connections stay open and nothing answers, until Resume. Only a server of
// NewPostgres may be suspended.
func (s *PostgresServer) Suspend(t testing.TB) {
	t.Helper()
	s.control(t, "suspended", engine.Suspend)
}

// Resume lets a suspended server go on where it was. Only a server of NewPostgres may be resumed.
func (s *PostgresServer) Resume(t testing.TB) {
	t.Helper()
	s.control(t, "resumed", engine.Resume)
}

// PIDs returns the process ids of a local server, the postmaster's first, then those of its children at this moment, for
// figures of its use of the processor: what ended children used is counted with the postmaster's. The test fails when the
// server is not local.
func (s *PostgresServer) PIDs(t testing.TB) []int {
	t.Helper()
	pids, err := s.engine.PIDs()
	if err != nil {
		t.Fatal(err)
	}
	return pids
}

// control guards the server that others share.
func (s *PostgresServer) control(t testing.TB, done string, act func(engine, context.Context) error) {
	t.Helper()
	if s.shared {
		t.Fatalf("containers: the server that all tests share is not %s; take one with NewPostgres", done)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), operationLimit)
	defer cancel()
	if err := act(s.engine, ctx); err != nil {
		t.Fatal(err)
	}
}
