package argon2

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"runtime"

	"golang.org/x/crypto/argon2"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// The parameters of hashes: those that the OWASP Password Storage Cheat Sheet and OWASP ASVS 5.0, Appendix C, give for
// Argon2id, and salts and keys as long as RFC 9106, 4, recommends.
const (
	Memory  = 19 * 1024 // KiB.
	Passes  = 2
	Lanes   = 1
	saltLen = 16
	keyLen  = 32
)

// slotsMost is how many hash at once unless Options say otherwise. What was hashed with is garbage before it is reused, so
// a process takes about 50 MiB for each slot at its peak, and does some 50 hashes a second in each.
const slotsMost = 4

// Options tune a PasswordHasher; nil, and each zero field, means the default.
type Options struct {
	Memory  uint32 // KiB of one hash; for tests a few.
	Passes  uint32
	Slots   int // How many hash at once, each in Memory; two for each core, slotsMost at most.
	Waiting int // How many may wait for a slot; more are refused. Sixteen for each slot.
	// Former verifies the hashes that are not of Argon2id; nil means that there are none.
	Former access.PasswordHasher
}

// PasswordHasher hashes passwords by Argon2id. A hash is a PHC string: $argon2id$v=19$m=19456,t=2,p=1$salt$hash. Safe for
// concurrent use.
type PasswordHasher struct {
	own     params
	former  access.PasswordHasher
	slots   chan struct{}
	waiting chan struct{}
}

var _ access.PasswordHasher = (*PasswordHasher)(nil)

// NewPasswordHasher makes a hasher.
func NewPasswordHasher(opts *Options) *PasswordHasher {
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.Memory == 0 {
		o.Memory = Memory
	}
	if o.Passes == 0 {
		o.Passes = Passes
	}
	if o.Slots <= 0 {
		o.Slots = min(2*runtime.GOMAXPROCS(0), slotsMost)
	}
	if o.Waiting <= 0 {
		o.Waiting = 16 * o.Slots
	}
	return &PasswordHasher{
		own:    params{memory: min(max(o.Memory, memoryLeast), memoryMost), passes: min(o.Passes, passesMost), lanes: Lanes},
		former: o.Former, slots: make(chan struct{}, o.Slots), waiting: make(chan struct{}, o.Slots+o.Waiting),
	}
}

// Hash hashes with a new salt.
func (h *PasswordHasher) Hash(ctx context.Context, password access.Secret) (string, error) {
	out := phc{params: h.own, salt: make([]byte, saltLen)}
	_, _ = rand.Read(out.salt) // Never fails: the process ends instead.
	var err error
	if out.key, err = h.key(ctx, password, out.params, out.salt); err != nil {
		return "", err
	}
	return out.String(), nil
}

// Verify compares in constant time. A hash of another kind is the former hasher's.
func (h *PasswordHasher) Verify(ctx context.Context, hash string, password access.Secret) (bool, error) {
	if h.former != nil && !ours(hash) {
		return h.former.Verify(ctx, hash, password)
	}
	kept, err := parse(hash)
	if err != nil {
		return false, err
	}
	key, err := h.key(ctx, password, kept.params, kept.salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, kept.key) == 1, nil
}

// NeedsRehash tells whether the hash is weaker than those that Hash makes now, or of another kind.
func (h *PasswordHasher) NeedsRehash(hash string) bool {
	kept, err := parse(hash)
	return err != nil || kept.memory < h.own.memory || kept.passes < h.own.passes || len(kept.salt) < saltLen
}

// key derives the key in a slot. Argon2 cannot be interrupted, so who is gone before it begins is not hashed for.
func (h *PasswordHasher) key(ctx context.Context, password access.Secret, p params, salt []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fault.Down.New("the request ended before the password was hashed").Because(err)
	}
	select {
	case h.waiting <- struct{}{}:
		defer func() { <-h.waiting }()
	default:
		return nil, fault.Down.New("too many sign in at once; try again in a moment")
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, fault.Down.New("the request ended before the password was hashed").Because(ctx.Err())
	}
	return argon2.IDKey([]byte(password.Reveal()), salt, p.passes, p.memory, p.lanes, keyLen), nil
}
