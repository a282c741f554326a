//go:build unix

package local

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/ipswich-retail/commerce/testing/containers/internal/lease"
)

const (
	leaseKind = "local"
	// shutdownLimit bounds how long a server may take to end after it was told to; then it is killed.
	shutdownLimit = 20 * time.Second
)

// Server is one PostgreSQL server in a temporary folder. Its methods are safe for concurrent use.
type Server struct {
	lease    *lease.Lease
	bin      string
	account  *account
	port     int
	password string
	settings []string

	mu        sync.Mutex
	process   *process
	suspended bool
}

// Launch makes a cluster in a temporary folder and starts a server on 127.0.0.1 with the settings, each "name=value".
// It also ends and removes what earlier processes of this user left behind. The server does not end with ctx.
func Launch(ctx context.Context, dir string, settings []string) (*Server, error) {
	bin, err := Find(dir)
	if err != nil {
		return nil, err
	}
	acc, err := chooseAccount()
	if err != nil {
		return nil, err
	}
	if err := lease.Sweep(leaseKind, func(dir string) error { return endLeftOver(ctx, dir) }); err != nil {
		return nil, err
	}
	held, err := lease.New(leaseKind)
	if err != nil {
		return nil, err
	}
	s := &Server{lease: held, bin: bin, account: acc, settings: settings}
	if err := s.initialise(ctx); err != nil {
		return nil, errors.Join(err, held.Release())
	}
	if err := s.startOnFreePort(ctx); err != nil {
		return nil, errors.Join(err, held.Release())
	}
	return s, nil
}

// DSN names the database postgres as its superuser. It stays the same when the server is started again.
func (s *Server) DSN() string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, s.password),
		Host: "127.0.0.1:" + strconv.Itoa(s.port), Path: "/postgres", RawQuery: "sslmode=disable",
	}
	return u.String()
}

func (s *Server) data() string { return filepath.Join(s.lease.Dir(), dataName) }

func (s *Server) logFile() string { return filepath.Join(s.lease.Dir(), "postgres.log") }

// Start starts the server again after Stop or Kill, on the same port and data; it returns when the server accepts
// connections, recovery included. A running server is left as it is.
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running() {
		return nil
	}
	return s.start(ctx)
}

// Running tells whether the server's process exists and is not suspended.
func (s *Server) Running() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running() && !s.suspended
}

func (s *Server) running() bool { return s.process != nil && !s.process.ended() }

// Stop shuts the server down in order: sessions are ended, what is committed is flushed. A stopped one is left as it is.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.end(ctx, syscall.SIGINT)
}

// Kill ends every process of the server at once with SIGKILL, as a machine's failure would, and returns when all are gone.
func (s *Server) Kill(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.running() {
		return nil
	}
	s.suspended = false
	if err := killTree(ctx, s.process.pid()); err != nil {
		return err
	}
	return s.process.wait(ctx)
}

// Suspend stops every process of the server with SIGSTOP: connections stay open and nothing answers.
func (s *Server) Suspend(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.running() {
		return errors.New("containers: a server that does not run cannot be suspended")
	}
	s.suspended = true
	_, err := stopTree(s.process.pid())
	return err
}

// Resume lets a suspended server go on. One that is not suspended is left as it is.
func (s *Server) Resume(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.resume()
}

func (s *Server) resume() error {
	if !s.suspended {
		return nil
	}
	s.suspended = false
	return continueTree(s.process.pid())
}

// PIDs returns the postmaster's process id, then those of its children, as they are at this moment.
func (s *Server) PIDs() ([]int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.running() {
		return nil, errors.New("containers: the server does not run, so it has no processes")
	}
	return tree(s.process.pid())
}

// Close ends the server at once and removes its folder. Nothing of it remains, except when an error is returned.
func (s *Server) Close(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.end(ctx, syscall.SIGQUIT), s.lease.Release())
}

// end signals the postmaster and waits; a server that does not end in time is killed, and that is an error.
func (s *Server) end(ctx context.Context, signal syscall.Signal) error {
	if !s.running() {
		return nil
	}
	if err := s.resume(); err != nil {
		return err
	}
	if err := s.process.signal(signal); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, shutdownLimit)
	defer cancel()
	err := s.process.wait(limited)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("containers: PostgreSQL did not end after signal %v: %w%s", signal, err, s.logTail())
	return errors.Join(err, killTree(context.WithoutCancel(ctx), s.process.pid()))
}

// logTail is what a person needs to see when the server misbehaves.
func (s *Server) logTail() string {
	const limit = 4000
	text, err := os.ReadFile(s.logFile())
	if err != nil || len(text) == 0 {
		return ""
	}
	return "\nPostgreSQL's log ends with:\n" + string(text[max(0, len(text)-limit):])
}
