package groups

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// Commit is a commit of orders that waits to be written.
type Commit = Request[ordering.Commit, ordering.Outcome]

// Commits is a queue of them, as ordering.Committer.
type Commits struct {
	*Queue[ordering.Commit, ordering.Outcome]
}

var _ ordering.Committer = Commits{}

// NewCommits makes a queue of commits; see New.
func NewCommits(most, room int, stop <-chan struct{}) Commits {
	return Commits{New[ordering.Commit, ordering.Outcome](most, room, stop)}
}

// Commit makes the commit true, in one transaction with others that wait.
func (q Commits) Commit(ctx context.Context, commit ordering.Commit) (ordering.Outcome, error) {
	if err := commit.Validate(); err != nil {
		return ordering.Outcome{}, err
	}
	return q.Do(ctx, commit)
}

// Tell gives every member its verdict. Who was refused is told first: it is then the first to try again. Behind those
// who were accepted it would meet the next commit of theirs each time, and could lose a change of a busy cart for good.
func Tell(group []*Commit, verdicts []ordering.Verdict) {
	for _, refused := range []bool{true, false} {
		for i, r := range group {
			if v := verdicts[i]; (v.Err != nil) == refused {
				r.Answer(ordering.Outcome{Replay: v.Replay, Backordered: v.Backordered, Steady: v.Steady}, v.Err)
			}
		}
	}
}
