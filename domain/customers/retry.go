package customers

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// tries is how often a change is tried again when others write the same meanwhile: changes of a customer commute, so none
// is lost, and each refusal means that somebody else's was written.
const tries = 32

// pauseMax is the longest pause before a change is tried again. It is several times what a commit takes.
const pauseMax = 16 * time.Millisecond

// retry runs a change until nobody else comes between what it read and what it writes. It waits a random while in
// between, longer the more often it lost: without it servers fall into step, and one of them loses every time.
func (s *Service) retry(ctx context.Context, change func() error) error {
	for attempt := 0; ; attempt++ {
		err := change()
		if meant := (outdated{}); errors.As(err, &meant) {
			return meant.error
		}
		if attempt+1 == tries || !fault.Is(err, fault.VersionConflict) {
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

// outdated is the conflict of a caller who named a version that is no longer the present one: it stays so.
type outdated struct{ error }
