package ordering

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// changeAttempts is how often a change is tried again when other processes change the same meanwhile: none may be lost,
// and each refusal means that somebody else's was written.
const changeAttempts = 32

// pauseMax is the longest pause before a change is tried again. It is several times what a commit takes.
const pauseMax = 16 * time.Millisecond

// retried does a change, and does it again, from reading on, while others were faster with theirs.
//
// It waits a random while in between, longer the more often it lost: at most 1 ms the first time, twice as much each next
// time. Without it servers fall into step, one of them reading while another writes, and one loses every time.
func (s *Service) retried(ctx context.Context, lost func(error) bool, do func() error) error {
	for attempt := 0; ; attempt++ {
		err := do()
		if attempt+1 == changeAttempts || !lost(err) {
			return err
		}
		timer := time.NewTimer(rand.N(min(pauseMax, time.Millisecond<<min(attempt, 8)))) //nolint:gosec // Only to be out of step.
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
	}
}

// overtaken tells whether others changed the same meanwhile.
func overtaken(err error) bool { return fault.Is(err, fault.VersionConflict) }
