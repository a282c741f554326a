package containers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/ipswich-retail/commerce/testing/containers/internal/docker"
	"github.com/ipswich-retail/commerce/testing/containers/internal/existing"
	"github.com/ipswich-retail/commerce/testing/containers/internal/local"
)

// Source tells where a server comes from; the values are those of COMMERCE_TEST_POSTGRES.
type Source string

// The sources, in the order in which they are tried.
const (
	SourceDSN    Source = "dsn"    // A server that runs already, named by COMMERCE_TEST_DSN.
	SourceLocal  Source = "local"  // PostgreSQL's binaries on this machine.
	SourceDocker Source = "docker" // A container.
)

const (
	envSource = "COMMERCE_TEST_POSTGRES"
	envDSN    = "COMMERCE_TEST_DSN"
	envBin    = "COMMERCE_TEST_POSTGRES_BIN"
	envImage  = "COMMERCE_TEST_POSTGRES_IMAGE"

	defaultImage = "postgres:15-bookworm"
)

// engine is what runs a server. Start, Stop, Kill, Suspend and Resume leave alone what is as they want it.
type engine interface {
	DSN() string
	Running() bool // Neither stopped, killed nor suspended.
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	Kill(ctx context.Context) error
	Suspend(ctx context.Context) error
	Resume(ctx context.Context) error
	PIDs() ([]int, error)
	Close(ctx context.Context) error
}

const howTo = `how to get one, any of:
  install PostgreSQL's server binaries, for example apt-get install postgresql (no service has to run)
  start a Docker engine that has or can pull the image ` + defaultImage + `
  set ` + envDSN + `=postgres://user:password@host:5432/postgres to a server whose role may make databases`

// launch starts a server from the source that the environment asks for, or else from the first that is there.
func launch(ctx context.Context, c config) (*PostgresServer, error) {
	forced := Source(os.Getenv(envSource))
	sources := []Source{forced}
	switch forced {
	case "":
		sources = candidates(c)
	case SourceDSN:
		if c.private {
			return nil, fmt.Errorf("containers: this test stops or kills its server, which it must not do to that of %s; "+
				"unset %s or set it to %s or %s", envDSN, envSource, SourceLocal, SourceDocker)
		}
	case SourceLocal, SourceDocker:
	default:
		return nil, fmt.Errorf("containers: %s=%q is not a source of PostgreSQL; allowed are %s, %s and %s, or nothing for the first that is there",
			envSource, string(forced), SourceDSN, SourceLocal, SourceDocker)
	}
	var problems []error
	for _, source := range sources {
		s, err := open(ctx, source, c)
		if err == nil {
			return s, nil
		}
		problems = append(problems, fmt.Errorf("  %s: %w", source, err))
	}
	return nil, fmt.Errorf("containers: no PostgreSQL for this test; tried\n%w\n%s", errors.Join(problems...), howTo)
}

// candidates holds the DSN alone if it is set: a server that was named but does not answer must not be passed over.
func candidates(c config) []Source {
	if os.Getenv(envDSN) != "" && !c.private {
		return []Source{SourceDSN}
	}
	return []Source{SourceLocal, SourceDocker}
}

func open(ctx context.Context, source Source, c config) (*PostgresServer, error) {
	s := &PostgresServer{source: source, run: newRun(), templates: make(map[string]*Template)}
	var err error
	switch source {
	case SourceDSN:
		dsn := os.Getenv(envDSN)
		if dsn == "" {
			return nil, fmt.Errorf("%s is not set", envDSN)
		}
		limited, cancel := context.WithTimeout(ctx, operationLimit)
		defer cancel()
		s.engine, err = existing.Open(limited, dsn, namePrefix, s.run)
	case SourceLocal:
		s.engine, err = local.Launch(ctx, os.Getenv(envBin), c.settings)
	default:
		s.engine, err = docker.Launch(ctx, cmp.Or(os.Getenv(envImage), defaultImage), c.settings)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}
