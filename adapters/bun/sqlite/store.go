package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/groups"
	"github.com/ipswich-retail/commerce/ports"
)

// Store is a shop in a file; its methods named after ports give those ports. Open it once and Close it. Safe for
// concurrent use.
type Store struct {
	cfg    Config
	writer *sql.DB // Of one connection; see write.
	reader *sql.DB // Of connections that only read.

	told   bell // Rings when events were written.
	called bell // Rings when jobs were enqueued.
	wrote  news // What the transaction that runs has written; only its own goroutine looks.

	queue   groups.Commits
	takes   *takes
	stop    chan struct{} // Closed when the loops are to end.
	loops   sync.WaitGroup
	closing sync.Once

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

// New makes a store without opening its file; it fails when the configuration is wrong. Start it, and Close it in any
// case.
func New(cfg Config) (*Store, error) {
	cfg = cfg.withDefaults()
	s := &Store{cfg: cfg, stop: make(chan struct{})}
	s.queue = groups.NewCommits(cfg.CommitGroup, cfg.CommitQueue, s.stop)
	s.takes = groups.New[take, ports.Allowance](cfg.CommitGroup, cfg.CommitQueue, s.stop)
	var err error
	if s.writer, err = newWriter(cfg); err != nil {
		return nil, err
	}
	if s.reader, err = newReader(cfg); err != nil {
		_ = s.writer.Close()
		return nil, err
	}
	return s, nil
}

// Start opens the file. It fails when that cannot be read or written; it does not migrate, see Migrator.
func (s *Store) Start(ctx context.Context) error {
	// The writer comes first: it makes the file and its journal, which a reader cannot.
	for _, db := range []*sql.DB{s.writer, s.reader} {
		if err := db.PingContext(ctx); err != nil {
			return fmt.Errorf("sqlite: cannot open the file: %w", err)
		}
	}
	s.loops.Go(s.loop)
	s.loops.Go(s.countTakes)
	return nil
}

// Close lets the transaction that is under way end, refuses those that wait, and closes the file. Once is enough; again
// does nothing.
func (s *Store) Close() {
	s.closing.Do(func() {
		close(s.stop)
		s.loops.Wait()
		s.queue.Ended()
		s.takes.Ended()
		_ = s.reader.Close() // Before the writer, which folds the journal into the file when nobody else has it open.
		_ = s.writer.Close()
	})
}
