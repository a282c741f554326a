package sqlite

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

// loop takes what queued while its last transaction was in flight, and writes it. There is no timer: a commit that comes
// alone is written alone, at once.
func (s *Store) loop() {
	for !s.stopped() {
		if group := s.queue.Collect(nil); len(group) > 0 {
			s.commitGroup(group)
		}
	}
}

// stopped tells whether the store closes.
func (s *Store) stopped() bool {
	select {
	case <-s.stop:
		return true
	default:
		return false
	}
}
