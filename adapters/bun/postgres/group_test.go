package postgres_test

import (
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// TestRefusedAreToldFirst gives a group its verdicts: who was refused may try again before the others come back.
func TestRefusedAreToldFirst(t *testing.T) {
	t.Parallel()
	one, two := error(fault.VersionConflict.New("somebody else was first")), error(fault.VersionConflict.New("nor second"))
	if told := postgres.Told(nil, one, nil, two); !slices.Equal(told, []error{one, two, nil, nil}) {
		t.Errorf("they were told %v", told)
	}
}
