package access

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// SignInRequest asks for a session.
type SignInRequest struct {
	Kind     Kind // "" for the account of staff with the address, if there is one, else the customer's.
	Email    string
	Password Secret
	Address  string // Of the network, for the limit; "" when not known.
	Device   Secret // The device token of an earlier sign-in, if the client kept one.
	Client   string // What the client calls itself, for people who look over their sessions.
}

// SignedInSession is a session with its tokens, as its owner gets it.
type SignedInSession struct {
	Principal Principal
	Session   Session
	Tokens    Tokens
	ExpiresIn time.Duration // Of the access token, from now on.
}

// signInRefused is the one answer to every sign-in that fails.
func signInRefused() error {
	return Unauthenticated.New("the e-mail address or the password is wrong, or the account cannot sign in")
}

// SignIn begins a session. Whatever is wrong, the answer is the same and takes as long: the address, the password, or an
// account that is not verified, disabled or closed; of one that is not verified, the right password asks for its mail
// again. A device that the account knows has a limit of its own, and gets its former session's place.
//
// Errors: Unauthenticated, RateLimited with retry_at, Bad with fields; kinds Unavailable and Unknown.
func (s *Service) SignIn(ctx context.Context, r SignInRequest) (SignedInSession, error) {
	address, violations := email(r.Email)
	if utf8.RuneCountInString(r.Password.Reveal()) > PasswordMax || r.Password.IsZero() {
		violations = append(violations, Rule.New("a password has 1 to 1024 characters").At("password"))
	}
	if err := fault.Collect(violations); err != nil {
		return SignedInSession{}, err
	}
	decoy, err := s.unknown(ctx)
	if err != nil {
		return SignedInSession{}, err
	}
	stored, err := s.accountOf(ctx, address, r.Kind)
	if err != nil {
		return SignedInSession{}, err
	}
	tried := Tried{What: "signin", Account: address.String(), Address: r.Address}
	hash := decoy
	if stored != nil {
		if tried.Device, err = s.device(ctx, *stored, r.Device); err != nil {
			return SignedInSession{}, err
		}
		if stored.Password != "" {
			hash = stored.Password
		}
	}
	allowance, err := s.allow(ctx, s.opts.SignIn, tried)
	if err != nil {
		return SignedInSession{}, err
	}
	right, err := s.parts.Hasher.Verify(ctx, hash, r.Password)
	if err != nil {
		return SignedInSession{}, err
	}
	if stored == nil || !right || stored.State != Active {
		if stored != nil && right && stored.State == Unverified {
			if err := s.askAgain(ctx, stored.ID); err != nil {
				return SignedInSession{}, err
			}
		}
		return SignedInSession{}, signInRefused()
	}
	if err := s.parts.Limiter.Give(ctx, allowance); len(allowance.Limits) > 0 && err != nil {
		return SignedInSession{}, err
	}
	return s.begin(ctx, stored.ID, hash, r)
}

// unknown gives the hash for accounts that there are not. It is made once, before anything is looked up.
func (s *Service) unknown(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.decoy == "" {
		hash, err := s.parts.Hasher.Hash(ctx, mint("", s.parts.IDs.Secret()))
		if err != nil {
			return "", err
		}
		s.decoy = hash
	}
	return s.decoy, nil
}

// device gives the digest of a device token that the account knows, or zero.
func (s *Service) device(ctx context.Context, a Account, token Secret) (Digest, error) {
	if !token.has(prefixDevice) {
		return Digest{}, nil
	}
	sessions, err := s.parts.Sessions.OfAccount(ctx, a.ID)
	if err != nil {
		return Digest{}, err
	}
	for _, session := range sessions {
		if session.Device.Is(token.Digest()) {
			return token.Digest(), nil
		}
	}
	return Digest{}, nil
}

// askAgain asks for the verification mail once more, as often as mails may be asked for.
func (s *Service) askAgain(ctx context.Context, id ref.AccountID) error {
	_, err := s.allow(ctx, s.opts.Mail, Tried{What: "verify", Account: id.String()})
	if err != nil {
		if fault.Is(err, RateLimited) {
			return nil
		}
		return err
	}
	return s.parts.Committer.Commit(ctx, Commit{Events: s.events(id.String(), s.now(), VerificationRequested{Account: id})})
}

// begin writes the session of who proved the password with the hash. A password that changed since proves nothing.
func (s *Service) begin(ctx context.Context, id ref.AccountID, hash string, r SignInRequest) (SignedInSession, error) {
	better := ""
	if s.parts.Hasher.NeedsRehash(hash) {
		var err error
		if better, err = s.parts.Hasher.Hash(ctx, r.Password); err != nil {
			return SignedInSession{}, err
		}
	}
	session := ref.NewID[ref.SessionKind](s.parts.IDs.New())
	tokens := Tokens{
		Access: mint(prefixAccess, s.parts.IDs.Secret()), Refresh: mint(prefixRefresh, s.parts.IDs.Secret()),
		Device: mint(prefixDevice, s.parts.IDs.Secret()),
	}
	var out SignedInSession
	err := s.retry(ctx, func() error {
		a, err := s.parts.Accounts.Account(ctx, id)
		if err != nil {
			return err
		}
		if a.State != Active || a.Password != hash {
			return signInRefused()
		}
		now := s.now()
		c := Commit{Events: s.events(a.ID.String(), now, SignedIn{Account: id, Session: session})}
		if better != "" {
			next := a.next(now)
			next.Password = better
			c.Accounts = []Write[Account]{{State: next, Expected: a.Version}}
		}
		if c.Sessions, err = s.making(ctx, a, r.Device, now); err != nil {
			return err
		}
		opened := open(opening{id: session, account: a, tokens: tokens, client: clip(r.Client), at: now, lasts: s.lifetimes(a)})
		c.Sessions = append(c.Sessions, Write[Session]{State: opened})
		if err := s.parts.Committer.Commit(ctx, c); err != nil {
			return err
		}
		out, err = s.answer(ctx, opened, tokens, now)
		return err
	})
	return out, err
}

