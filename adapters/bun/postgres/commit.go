package postgres

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// Committer is the store as ordering.Committer.
type Committer struct{ s *Store }

var _ ordering.Committer = Committer{}

// Ordering gives the port ordering.Committer.
func (s *Store) Ordering() Committer { return Committer{s} }

// Commit makes the commit true, in one transaction with others that wait.
func (c Committer) Commit(ctx context.Context, commit ordering.Commit) (ordering.Outcome, error) {
	return c.s.queue.Commit(ctx, commit)
}

// loop collects a group and writes it, while the next loop collects. There is no timer: a commit that comes alone is
// written alone, at once.
func (s *Store) loop() {
	for {
		select {
		case <-s.stop:
			return
		case s.turn <- struct{}{}:
		}
		group := s.queue.Collect(s.held)
		s.busy.Add(1)
		<-s.turn
		if len(group) > 0 {
			s.commitGroup(group)
		}
		s.busy.Add(-1)
		select {
		case s.finished <- struct{}{}:
		default: // A word to that effect waits already.
		}
	}
}

// held holds a group back while another loop's transaction is in flight, until it is half full: two small groups cost more
// than one, and wait for each other's rows.
func (s *Store) held(taken int) <-chan struct{} {
	if s.busy.Load() > 0 && taken < s.cfg.CommitGroup/2 {
		return s.finished // Perhaps of a transaction before; then busy says so.
	}
	return nil
}
