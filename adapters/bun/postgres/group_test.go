package postgres

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// TestRefusedAreToldFirst gives a group that shares one place for answers its verdicts.
func TestRefusedAreToldFirst(t *testing.T) {
	t.Parallel()
	answers := make(chan result, 4)
	group, verdicts := make([]*request, 4), make([]ordering.Verdict, 4)
	for i := range group {
		group[i] = &request{done: answers}
	}
	verdicts[1].Err = fault.VersionConflict.New("somebody else was first")
	verdicts[3].Err = verdicts[1].Err
	answerEach(group, verdicts)
	for i, refused := range []bool{true, true, false, false} {
		if r := <-answers; (r.err != nil) != refused {
			t.Errorf("answer %d is %v", i, r.err)
		}
	}
}
