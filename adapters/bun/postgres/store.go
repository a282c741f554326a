package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/groups"
)

// Store is a shop in PostgreSQL; its methods named after ports give those ports. Open it once and Close it. Safe for
// concurrent use.
type Store struct {
	cfg     Config
	pool    *pgxpool.Pool // General; no prepared statements, so that poolers of transactions do.
	commits *pgxpool.Pool // Of the commit loops; prepared statements.

	queue   groups.Commits
	stop    chan struct{} // Closed when the loops are to end.
	closing sync.Once
	loops   sync.WaitGroup

	turn     chan struct{} // Holds a word while one loop collects a group.
	busy     atomic.Int32  // Loops whose transaction is in flight.
	finished chan struct{} // Has a word soon after one ended.

	waker
	pulse pulse

	gathered gathered
	swept    atomic.Int64 // When limits were last swept, in microseconds.

	horizon horizon
	figures figures
}

// Open makes a store and starts it.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	s, err := New(cfg)
	if err != nil {
		return nil, err
	}
	if err := s.Start(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// New makes a store without a connection; it fails when the configuration is wrong. Start it, and Close it in any case.
func New(cfg Config) (*Store, error) {
	cfg = cfg.withDefaults()
	s := &Store{
		cfg:  cfg,
		stop: make(chan struct{}), turn: make(chan struct{}, 1), finished: make(chan struct{}, 1),
	}
	s.queue = groups.NewCommits(cfg.CommitGroup, cfg.CommitQueue, s.stop)
	s.waker.init()
	s.gathered.init(s)
	var err error
	if s.pool, err = newPool(cfg, cfg.Conns, pgx.QueryExecModeExec, func(pc *pgxpool.Config) {
		pc.ConnConfig.OnPgError = s.hearEnd
		cfg.watch(pc, generalPool)
	}); err != nil {
		return nil, err
	}
	if s.commits, err = newPool(cfg, int32(cfg.CommitLoops), pgx.QueryExecModeCacheStatement, func(pc *pgxpool.Config) {
		tuneForCommits(pc)
		cfg.watch(pc, commitPool)
	}); err != nil {
		s.pool.Close()
		return nil, err
	}
	return s, nil
}

// Start connects and starts the commit loops. It fails when the database cannot be reached; it does not migrate, see
// Migrator.
func (s *Store) Start(ctx context.Context) error {
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("postgres: cannot reach the database: %w", err)
	}
	for range s.cfg.CommitLoops {
		s.loops.Go(s.loop)
	}
	s.goes(func() { s.untilStopped(s.notify) })
	s.goes(func() { s.untilStopped(s.heal) })
	return nil
}

// tuneForCommits suits the pool of the commit loops to its few statements, each of which finds rows by their keys.
func tuneForCommits(pc *pgxpool.Config) {
	// No ping before use, which would be a third round trip of a commit: a loop that meets a dead connection takes another.
	pc.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	params := pc.ConnConfig.RuntimeParams
	// By index: a plan made while a table is small or its statistics are old reads all of it, and goes on to do so when it
	// has grown. Measured: 26 ms a group instead of 0.2.
	params["enable_seqscan"], params["enable_hashjoin"], params["enable_mergejoin"] = "off", "off", "off"
}

// newPool makes a pool and tunes it; connections are made when they are first needed.
func newPool(cfg Config, conns int32, mode pgx.QueryExecMode, tune func(*pgxpool.Config)) (*pgxpool.Pool, error) {
	pc, err := pgxpool.ParseConfig(cfg.DSN)
	if err != nil {
		return nil, fmt.Errorf("postgres: the database address: %w", err)
	}
	pc.MaxConns = conns
	pc.ConnConfig.ConnectTimeout = cfg.Connect
	pc.ConnConfig.DialFunc = dialPatiently(cfg.Connect, cfg.Statement+silenceMargin)
	pc.PingTimeout = pulseTime // Of a connection that was idle: a dead one costs its taker no more.
	pc.MaxConnLifetimeJitter = pc.MaxConnLifetime / 10
	pc.ConnConfig.DefaultQueryExecMode = mode
	pc.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		// In mode exec types are inferred from those of Go.
		conn.TypeMap().RegisterDefaultPgType([16]byte{}, "uuid")
		conn.TypeMap().RegisterDefaultPgType([][16]byte(nil), "_uuid")
		return nil
	}
	params := pc.ConnConfig.RuntimeParams
	params["application_name"] = "commerce"
	params["timezone"] = "UTC"
	params["default_transaction_isolation"] = "read committed" // Locked rows are read as last committed, whatever the server's default.
	// Prepared statements find rows by keys and are planned once. Left to itself the server plans a list of keys anew each
	// time, since it takes an unknown list to be long. Measured: two thirds of a read.
	params["plan_cache_mode"] = "force_generic_plan"
	params["statement_timeout"] = strconv.FormatInt(cfg.Statement.Milliseconds(), 10)
	params["lock_timeout"] = strconv.FormatInt((cfg.Statement / 2).Milliseconds(), 10) // Before the statement's, so that the error names it.
	params["idle_in_transaction_session_timeout"] = strconv.FormatInt((2 * cfg.Statement).Milliseconds(), 10)
	tune(pc)
	return pgxpool.NewWithConfig(detached(), pc)
}

// detached is the context of work that belongs to no caller: a group of commits outlives each of those who wait for it.
func detached() context.Context {
	return context.Background() //nolint:forbidigo // There is no caller whose context it could take.
}

// Close lets the commits that are under way end, refuses those that wait, and closes all connections. Once is enough;
// again does nothing.
func (s *Store) Close() {
	s.closing.Do(func() {
		close(s.stop)
		s.loops.Wait()
		s.waker.end()
		s.pulse.end()
		s.queue.Ended()
		s.commits.Close()
		s.pool.Close()
	})
}

// The names of the pools, for metrics and logs.
const (
	generalPool = "general"
	commitPool  = "commits"
)

// Pool is the general pool, for an adopter's own reads.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// PoolStats tells how the pools are used, by name.
func (s *Store) PoolStats() map[string]*pgxpool.Stat {
	return map[string]*pgxpool.Stat{generalPool: s.pool.Stat(), commitPool: s.commits.Stat()}
}

// keepAttempts bounds how often Keep looks again: once more is enough, for a row that is there once stays.
const keepAttempts = 3

// Keep gives the value that is kept under a name, after keeping the proposed one when there is none: all servers of a
// shop that propose one agree on the same.
func (s *Store) Keep(ctx context.Context, name string, proposed []byte) ([]byte, error) {
	var value []byte
	var err error
	for range keepAttempts {
		err = s.pool.QueryRow(ctx, `WITH kept AS (
			INSERT INTO commerce.settings (shop, name, value) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING value)
			SELECT value FROM kept UNION ALL SELECT value FROM commerce.settings WHERE shop = $1 AND name = $2 LIMIT 1`,
			s.cfg.Shop, name, proposed).Scan(&value)
		if !errors.Is(err, pgx.ErrNoRows) {
			break
		}
	}
	return value, readError(err)
}

// nullTime is NULL for the zero time.
func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
