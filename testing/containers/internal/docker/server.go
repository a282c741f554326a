// Package docker runs PostgreSQL in a container, for the time of a test process.
package docker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/modules/postgres"

	"github.com/ipswich-retail/commerce/testing/containers/internal/lease"
)

const (
	leaseKind   = "docker"
	launchLimit = 3 * time.Minute // A pull over a slow line included.
	stopSeconds = 20
)

// Server is one PostgreSQL server in a container. Its methods are safe for concurrent use.
type Server struct {
	lease     *lease.Lease
	container *postgres.PostgresContainer
	engine    *testcontainers.DockerClient
	dsn       string

	mu        sync.Mutex
	down      bool
	suspended bool
}

// Launch starts a container of the image with the settings, each "name=value", pulling the image if the engine lacks it.
// It also removes the containers that ended processes of this machine left behind. The server does not end with ctx.
func Launch(ctx context.Context, image string, settings []string) (s *Server, err error) {
	defer func() {
		// testcontainers-go panics when it finds no engine.
		if p := recover(); p != nil {
			s, err = nil, fmt.Errorf("no Docker engine answers: %v", p)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, launchLimit)
	defer cancel()
	engine, err := testcontainers.NewDockerClientWithOpts(ctx)
	if err != nil {
		return nil, fmt.Errorf("no Docker engine answers: %w", err)
	}
	if err := sweep(ctx, engine); err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	held, err := lease.New(leaseKind)
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	s = &Server{lease: held, engine: engine}
	if err := s.create(ctx, image, settings); err != nil {
		return nil, errors.Join(err, s.Close(context.WithoutCancel(ctx)))
	}
	return s, nil
}

func (s *Server) create(ctx context.Context, image string, settings []string) error {
	customizers, err := customize(ctx, s.lease.Dir(), settings)
	if err != nil {
		return err
	}
	if s.container, err = postgres.Run(ctx, image, customizers...); err != nil {
		return fmt.Errorf("run image %s: %w", image, err)
	}
	addresses, err := addresses(ctx, s.container)
	if err != nil {
		return err
	}
	s.dsn, err = s.awaitReady(ctx, addresses...)
	return err
}

// DSN names the database postgres as its superuser. It stays the same when the server is started again.
func (s *Server) DSN() string { return s.dsn }

// Running tells whether the server was neither stopped, killed nor suspended.
func (s *Server) Running() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.down && !s.suspended
}

// Start starts the server again after Stop or Kill and returns when it accepts connections.
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.down {
		return nil
	}
	if _, err := s.engine.ContainerStart(ctx, s.container.GetContainerID(), client.ContainerStartOptions{}); err != nil {
		return fmt.Errorf("containers: start the container: %w", err)
	}
	s.down = false
	_, err := s.awaitReady(ctx, s.dsn)
	return err
}

// Stop shuts the server down in order. A stopped one is left as it is.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return nil
	}
	if err := s.resume(ctx); err != nil {
		return err
	}
	limit := stopSeconds
	if _, err := s.engine.ContainerStop(ctx, s.container.GetContainerID(), client.ContainerStopOptions{Timeout: &limit}); err != nil {
		return fmt.Errorf("containers: stop the container: %w", err)
	}
	s.down = true
	return nil
}

// Kill ends every process of the server at once with SIGKILL and returns when the container has ended.
func (s *Server) Kill(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return nil
	}
	if err := s.resume(ctx); err != nil {
		return err
	}
	id := s.container.GetContainerID()
	ended := s.engine.ContainerWait(ctx, id, client.ContainerWaitOptions{Condition: "next-exit"})
	if _, err := s.engine.ContainerKill(ctx, id, client.ContainerKillOptions{Signal: "SIGKILL"}); err != nil {
		return fmt.Errorf("containers: kill the container: %w", err)
	}
	s.down = true
	select {
	case err := <-ended.Error:
		return fmt.Errorf("containers: wait for the container's end: %w", err)
	case <-ended.Result:
		return nil
	}
}

// Suspend freezes every process of the server: connections stay open and nothing answers.
func (s *Server) Suspend(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return errors.New("containers: a server that does not run cannot be suspended")
	}
	if s.suspended {
		return nil
	}
	if _, err := s.engine.ContainerPause(ctx, s.container.GetContainerID(), client.ContainerPauseOptions{}); err != nil {
		return fmt.Errorf("containers: suspend the container: %w", err)
	}
	s.suspended = true
	return nil
}

// Resume lets a suspended server go on. One that is not suspended is left as it is.
func (s *Server) Resume(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.resume(ctx)
}

func (s *Server) resume(ctx context.Context) error {
	if !s.suspended {
		return nil
	}
	if _, err := s.engine.ContainerUnpause(ctx, s.container.GetContainerID(), client.ContainerUnpauseOptions{}); err != nil {
		return fmt.Errorf("containers: resume the container: %w", err)
	}
	s.suspended = false
	return nil
}

// PIDs refuses: the container's process ids mean nothing on this side.
func (s *Server) PIDs() ([]int, error) {
	return nil, errors.New("containers: a server in a container has no process ids here; " +
		"set COMMERCE_TEST_POSTGRES=local to run PostgreSQL from local binaries")
}

// Close removes the container with its data.
func (s *Server) Close(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	problems := []error{s.resume(ctx)}
	if s.container != nil {
		problems = append(problems, remove(ctx, s.engine, s.container.GetContainerID()))
	}
	return errors.Join(append(problems, s.engine.Close(), s.lease.Release())...)
}
