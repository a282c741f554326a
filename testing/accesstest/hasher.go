package accesstest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// HasherClause is one case of one clause of access.PasswordHasher.
type HasherClause = clausetest.Clause[HasherHarness]

// HasherHarness is a hasher, cheap ones welcome, and another of its kind that is weaker than it.
type HasherHarness struct {
	Hasher access.PasswordHasher
	Weaker access.PasswordHasher
}

// TestPasswordHasher proves an access.PasswordHasher.
func TestPasswordHasher(t *testing.T, open func(t *testing.T) HasherHarness) {
	t.Helper()
	clausetest.Run(t, HasherClauses(), open)
}

// HasherClauses are the clauses of access.PasswordHasher.
func HasherClauses() []HasherClause {
	return []HasherClause{
		{ID: "hasher-verify", Case: "the password and no other", Run: hasherVerifies},
		{ID: "hasher-whole", Case: "every byte counts", Run: hasherWhole},
		{ID: "hasher-salt", Case: "never the same twice", Run: hasherSalts},
		{ID: "hasher-format", Case: "a PHC string", Run: hasherFormat},
		{ID: "hasher-format", Case: "what cannot be read", Run: hasherUnreadable},
		{ID: "hasher-rehash", Case: "of a weaker one", Run: hasherRehash},
		{ID: "hasher-left", Case: "for a caller who is gone", Run: hasherLeft},
	}
}

// hash hashes what must be hashed.
func hash(t TB, h access.PasswordHasher, password string) string {
	t.Helper()
	text, err := h.Hash(t.Context(), access.NewSecret(password))
	if err != nil {
		t.Fatalf("Hash: %v", err)
	}
	return text
}

// opens tells whether the password opens the hash.
func opens(t TB, h access.PasswordHasher, text, password string) bool {
	t.Helper()
	ok, err := h.Verify(t.Context(), text, access.NewSecret(password))
	if err != nil {
		t.Fatalf("Verify: %v", err)
	}
	return ok
}

func hasherVerifies(t TB, open func(TB) HasherHarness) {
	h := open(t).Hasher
	text := hash(t, h, "correct horse")
	if !opens(t, h, text, "correct horse") {
		t.Errorf("the right password is refused")
	}
	for _, wrong := range []string{"", "Correct horse", "correct hors"} {
		if opens(t, h, text, wrong) {
			t.Errorf("%q opens the hash of another password", wrong)
		}
	}
}

func hasherWhole(t TB, open func(TB) HasherHarness) {
	h := open(t).Hasher
	long := strings.Repeat("ä\x00 ", access.PasswordMax/4)
	text := hash(t, h, long)
	if !opens(t, h, text, long) {
		t.Errorf("a password of %d bytes is refused", len(long))
	}
	if opens(t, h, text, long[:len(long)-1]) || opens(t, h, text, long[:len(long)-1]+"!") {
		t.Errorf("the last byte of a long password does not count")
	}
	if opens(t, h, hash(t, h, "a\x00b"), "a\x00c") || opens(t, h, hash(t, h, "pass "), "pass") {
		t.Errorf("what stands behind a zero byte, or a space at the end, does not count")
	}
}

func hasherSalts(t TB, open func(TB) HasherHarness) {
	h := open(t).Hasher
	if a, b := hash(t, h, "correct horse"), hash(t, h, "correct horse"); a == b {
		t.Errorf("the same password has the same hash twice: %s", a)
	}
}

func hasherFormat(t TB, open func(TB) HasherHarness) {
	h := open(t).Hasher
	text := hash(t, h, "correcthorse")
	if len(strings.Split(text, "$")) < 4 || text[0] != '$' || len(text) > 255 || strings.Contains(text, "correcthorse") {
		t.Errorf("the hash is %q, want $id$parameters$salt$hash of 255 bytes at most", text)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		t.Errorf("the hash %q has more than printable ASCII", text)
	}
}

func hasherUnreadable(t TB, open func(TB) HasherHarness) {
	h := open(t).Hasher
	good := hash(t, h, "correct horse")
	for _, text := range []string{"", "$", "plain", good[1:], good[:len(good)-4], "$unknown" + good, good + "$"} {
		ok, err := h.Verify(t.Context(), text, access.NewSecret("correct horse"))
		if ok || err == nil || fault.KindOf(err) != fault.Internal {
			t.Errorf("Verify of the hash %q: %t, %v; want an error of kind internal", text, ok, err)
		}
	}
}

func hasherRehash(t TB, open func(TB) HasherHarness) {
	h := open(t)
	weak := hash(t, h.Weaker, "correct horse")
	if h.Hasher.NeedsRehash(hash(t, h.Hasher, "correct horse")) {
		t.Errorf("a hash that was just made needs another")
	}
	if !h.Hasher.NeedsRehash(weak) || !h.Hasher.NeedsRehash("$unknown$1$2$3") {
		t.Errorf("a weaker or unknown hash needs no other")
	}
	if !opens(t, h.Hasher, weak, "correct horse") || opens(t, h.Hasher, weak, "incorrect horse") {
		t.Errorf("a weaker hash is not read as what it is")
	}
}

func hasherLeft(t TB, open func(TB) HasherHarness) {
	h := open(t).Hasher
	text := hash(t, h, "correct horse")
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := h.Hash(ctx, access.NewSecret("correct horse")); err == nil || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("Hash for a caller who is gone: %v, want kind unavailable", err)
	}
	if ok, err := h.Verify(ctx, text, access.NewSecret("correct horse")); ok || err == nil || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("Verify for a caller who is gone: %t, %v, want kind unavailable", ok, err)
	}
}

// Hasher is a quick access.PasswordHasher, for tests alone: one round of SHA-256. Safe for concurrent use.
type Hasher struct {
	Rounds int          // Its strength, which it names in its hashes and does not keep.
	calls  atomic.Int64 // How often a password was hashed.
}

var _ access.PasswordHasher = (*Hasher)(nil)

// Calls tells how often a password was hashed, to compare or to keep.
func (h *Hasher) Calls() int { return int(h.calls.Load()) }

// Hash hashes with a new salt.
func (h *Hasher) Hash(ctx context.Context, password access.Secret) (string, error) {
	salt := make([]byte, 8)
	_, _ = rand.Read(salt) // Never fails: the process ends instead.
	return h.sum(ctx, strings.Repeat("i", h.Rounds), hex.EncodeToString(salt), password)
}

// sum is the hash with a salt.
func (h *Hasher) sum(ctx context.Context, rounds, salt string, password access.Secret) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", fault.Down.New("the caller has left").Because(err)
	}
	h.calls.Add(1)
	digest := sha256.Sum256([]byte(salt + "\x00" + password.Reveal()))
	return "$quick$r=" + rounds + "$" + salt + "$" + hex.EncodeToString(digest[:]), nil
}

// Verify hashes with the salt of the hash.
func (h *Hasher) Verify(ctx context.Context, text string, password access.Secret) (bool, error) {
	parts := strings.Split(text, "$")
	if len(parts) != 5 || parts[0] != "" || parts[1] != "quick" || len(parts[4]) != 2*sha256.Size || !strings.HasPrefix(parts[2], "r=") {
		return false, fault.Unexpected.New("a password hash cannot be read")
	}
	want, err := h.sum(ctx, parts[2][2:], parts[3], password)
	return err == nil && want == text, err
}

// NeedsRehash tells whether the hash names less strength.
func (h *Hasher) NeedsRehash(text string) bool {
	parts := strings.Split(text, "$")
	return len(parts) != 5 || parts[1] != "quick" || len(parts[2]) < 2+h.Rounds
}
