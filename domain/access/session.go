package access

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

// SessionState is where a session stands.
type SessionState string

// The states of a session.
const (
	SessionActive    SessionState = "active"
	SessionSignedOut SessionState = "signed_out"
	SessionRevoked   SessionState = "revoked"
	SessionExpired   SessionState = "expired"
)

// SessionEvent is what happens to a session.
type SessionEvent string

// The events of a session. Reuse is the showing of a refresh token that was replaced: either who shows it or who got its
// successor stole it, so the whole family ends (RFC 9700, 4.14.2).
const (
	Refresh SessionEvent = "refresh"
	SignOut SessionEvent = "sign_out"
	Revoke  SessionEvent = "revoke"
	Reuse   SessionEvent = "reuse"
	Expire  SessionEvent = "expire"
)

// SessionMachine is the life of a session.
var SessionMachine = statemachine.Table[SessionState, SessionEvent]{
	Name: "session", Initial: SessionActive, Terminal: []SessionState{SessionSignedOut, SessionRevoked, SessionExpired},
	Edges: []statemachine.Edge[SessionState, SessionEvent]{
		{From: SessionActive, On: Refresh, To: SessionActive},
		{From: SessionActive, On: SignOut, To: SessionSignedOut},
		{From: SessionActive, On: Revoke, To: SessionRevoked},
		{From: SessionActive, On: Reuse, To: SessionRevoked},
		{From: SessionActive, On: Expire, To: SessionExpired},
	},
}

// Lifetimes are how long sessions and their tokens last.
type Lifetimes struct {
	Access time.Duration // Of an access token.
	Idle   time.Duration // Without a refresh the session ends.
	Whole  time.Duration // It ends, whatever happens.
	// Grace is how long a refresh token that was just replaced still gives its successor again: the answer may have been
	// lost, or two tabs asked at once. It ends as soon as the successor is used, and gives nobody a second family.
	Grace time.Duration
}

// The life times by default: those of NIST SP 800-63B-4 for AAL1 (30 days) and, for staff, AAL2 (a day, an hour idle).
var (
	CustomerLifetimes = Lifetimes{Access: 15 * time.Minute, Idle: 14 * 24 * time.Hour, Whole: 30 * 24 * time.Hour, Grace: 30 * time.Second}
	StaffLifetimes    = Lifetimes{Access: 15 * time.Minute, Idle: time.Hour, Whole: 24 * time.Hour, Grace: 30 * time.Second}
)

// Session is one sign-in: a family of refresh tokens, each of which replaces the one before.
type Session struct {
	ID          ref.SessionID
	Version     ref.Version
	Account     ref.AccountID
	State       SessionState // As it was last written; see Standing.
	Epoch       int64        // The account's, when it began.
	Access      Digest
	AccessUntil time.Time
	Refresh     Digest
	Previous    Digest               // The refresh token that Refresh replaced, or zero.
	Nonce       [ref.SecretSize]byte // From which, with the token before, the present tokens are derived.
	Device      Digest               // The device token, by which the device is known at its next sign-in.
	Client      string               // What the client calls itself, for people who look over their sessions.
	CreatedAt   time.Time
	RefreshedAt time.Time
	IdleUntil   time.Time
	Until       time.Time
}

// Tokens are what a session's owner gets, once.
type Tokens struct {
	Access  Secret
	Refresh Secret
	Device  Secret // At a sign-in: to be kept when the session ends, and shown at the next sign-in.
}

// opening is what a new session is made of.
type opening struct {
	id      ref.SessionID
	account Account
	tokens  Tokens
	client  string
	at      time.Time
	lasts   Lifetimes
}

// open begins a session.
func open(o opening) Session {
	at := ref.Instant(o.at)
	return Session{
		ID: o.id, Version: 1, Account: o.account.ID, State: SessionMachine.Initial, Epoch: o.account.Epoch,
		Access: o.tokens.Access.Digest(), AccessUntil: at.Add(o.lasts.Access), Refresh: o.tokens.Refresh.Digest(),
		Device: o.tokens.Device.Digest(), Client: o.client, CreatedAt: at, RefreshedAt: at,
		IdleUntil: at.Add(o.lasts.Idle), Until: at.Add(o.lasts.Whole),
	}
}

// Standing is the state in which the session is now: what was written, unless its time is over, or its account ended all
// sessions or may not sign in any more.
func (s Session) Standing(a Account, at time.Time) SessionState {
	state := s.State
	on := func(e SessionEvent) {
		if to, ok := SessionMachine.Next(state, e); ok {
			state = to
		}
	}
	if a.State != Active || a.ID != s.Account || a.Epoch != s.Epoch {
		on(Revoke)
	}
	if !at.Before(s.Until) || !at.Before(s.IdleUntil) {
		on(Expire)
	}
	return state
}

// Apply gives the session after the event, in the next version. Errors: statemachine.IllegalTransition.
func (s Session) Apply(on SessionEvent) (Session, error) {
	to, err := SessionMachine.Apply(s.State, on)
	if err != nil {
		return s, err
	}
	s.State = to
	s.Version++
	return s, nil
}

// Rotation is what came of the showing of a refresh token: Rotated and Reused give a session to write.
type Rotation string

// The rotations.
const (
	Rotated  Rotation = "rotated"
	Replayed Rotation = "replayed" // The same tokens again; nothing is to be written.
	Reused   Rotation = "reused"   // The session is revoked.
	Over     Rotation = "over"     // The session had ended; nothing is to be written.
)

// Rotate decides what a refresh token of this session gets: the present one is replaced, by tokens that are derived of
// it and the nonce; the one before it gets the present ones again while the grace lasts; any other ends the family.
func (s Session) Rotate(a Account, shown Secret, nonce [ref.SecretSize]byte, lasts Lifetimes, at time.Time) (Session, Tokens, Rotation) {
	at = ref.Instant(at)
	if s.Standing(a, at) != SessionActive {
		return s, Tokens{}, Over
	}
	switch presented := shown.Digest(); {
	case s.Refresh.Is(presented):
		out, err := s.Apply(Refresh)
		if err != nil {
			return s, Tokens{}, Over
		}
		tokens := derived(shown, nonce)
		out.Previous, out.Nonce = s.Refresh, nonce
		out.Refresh, out.Access = tokens.Refresh.Digest(), tokens.Access.Digest()
		out.RefreshedAt, out.AccessUntil = at, at.Add(lasts.Access)
		out.IdleUntil = at.Add(lasts.Idle)
		return out, tokens, Rotated
	case s.Previous.Is(presented) && at.Before(s.RefreshedAt.Add(lasts.Grace)):
		return s, derived(shown, s.Nonce), Replayed
	default:
		out, err := s.Apply(Reuse)
		if err != nil {
			return s, Tokens{}, Over
		}
		return out, Tokens{}, Reused
	}
}

// derived are the tokens that follow a refresh token.
func derived(shown Secret, nonce [ref.SecretSize]byte) Tokens {
	return Tokens{Access: derive(prefixAccess, shown, nonce), Refresh: derive(prefixRefresh, shown, nonce)}
}
