package compose_test

import (
	"strings"
	"testing"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/access"
)

// An account of before the change signs in, and is rehashed as it does.
func TestPasswordsOfBeforeAreRehashed(t *testing.T) {
	t.Parallel()
	var h access.PasswordHasher
	if err := fx.New(fx.NopLogger, compose.Passwords(), fx.Populate(&h)).Err(); err != nil {
		t.Fatal(err)
	}
	password := access.NewSecret("a long and unlikely password")
	old, err := system.NewPasswordHasher(&system.PasswordOptions{Iterations: 1000}).Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	right, err := h.Verify(t.Context(), old, password)
	if err != nil || !right || !h.NeedsRehash(old) {
		t.Errorf("Verify of a hash of before: %t, %v; it needs another: %t", right, err, h.NeedsRehash(old))
	}
	made, err := h.Hash(t.Context(), password)
	if err != nil || !strings.HasPrefix(made, "$argon2id$") || h.NeedsRehash(made) {
		t.Errorf("Hash: %s, %v", made, err)
	}
	if wrong, err := h.Verify(t.Context(), made, access.NewSecret("another one")); wrong || err != nil {
		t.Errorf("Verify of another password: %t, %v", wrong, err)
	}
}
