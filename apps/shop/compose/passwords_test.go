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
	if err := fx.New(fx.NopLogger, compose.Passwords(compose.PasswordSettings{}), fx.Populate(&h)).Err(); err != nil {
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

// Less memory is for trying out: what it hashed is hashed again where the usual one is set.
func TestMemoryOfHashes(t *testing.T) {
	t.Parallel()
	hashers := make([]access.PasswordHasher, 2)
	for i, memory := range []uint32{32, 0} {
		if err := fx.New(fx.NopLogger, compose.Passwords(compose.PasswordSettings{HashMemory: memory}), fx.Populate(&hashers[i])).Err(); err != nil {
			t.Fatal(err)
		}
	}
	made, err := hashers[0].Hash(t.Context(), access.NewSecret("a long and unlikely password"))
	if err != nil || !strings.HasPrefix(made, "$argon2id$v=19$m=32,") || hashers[0].NeedsRehash(made) || !hashers[1].NeedsRehash(made) {
		t.Errorf("Hash: %s, %v; it needs another: %t, and where the usual memory is set: %t", made, err, hashers[0].NeedsRehash(made), hashers[1].NeedsRehash(made))
	}
	for memory, production := range map[uint32]bool{31: false, 65537: false, 19455: true} {
		s := compose.Settings{Production: production, PasswordSettings: compose.PasswordSettings{HashMemory: memory}}
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), "--hash-memory") {
			t.Errorf("%d, production %t: %v", memory, production, err)
		}
	}
}
