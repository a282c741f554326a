package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/testcontainers/testcontainers-go/modules/postgres"
)

const (
	readyLimit = time.Minute // Recovery after a kill included.
	readyPoll  = 20 * time.Millisecond
	pingLimit  = 2 * time.Second // An address that leads nowhere does not answer at all.
	logLimit   = 4000
)

// addresses returns the DSNs under which the container may be reached. The one that testcontainers-go works out is right
// when the test runs in a container itself; it is wrong where the engine tells no gateway of its network, or where the
// test only looks as if it ran in a container. There the port is on this machine, so that is tried first: a port on which
// nobody listens is refused at once, and nobody else has the password.
func addresses(ctx context.Context, container *postgres.PostgresContainer) ([]string, error) {
	dsn, err := container.ConnectionString(ctx, "sslmode=disable")
	if err != nil {
		return nil, fmt.Errorf("address of the container: %w", err)
	}
	here, err := url.Parse(dsn)
	if err != nil {
		return nil, fmt.Errorf("address of the container: %w", err)
	}
	here.Host = net.JoinHostPort("127.0.0.1", here.Port())
	return []string{here.String(), dsn}, nil
}

// awaitReady connects until the server answers under one of the addresses, and returns that: while the image prepares its
// cluster it takes no connections from outside, and while the server recovers it refuses them.
func (s *Server) awaitReady(ctx context.Context, dsns ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	ticker := time.NewTicker(readyPoll)
	defer ticker.Stop()
	for {
		var problems []error
		for _, dsn := range dsns {
			err := ping(ctx, dsn)
			if err == nil {
				return dsn, nil
			}
			problems = append(problems, err)
		}
		state, err := s.container.State(ctx)
		if err == nil && !state.Running {
			return "", fmt.Errorf("PostgreSQL's container ended with exit code %d%s", state.ExitCode, s.logTail(ctx))
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("PostgreSQL in the container did not become ready: %w", errors.Join(problems...))
		case <-ticker.C:
		}
	}
}

func ping(ctx context.Context, dsn string) error {
	ctx, cancel := context.WithTimeout(ctx, pingLimit)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// logTail is what a person needs to see when the container ends by itself.
func (s *Server) logTail(ctx context.Context) string {
	reader, err := s.container.Logs(ctx)
	if err != nil {
		return ""
	}
	defer func() { _ = reader.Close() }() // It was only read.
	text, err := io.ReadAll(reader)
	if err != nil || len(text) == 0 {
		return ""
	}
	return "\nits log ends with:\n" + string(text[max(0, len(text)-logLimit):])
}
