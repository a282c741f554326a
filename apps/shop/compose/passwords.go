package compose

import (
	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/argon2"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/access"
)

// Passwords provides the hasher of passwords: Argon2id. Accounts whose passwords the standard library's PBKDF2 hashed
// sign in as before, and get a hash of Argon2id as they do.
func Passwords() fx.Option {
	return fx.Provide(func() access.PasswordHasher {
		return argon2.NewPasswordHasher(&argon2.Options{Former: system.NewPasswordHasher(nil)})
	})
}
