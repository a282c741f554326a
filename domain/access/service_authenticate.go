package access

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Authenticate tells whose an access token or API key is: one indexed read. What it gives holds for the request that
// brought it: who keeps it longer misses that a session ended or a role changed. Errors: Unauthenticated; kind
// Unavailable.
func (s *Service) Authenticate(ctx context.Context, token Secret) (Principal, error) {
	if !token.has(prefixAccess) {
		return s.authenticateKey(ctx, token)
	}
	i, err := s.parts.Sessions.ByAccess(ctx, token.Digest())
	if fault.Is(err, fault.Missing) {
		return Principal{}, unknownToken()
	}
	if err != nil {
		return Principal{}, err
	}
	now := s.now()
	if i.Session.Standing(i.Account, now) != SessionActive || !now.Before(i.Session.AccessUntil) {
		return Principal{}, unknownToken()
	}
	return principalOf(i), nil
}

// unknownToken is the one answer to every token that lets nobody in.
func unknownToken() error {
	return Unauthenticated.New("the token is unknown or over; refresh the session, or sign in")
}

// authenticateKey tells whose an API key is, and notes its use now and then.
func (s *Service) authenticateKey(ctx context.Context, token Secret) (Principal, error) {
	if token.IsZero() || len(token.Reveal()) > PasswordMax {
		return Principal{}, unknownToken()
	}
	k, err := s.parts.Keys.ByDigest(ctx, token.Digest())
	now := s.now()
	switch {
	case fault.Is(err, fault.Missing), err == nil && !k.Usable(now):
		return Principal{}, unknownToken()
	case err != nil:
		return Principal{}, err
	}
	if next, worth := k.used(now); worth {
		// Whether it is noted is nobody's concern but the note's: another request may have, or the store may be busy.
		_ = s.parts.Committer.Commit(ctx, Commit{Keys: []Write[APIKey]{{State: next, Expected: k.Version}}})
	}
	return Principal{Kind: PrincipalKey, Key: k.ID, Permissions: union(k.Scopes)}, nil
}

// SessionInfo is a session as its owner, or who looks after accounts, sees it: nothing in it lets anybody in.
type SessionInfo struct {
	Session
	Standing SessionState
	Current  bool // The one that asks.
}

// MySessions lists the sessions of the principal's account that still stand, newest first. Errors: Unauthenticated; kind
// Unavailable.
func (s *Service) MySessions(ctx context.Context, by Principal) ([]SessionInfo, error) {
	if by.Account.IsZero() {
		return nil, Unauthenticated.New("sign in")
	}
	a, err := s.parts.Accounts.Account(ctx, by.Account)
	if err != nil {
		return nil, err
	}
	sessions, err := s.parts.Sessions.OfAccount(ctx, by.Account)
	if err != nil {
		return nil, err
	}
	out := []SessionInfo{}
	now := s.now()
	for _, session := range sessions {
		if standing := session.Standing(a, now); standing == SessionActive {
			out = append(out, SessionInfo{Session: session, Standing: standing, Current: session.ID == by.Session})
		}
	}
	return out, nil
}

// RevokeSession ends one of the sessions of the principal's account; of one that had ended it changes nothing. Errors:
// Unauthenticated; fault.Missing, also for a session of somebody else; kinds Unavailable and Unknown.
func (s *Service) RevokeSession(ctx context.Context, by Principal, id ref.SessionID) error {
	if by.Account.IsZero() {
		return Unauthenticated.New("sign in")
	}
	session, err := s.parts.Sessions.Session(ctx, id)
	if fault.Is(err, fault.Missing) || err == nil && session.Account != by.Account {
		return fault.Missing.New("there is no such session")
	}
	if err != nil {
		return err
	}
	return s.end(ctx, by.Account, id, Revoke)
}

// SweepSessions forgets sessions that are over for longer than they are kept, at most limit of them, and tells how many
// it forgot: a job calls it again and again. Errors: kinds Unavailable and Unknown.
func (s *Service) SweepSessions(ctx context.Context, limit int) (int, error) {
	over, err := s.parts.Sessions.Over(ctx, s.now().Add(-KeptFor), limit)
	if err != nil || len(over) == 0 {
		return 0, err
	}
	return len(over), s.parts.Committer.Commit(ctx, Commit{Forget: over})
}
