package sqlite

import (
	"runtime"
	"time"

	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// Config tells where the shop is and how to use it. The zero value of a field means its default.
type Config struct {
	File    string // The path of the file; it is made when it is not there, its folder is not.
	Readers int    // How many connections read; default four a core.

	CommitGroup int // The most commits in one transaction; default 64.
	CommitQueue int // How many commits may wait; more are refused as unavailable. Default 4096.

	// Busy is how long to wait for another program that writes to the same file; default 5 s.
	Busy time.Duration

	// SlowQuery is from how long on a statement is logged, until its last row is read; 0 logs none.
	SlowQuery time.Duration

	// Trace makes spans of the statements of traced requests; nil makes none.
	Trace observe.Trace

	Logger *zap.Logger
	Clock  ports.Clock // For the age of figures; without one they are read anew each time.
	// Fault is called at each ordering.Point of a commit; its error is taken for the store's. For tests.
	Fault func(ordering.Point) error
}

// The defaults; docs/limits.md says why.
const (
	defaultGroup        = 64
	defaultQueue        = 4096
	readersPerProcessor = 4
	readersMost         = 64
	defaultBusy         = 5 * time.Second
)

// withDefaults fills in what is not set.
func (c Config) withDefaults() Config {
	defaults := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	defaults(&c.CommitGroup, defaultGroup)
	defaults(&c.CommitQueue, defaultQueue)
	defaults(&c.Readers, min(readersPerProcessor*runtime.GOMAXPROCS(0), readersMost))
	if c.Busy <= 0 {
		c.Busy = defaultBusy
	}
	if c.Logger == nil {
		c.Logger = zap.NewNop()
	}
	return c
}
