package access

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// APIKey lets a program in. Its text is shown once and stored as a digest. It stands on its own: it does not end with
// who made it, and is revoked instead.
type APIKey struct {
	ID        ref.APIKeyID
	Version   ref.Version
	Name      string
	Digest    Digest
	Hint      string // How its text begins, so that people find it again; "" for one that the operator chose.
	Scopes    []Permission
	CreatedBy string // The public id of who made it.
	CreatedAt time.Time
	ExpiresAt time.Time // Zero for never: the key of a start, which the operator's settings hold.
	RevokedAt time.Time // Zero while it is not.
	UsedAt    time.Time // Of its last use, give or take UsedEvery; zero before the first.
}

// hintLength is how much of a key's text is kept: the prefix and 20 bits, of 160.
const hintLength = len(prefixKey) + 4

// Usable tells whether the key lets anybody in at the time.
func (k APIKey) Usable(at time.Time) bool {
	return k.RevokedAt.IsZero() && (k.ExpiresAt.IsZero() || at.Before(k.ExpiresAt))
}

// Revoked is the key from now on, in its next version; again changes nothing.
func (k APIKey) Revoked(at time.Time) APIKey {
	if !k.RevokedAt.IsZero() {
		return k
	}
	k.Version++
	k.RevokedAt = ref.Instant(at)
	return k
}

// used is the key after a use, and whether that is worth a write.
func (k APIKey) used(at time.Time) (APIKey, bool) {
	if at.Before(k.UsedAt.Add(UsedEvery)) {
		return k, false
	}
	k.Version++
	k.UsedAt = ref.Instant(at)
	return k, true
}

// KeyRequest asks for an API key.
type KeyRequest struct {
	ID        ref.APIKeyID // From a caller who may have to look for it later; zero for a fresh one.
	Name      string
	Scopes    []Permission
	ExpiresAt time.Time
}

// violations lists what is wrong with the request, apart from who asks.
func (r KeyRequest) violations(at time.Time) []*fault.Error {
	out := append(nameRule(r.Name), permissionRules("scopes", r.Scopes)...)
	if len(r.Scopes) == 0 {
		out = append(out, Rule.New("a key has at least one scope").At("scopes"))
	}
	if !r.ExpiresAt.After(at) || r.ExpiresAt.After(at.Add(KeyTTLMax)) {
		out = append(out, Rule.New("a key expires, within two years").At("expires_at"))
	}
	return out
}
