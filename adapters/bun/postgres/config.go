package postgres

import (
	"runtime"
	"time"

	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// Config tells how to reach the database and how to use it. The zero value of a field means its default.
type Config struct {
	DSN string // A postgres:// address or key=value words, as libpq takes them.
	// Direct is where DSN is a pooler's the address of the server itself, to listen to other servers; default DSN.
	Direct string
	Shop   int32 // Whose rows these are, when several shops share a database; default 1.
	Conns  int32 // Of the general pool; default four a core, which was measured to be enough.

	CommitGroup int // The most commits in one transaction; default 64.
	CommitLoops int // How many transactions of commits run side by side, each with a connection; default 2.
	CommitQueue int // How many commits may wait; more are refused as unavailable. Default 4096.

	Connect   time.Duration // How long a connection may take to be made; default 2 s.
	Statement time.Duration // How long the server may work on one statement, and half as long wait for a lock; default 10 s.
	// Transaction is how long a transaction of commits may take, from the wait for a connection to the answer of COMMIT;
	// default 4 s. A loop that waits for a server that is silent is free again then.
	Transaction time.Duration

	// SlowQuery is from how long on a statement, or a wait for a connection, is logged; 0 logs none.
	SlowQuery time.Duration
	// Trace makes spans of the statements of requests that are traced.
	Trace observe.Trace

	Logger *zap.Logger
	Clock  ports.Clock // For the age of figures; without one they are read anew each time.
	// Fault is called at each ordering.Point of a commit; its error is taken for the store's. For tests: a group is
	// then sent in pieces.
	Fault func(ordering.Point) error
}

// The defaults; docs/limits.md says why.
const (
	defaultGroup       = 64
	defaultLoops       = 2
	defaultQueue       = 4096
	connsPerProcessor  = 4
	connsMost          = 64
	defaultConnect     = 2 * time.Second
	defaultStatement   = 10 * time.Second
	defaultTransaction = 4 * time.Second
)

// withDefaults fills in what is not set.
func (c Config) withDefaults() Config {
	defaults := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	defaults(&c.CommitGroup, defaultGroup)
	defaults(&c.CommitLoops, defaultLoops)
	defaults(&c.CommitQueue, defaultQueue)
	if c.Direct == "" {
		c.Direct = c.DSN
	}
	if c.Shop <= 0 {
		c.Shop = 1
	}
	if c.Conns <= 0 {
		c.Conns = int32(min(connsPerProcessor*runtime.GOMAXPROCS(0), connsMost))
	}
	if c.Connect <= 0 {
		c.Connect = defaultConnect
	}
	if c.Statement <= 0 {
		c.Statement = defaultStatement
	}
	if c.Transaction <= 0 {
		c.Transaction = defaultTransaction
	}
	if c.Logger == nil {
		c.Logger = zap.NewNop()
	}
	return c
}
