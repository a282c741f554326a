package access

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Service is the one way into accounts, sessions, staff and keys. Safe for concurrent use.
type Service struct {
	parts Parts
	opts  Options

	mu    sync.Mutex
	decoy string // The hash that passwords of unknown accounts are compared with.
}

// Parts are what a Service is made of; all are needed.
type Parts struct {
	Committer Committer
	Accounts  Accounts
	Sessions  Sessions
	Roles     Roles
	Keys      APIKeys
	Audit     AuditLog
	Hasher    PasswordHasher
	Limiter   ports.RateLimiter
	Clock     ports.Clock
	IDs       ports.IDs
}

// Options tune a Service; nil means the defaults.
type Options struct {
	SignIn   Attempts // DefaultAttempts when Window is 0; Count 0 with a Window is without limit.
	Mail     Attempts // MailAttempts when Window is 0.
	Customer Lifetimes
	Staff    Lifetimes // Both the defaults when Whole is 0.
}

// NewService needs all parts.
func NewService(parts Parts, opts *Options) *Service {
	s := &Service{parts: parts}
	if opts != nil {
		s.opts = *opts
	}
	if s.opts.SignIn.Window == 0 {
		s.opts.SignIn = DefaultAttempts
	}
	if s.opts.Mail.Window == 0 {
		s.opts.Mail = MailAttempts
	}
	if s.opts.Customer.Whole == 0 {
		s.opts.Customer = CustomerLifetimes
	}
	if s.opts.Staff.Whole == 0 {
		s.opts.Staff = StaffLifetimes
	}
	return s
}

// changeAccount loads, changes and commits an account; change gives the next version and the events, or the same version
// for nothing to do.
func (s *Service) changeAccount(ctx context.Context, load func() (Account, error), change func(Account, time.Time) (Account, []event.Payload, error)) (Account, error) {
	var out Account
	err := s.retry(ctx, func() error {
		a, err := load()
		if err != nil {
			return err
		}
		now := s.now()
		next, payloads, err := change(a, now)
		if err != nil {
			return err
		}
		out = next
		if next.Version == a.Version {
			return nil
		}
		return s.parts.Committer.Commit(ctx, Commit{
			Accounts: []Write[Account]{{State: next, Expected: a.Version}}, Events: s.events(a.ID.String(), now, payloads...),
		})
	})
	return out, err
}

// byID loads an account.
func (s *Service) byID(ctx context.Context, id ref.AccountID) func() (Account, error) {
	return func() (Account, error) { return s.parts.Accounts.Account(ctx, id) }
}

// byToken loads the account that a mailed token is of. Errors: TokenInvalid.
func (s *Service) byToken(ctx context.Context, purpose Purpose, prefix string, token Secret) func() (Account, error) {
	return func() (Account, error) {
		invalid := TokenInvalid.New("the token was used, replaced or is too old; ask for a new one").At("token")
		if !token.has(prefix) {
			return Account{}, invalid
		}
		a, err := s.parts.Accounts.ByToken(ctx, purpose, token.Digest())
		if fault.Is(err, fault.Missing) {
			return Account{}, invalid
		}
		return a, err
	}
}

// events makes the events of an aggregate.
func (s *Service) events(aggregate string, at time.Time, payloads ...event.Payload) []event.Event {
	var out []event.Event
	for _, p := range payloads {
		out = append(out, tell(s.parts.IDs.New(), aggregate, at, p))
	}
	return out
}

// allow counts a try. Errors: RateLimited with the details retry_at and, in whole seconds, retry_after.
func (s *Service) allow(ctx context.Context, a Attempts, t Tried) (ports.Allowance, error) {
	limits := a.Limits(t)
	if len(limits) == 0 {
		return ports.Allowance{}, nil
	}
	got, err := s.parts.Limiter.Take(ctx, s.now(), limits)
	if err != nil || got.Allowed() {
		return got, err
	}
	wait := max(1, int(math.Ceil(got.From.Sub(got.At).Seconds())))
	return got, RateLimited.New("this was tried too often; try again later").With("retry_at", got.From).With("retry_after", wait)
}

// lifetimes are those of an account's sessions.
func (s *Service) lifetimes(a Account) Lifetimes {
	if a.Kind == ForStaff {
		return s.opts.Staff
	}
	return s.opts.Customer
}

// now is the time of a decision.
func (s *Service) now() time.Time { return ref.Instant(s.parts.Clock.Now()) }

// email reads an address, as a violation when it is none.
func email(text string) (ref.Email, []*fault.Error) {
	e, err := ref.ParseEmail(text)
	if err != nil {
		if f := fault.Of(err); f != nil {
			return e, []*fault.Error{f.At("email")}
		}
		return e, []*fault.Error{Rule.New("it is no e-mail address").At("email")}
	}
	return e, nil
}
