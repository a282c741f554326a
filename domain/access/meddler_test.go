package access_test

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/testing/accesstest"
)

// meddler does something once, behind a password that it verified.
type meddler struct {
	*accesstest.Hasher

	then func()
}

// Verify does it behind the first password that is right.
func (m *meddler) Verify(ctx context.Context, hash string, password access.Secret) (bool, error) {
	ok, err := m.Hasher.Verify(ctx, hash, password)
	if then := m.then; ok && then != nil {
		m.then = nil
		then()
	}
	return ok, err
}