// making ends the sessions in whose place a new one comes: those of the same device, and the one that was used longest
// ago when there are too many.
func (s *Service) making(ctx context.Context, a Account, device Secret, now time.Time) ([]Write[Session], error) {
	sessions, err := s.parts.Sessions.OfAccount(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	var out []Write[Session]
	end := func(old Session) {
		if next, err := old.Apply(Revoke); err == nil {
			out = append(out, Write[Session]{State: next, Expected: old.Version})
		}
	}
	var live []Session
	for _, old := range sessions {
		switch {
		case old.Standing(a, now) != SessionActive:
		case old.Device.Is(device.Digest()):
			end(old)
		default:
			live = append(live, old)
		}
	}
	if len(live) >= SessionsMax {
		oldest := live[0]
		for _, l := range live {
			if l.RefreshedAt.Before(oldest.RefreshedAt) {
				oldest = l
			}
		}
		end(oldest)
	}
	return out, nil
}

// answer is what the owner of a session gets; who it is, is read anew, as each request will.
func (s *Service) answer(ctx context.Context, session Session, tokens Tokens, now time.Time) (SignedInSession, error) {
	i, err := s.parts.Sessions.ByAccess(ctx, session.Access)
	if err != nil {
		if fault.Is(err, fault.Missing) {
			return SignedInSession{}, Unauthenticated.New("the session ended meanwhile; sign in")
		}
		return SignedInSession{}, err
	}
	return SignedInSession{Principal: principalOf(i), Session: session, Tokens: tokens, ExpiresIn: session.AccessUntil.Sub(now)}, nil
}

// clip makes a client's name of itself fit to be kept and shown.
func clip(text string) string {
	text = strings.ToValidUTF8(text, "")
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, text)
	if len(text) > ClientMax {
		text = strings.ToValidUTF8(text[:ClientMax], "")
	}
	return text
}

// Refresh replaces a refresh token by new tokens. Shown again within the grace, before its successor was used, the same
// token gives the same tokens, so that a lost answer or two tabs at once end nothing; shown later it is in two hands,
// and the whole session is revoked. Errors: Unauthenticated; kinds Unavailable and Unknown (show the same token again).
func (s *Service) Refresh(ctx context.Context, token Secret) (SignedInSession, error) {
	refused := Unauthenticated.New("the session is over; sign in")
	if !token.has(prefixRefresh) {
		return SignedInSession{}, refused
	}
	nonce := s.parts.IDs.Secret()
	var out SignedInSession
	err := s.retry(ctx, func() error {
		i, err := s.parts.Sessions.ByRefresh(ctx, token.Digest())
		if err != nil {
			if fault.Is(err, fault.Missing) {
				return refused
			}
			return err
		}
		now := s.now()
		next, tokens, rotation := i.Session.Rotate(i.Account, token, nonce, s.lifetimes(i.Account), now)
		c := Commit{Sessions: []Write[Session]{{State: next, Expected: i.Session.Version}}}
		switch rotation {
		case Over:
			return refused
		case Reused:
			c.Events = s.events(i.Account.ID.String(), now, TokenReused{Account: i.Account.ID, Session: next.ID})
			if err := s.parts.Committer.Commit(ctx, c); err != nil {
				return err
			}
			return refused
		case Rotated:
			if err := s.parts.Committer.Commit(ctx, c); err != nil {
				return err
			}
		case Replayed:
		}
		out = SignedInSession{Principal: principalOf(i), Session: next, Tokens: tokens, ExpiresIn: next.AccessUntil.Sub(now)}
		return nil
	})
	return out, err
}

// SignOut ends the principal's session. Again, or for who has none, it changes nothing. Errors: kinds Unavailable and
// Unknown.
func (s *Service) SignOut(ctx context.Context, by Principal) error {
	return s.end(ctx, by.Account, by.Session, SignOut)
}

// end ends a session of an account, if it is one and was not ended.
func (s *Service) end(ctx context.Context, account ref.AccountID, id ref.SessionID, on SessionEvent) error {
	if id.IsZero() {
		return nil
	}
	return s.retry(ctx, func() error {
		session, err := s.parts.Sessions.Session(ctx, id)
		if fault.Is(err, fault.Missing) || err == nil && session.Account != account {
			return nil
		}
		if err != nil {
			return err
		}
		next, err := session.Apply(on)
		if err != nil {
			return nil //nolint:nilerr // It had ended already.
		}
		return s.parts.Committer.Commit(ctx, Commit{
			Sessions: []Write[Session]{{State: next, Expected: session.Version}},
			Events:   s.events(account.String(), s.now(), event.Payload(SessionEnded{Account: account, Session: id, State: next.State})),
		})
	})
}
