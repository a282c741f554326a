package containers

import (
	"fmt"
	"os"
	"sync"
	"testing"
)

// Main runs the tests and then stops the shared server, if one was started. It returns the code to exit with: that of the
// tests, or 1 when they passed and the server could not be cleared away.
func Main(m *testing.M) int {
	shared.hold()
	code := m.Run()
	if err := shared.release(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	return code
}

// shared is the one server of this process that Postgres hands out: starting one per test would cost more than the tests.
var shared share

// share starts a server with its first use and closes it when the last holder lets go.
type share struct {
	mu      sync.Mutex
	holders int
	server  *PostgresServer
	failure error        // Kept, so that a hundred tests do not each wait for the same missing server.
	close   func() error // Set with server.
}

// hold keeps the server, once started, until release.
func (s *share) hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holders++
}

func (s *share) release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holders--
	if s.holders > 0 || s.server == nil {
		return nil
	}
	end := s.close
	s.server, s.close = nil, nil
	return end()
}

// get returns the server, starting it if need be. The caller holds the share.
func (s *share) get(start func() (*PostgresServer, func() error, error)) (*PostgresServer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server == nil && s.failure == nil {
		s.server, s.close, s.failure = start()
	}
	return s.server, s.failure
}
