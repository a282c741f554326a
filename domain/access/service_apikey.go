package access

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// GivenKeyMin is how long the text of a key is at least that an operator chose for the start: 128 bits in base 64.
const GivenKeyMin = 22

// CreateKey makes an API key and gives its text, this once. Nobody gives a scope that they lack as a permission. Errors:
// Unauthenticated, Denied, Bad with fields; kinds Unavailable and Unknown.
func (s *Service) CreateKey(ctx context.Context, by Principal, r KeyRequest) (APIKey, Secret, error) {
	text := mint(prefixKey, s.parts.IDs.Secret())
	k := APIKey{
		ID: cmp.Or(r.ID, ref.NewID[ref.APIKeyKind](s.parts.IDs.New())), Version: 1, Name: r.Name, Digest: text.Digest(),
		Hint: text.Reveal()[:hintLength], CreatedBy: by.Actor().ID, ExpiresAt: ref.Instant(r.ExpiresAt),
	}
	err := s.administer(ctx, by, APIKeysWrite, "access.api_key_created", k.ID.String(), func(now time.Time) (act, error) {
		if err := fault.Collect(r.violations(now)); err != nil {
			return act{}, err
		}
		if !by.Covers(r.Scopes) {
			return act{}, Denied.New("nobody gives a scope that they lack as a permission")
		}
		keys, err := s.parts.Keys.Keys(ctx)
		if err != nil {
			return act{}, err
		}
		if len(keys) >= APIKeysMax {
			return act{}, fault.Collect([]*fault.Error{Rule.Newf("a shop has at most %d API keys", APIKeysMax).At("name")})
		}
		k.CreatedAt, k.Scopes = now, union(r.Scopes)
		return s.keyMade(k, now), nil
	})
	if err != nil {
		return APIKey{}, Secret{}, err
	}
	return k, text, nil
}

// keyMade is the making of a key.
func (s *Service) keyMade(k APIKey, now time.Time) act {
	return act{
		commit: Commit{Keys: []Write[APIKey]{{State: k}}, Events: s.events(k.ID.String(), now, APIKeyChanged{Key: k.ID})},
		changes: slices.Concat(
			changed("name", "", k.Name), changed("scopes", "", listed(k.Scopes)), changed("expires_at", "", day(k.ExpiresAt)),
		),
	}
}

// day writes a time for the audit log.
func day(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.RFC3339)
}

// RevokeKey ends an API key for ever; again it changes nothing. Errors: Unauthenticated, Denied, fault.Missing; kinds
// Unavailable and Unknown.
func (s *Service) RevokeKey(ctx context.Context, by Principal, id ref.APIKeyID) error {
	return s.administer(ctx, by, APIKeysWrite, "access.api_key_revoked", id.String(), func(now time.Time) (act, error) {
		keys, err := s.parts.Keys.Keys(ctx)
		if err != nil {
			return act{}, err
		}
		i := slices.IndexFunc(keys, func(k APIKey) bool { return k.ID == id })
		if i < 0 {
			return act{}, fault.Missing.New("there is no such API key")
		}
		next := keys[i].Revoked(now)
		if next.Version == keys[i].Version {
			return act{}, nil
		}
		return act{
			commit: Commit{
				Keys:   []Write[APIKey]{{State: next, Expected: keys[i].Version}},
				Events: s.events(id.String(), now, APIKeyChanged{Key: id, Revoked: true}),
			},
			changes: []ports.AuditChange{{Field: "revoked", Before: yesNo(false), After: yesNo(true)}},
		}, nil
	})
}

// Keys lists the API keys, revoked ones too, newest first. Errors: Unauthenticated, Denied; kind Unavailable.
func (s *Service) Keys(ctx context.Context, by Principal) ([]APIKey, error) {
	if err := by.Require(APIKeysRead); err != nil {
		return nil, err
	}
	return s.parts.Keys.Keys(ctx)
}

// EnsureKey makes a key with every scope, without an end, out of a text that the operator chose, unless there is one
// with this text: for the start of a shop. Errors: Unauthenticated and Denied for who is not the system, Bad with the
// field key; kinds Unavailable and Unknown.
func (s *Service) EnsureKey(ctx context.Context, by Principal, name string, text Secret) error {
	if by.Kind != PrincipalSystem {
		return Denied.New("the program itself makes the key of its start")
	}
	if len(text.Reveal()) < GivenKeyMin || len(text.Reveal()) > PasswordMax {
		return fault.Collect([]*fault.Error{Rule.Newf("a key has %d characters or more", GivenKeyMin).At("key")})
	}
	id := ref.NewID[ref.APIKeyKind](s.parts.IDs.New())
	err := s.administer(ctx, by, APIKeysWrite, "access.api_key_created", id.String(), func(now time.Time) (act, error) {
		_, err := s.parts.Keys.ByDigest(ctx, text.Digest())
		if !fault.Is(err, fault.Missing) {
			return act{}, err
		}
		return s.keyMade(APIKey{
			ID: id, Version: 1, Name: name, Digest: text.Digest(), Scopes: AllPermissions(),
			CreatedBy: by.Actor().ID, CreatedAt: now,
		}, now), nil
	})
	if fault.Is(err, KeyTaken) { // Another process started at the same time.
		return nil
	}
	return err
}
