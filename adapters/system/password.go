package system

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// The parameters of password hashes: those that the OWASP Password Storage Cheat Sheet gives for PBKDF2 with
// HMAC-SHA-256, and a salt of 128 bits as NIST SP 800-132 asks for.
const (
	PBKDF2Iterations = 600_000
	pbkdf2ID         = "pbkdf2-sha256"
	pbkdf2Salt       = 16
	pbkdf2Key        = 32
	pbkdf2Most       = 100_000_000 // Iterations of a hash that is read: more would be a way to stop the shop.
)

// PasswordOptions tune a PasswordHasher; nil, and each zero field, means the default.
type PasswordOptions struct {
	Iterations int // For tests a few; a shop has PBKDF2Iterations or more.
	Slots      int // How many hash at once; two for each core.
	Waiting    int // How many may wait for a slot; more are refused. Sixteen for each slot.
}

// PasswordHasher hashes passwords by PBKDF2 with HMAC-SHA-256, of the standard library. A hash is a PHC string:
// $pbkdf2-sha256$i=600000$salt$hash. Hashing takes a core for a good while, so a few do it at once, some wait, and more
// are refused: a flood of sign-ins slows sign-ins, not the shop. Safe for concurrent use.
type PasswordHasher struct {
	iterations int
	slots      chan struct{}
	waiting    chan struct{}
}

var _ access.PasswordHasher = (*PasswordHasher)(nil)

// NewPasswordHasher makes a hasher.
func NewPasswordHasher(opts *PasswordOptions) *PasswordHasher {
	var o PasswordOptions
	if opts != nil {
		o = *opts
	}
	if o.Iterations <= 0 {
		o.Iterations = PBKDF2Iterations
	}
	if o.Slots <= 0 {
		o.Slots = 2 * runtime.GOMAXPROCS(0)
	}
	if o.Waiting <= 0 {
		o.Waiting = 16 * o.Slots
	}
	return &PasswordHasher{
		iterations: o.Iterations, slots: make(chan struct{}, o.Slots), waiting: make(chan struct{}, o.Slots+o.Waiting),
	}
}

// Hash hashes with a new salt.
func (h *PasswordHasher) Hash(ctx context.Context, password access.Secret) (string, error) {
	salt := make([]byte, pbkdf2Salt)
	_, _ = rand.Read(salt) // Never fails: the process ends instead.
	key, err := h.key(ctx, password, salt, h.iterations)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$%s$i=%d$%s$%s", pbkdf2ID, h.iterations, b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// Verify compares in constant time.
func (h *PasswordHasher) Verify(ctx context.Context, hash string, password access.Secret) (bool, error) {
	kept, err := parsePHC(hash)
	if err != nil {
		return false, err
	}
	key, err := h.key(ctx, password, kept.salt, kept.iterations)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, kept.key) == 1, nil
}

// NeedsRehash tells whether the hash is weaker than those that Hash makes now, or of another kind.
func (h *PasswordHasher) NeedsRehash(hash string) bool {
	kept, err := parsePHC(hash)
	return err != nil || kept.iterations < h.iterations || len(kept.salt) < pbkdf2Salt
}

// key derives the key in a slot.
func (h *PasswordHasher) key(ctx context.Context, password access.Secret, salt []byte, iterations int) ([]byte, error) {
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
	key, err := pbkdf2.Key(sha256.New, password.Reveal(), salt, iterations, pbkdf2Key)
	if err != nil {
		return nil, fault.Unexpected.New("the password could not be hashed").Because(err)
	}
	return key, nil
}

// b64 is the base 64 of PHC strings.
var b64 = base64.RawStdEncoding.Strict()

// phc is a hash as it is read.
type phc struct {
	iterations int
	salt, key  []byte
}

// parsePHC reads a hash. Its error holds nothing of it.
func parsePHC(hash string) (phc, error) {
	unreadable := fault.Unexpected.New("a password hash cannot be read")
	parts := strings.Split(hash, "$")
	if len(parts) != 5 || parts[0] != "" || parts[1] != pbkdf2ID {
		return phc{}, unreadable
	}
	count, ok := strings.CutPrefix(parts[2], "i=")
	iterations, err := strconv.Atoi(count)
	if !ok || err != nil || iterations < 1 || iterations > pbkdf2Most || strconv.Itoa(iterations) != count {
		return phc{}, unreadable
	}
	salt, err := b64.DecodeString(parts[3])
	if err != nil {
		return phc{}, unreadable
	}
	key, err := b64.DecodeString(parts[4])
	if err != nil || len(key) != pbkdf2Key {
		return phc{}, unreadable
	}
	return phc{iterations: iterations, salt: salt, key: key}, nil
}
