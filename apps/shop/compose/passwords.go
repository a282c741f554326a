package compose

import (
	"fmt"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/argon2"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/access"
)

// PasswordSettings are how passwords are hashed.
type PasswordSettings struct {
	HashMemory uint32 `help:"Memory that a hash of a password takes, in KiB: production takes 19456 or more, tests are quicker with less. Who signs in gets a new hash when it was raised." default:"19456" placeholder:"KIB" group:"People"`
}

// Bounds of the memory of a hash: what the algorithm needs at least, and what a hash that is read may ask for at most.
const (
	hashMemoryMin = 32
	hashMemoryMax = 64 * 1024
)

// check refuses a memory that the hasher would not take, and in production one that guesses too many passwords a second.
// Nothing means the default.
func (v PasswordSettings) check(production bool) error {
	switch {
	case v.HashMemory == 0:
		return nil
	case v.HashMemory < hashMemoryMin || v.HashMemory > hashMemoryMax:
		return wrong("--hash-memory", fmt.Sprintf("a whole number from %d to %d", hashMemoryMin, hashMemoryMax))
	case production && v.HashMemory < argon2.Memory:
		return wrong("--hash-memory", fmt.Sprintf("production hashes passwords in %d KiB or more", argon2.Memory))
	}
	return nil
}

// Passwords provides the hasher of passwords: Argon2id. Accounts whose passwords the standard library's PBKDF2 hashed
// sign in as before, and get a hash of Argon2id as they do.
func Passwords(v PasswordSettings) fx.Option {
	return fx.Provide(func() access.PasswordHasher {
		return argon2.NewPasswordHasher(&argon2.Options{Memory: v.HashMemory, Former: system.NewPasswordHasher(nil)})
	})
}
