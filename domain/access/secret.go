package access

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"strings"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Secret is a password or a token in the clear: it is handed in by who has it, or out to who gets it, and stored
// nowhere. However it is printed, it shows nothing. Comparable; the zero value is no secret.
type Secret struct{ text string }

// NewSecret takes the text of a secret.
func NewSecret(text string) Secret { return Secret{text: text} }

// Reveal is the text: for its owner only.
func (s Secret) Reveal() string { return s.text }

// IsZero tells whether there is no secret.
func (s Secret) IsZero() bool { return s.text == "" }

// String shows nothing.
func (s Secret) String() string { return "(secret)" }

// GoString shows nothing.
func (s Secret) GoString() string { return s.String() }

// MarshalText shows nothing: who answers with a secret reveals it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Digest is SHA-256 of a token, by which it is stored and found. A token has 160 random bits, so it needs no salt and
// no slow hash. Comparable; the zero value is the digest of nothing.
type Digest [sha256.Size]byte

// Digest is the digest of the secret; that of none is zero.
func (s Secret) Digest() Digest {
	if s.IsZero() {
		return Digest{}
	}
	return sha256.Sum256([]byte(s.text))
}

// Is compares in constant time; no digest is the zero one.
func (d Digest) Is(other Digest) bool {
	return d != Digest{} && subtle.ConstantTimeCompare(d[:], other[:]) == 1
}

// The prefixes of tokens, which tell who finds one where it belongs, and scanners of leaked secrets that it is one.
const (
	prefixAccess  = "sat_" // Session, access token.
	prefixRefresh = "srt_" // Session, refresh token.
	prefixDevice  = "sdt_" // Session, device token.
	prefixVerify  = "vfy_"
	prefixReset   = "rst_"
	prefixKey     = "shk_" // Shop key: of the API.
)

// letters are those of ids, in lower case.
var letters = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// mint writes random bytes as a token.
func mint(prefix string, random [ref.SecretSize]byte) Secret {
	return Secret{text: prefix + letters.EncodeToString(random[:])}
}

// derive makes a token of a secret and a nonce: the same again, for who has both, and a random one for anybody else.
func derive(prefix string, from Secret, nonce [ref.SecretSize]byte) Secret {
	mac := hmac.New(sha256.New, []byte(from.text))
	mac.Write([]byte(prefix))
	mac.Write(nonce[:])
	return mint(prefix, [ref.SecretSize]byte(mac.Sum(nil)[:ref.SecretSize]))
}

// has tells whether the secret is a token of the kind.
func (s Secret) has(prefix string) bool { return strings.HasPrefix(s.text, prefix) }
