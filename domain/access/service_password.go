package access

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ResetRequest asks for a mail that allows a new password.
type ResetRequest struct {
	Kind    Kind // "" for the account of staff with the address, if there is one, else the customer's.
	Email   string
	Address string // Of the network, for the limit; "" when not known.
}

// RequestReset asks for the mail. The answer is the same whether the address has an account or not, and takes as long: for
// an address without one it writes that there is none. Errors: Bad with the
// field email; RateLimited; kinds Unavailable and Unknown.
func (s *Service) RequestReset(ctx context.Context, r ResetRequest) error {
	address, violations := email(r.Email)
	if err := fault.Collect(violations); err != nil {
		return err
	}
	tried := Tried{What: "reset", Account: address.String(), Address: r.Address}
	if _, err := s.allow(ctx, s.opts.Mail, tried); err != nil {
		return err
	}
	nobody := ref.NewID[ref.AccountKind](s.parts.IDs.New())
	a, err := s.accountOf(ctx, address, r.Kind)
	if err != nil {
		return err
	}
	events := s.events(nobody.String(), s.now(), event.Payload(ResetMissed{}))
	if a != nil {
		events = s.events(a.ID.String(), s.now(), ResetRequested{Account: a.ID})
	}
	return s.parts.Committer.Commit(ctx, Commit{Events: events})
}

// ResetPassword uses up the token of a reset mail: the account has the new password, all of its sessions end, and its
// owner is told by mail. It signs nobody in. Errors: Bad with the field password, TokenInvalid; kinds Unavailable and
// Unknown.
func (s *Service) ResetPassword(ctx context.Context, token, password Secret) error {
	load := s.byToken(ctx, ForReset, prefixReset, token)
	a, err := load() // Before the hash, which is dear, and for the rule about the own address.
	if err != nil {
		return err
	}
	if err := fault.Collect(passwordRule(password, a.Email.String())); err != nil {
		return err
	}
	hash, err := s.parts.Hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	_, err = s.changeAccount(ctx, load, func(a Account, now time.Time) (Account, []event.Payload, error) {
		next, err := a.Recovered(token.Digest(), hash, now)
		told := []event.Payload{PasswordChanged{Account: a.ID}}
		if a.State == Unverified {
			told = append(told, EmailVerified{Account: a.ID})
		}
		return next, told, err
	})
	return err
}

// ChangePassword gives the principal's account a new password, for the old one. All sessions end, this one too. Errors:
// Unauthenticated, also for a wrong password; Bad with the field password; RateLimited; kinds Unavailable and Unknown.
func (s *Service) ChangePassword(ctx context.Context, by Principal, old, password Secret) error {
	a, err := s.prove(ctx, by, old)
	if err != nil {
		return err
	}
	if err := fault.Collect(passwordRule(password, a.Email.String())); err != nil {
		return err
	}
	hash, err := s.parts.Hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	proven := a.Password
	_, err = s.changeAccount(ctx, s.byID(ctx, by.Account), func(a Account, now time.Time) (Account, []event.Payload, error) {
		if a.State != Active || a.Password != proven {
			return a, nil, Unauthenticated.New("sign in")
		}
		return a.next(now).WithPassword(hash), []event.Payload{PasswordChanged{Account: a.ID}}, nil
	})
	return err
}

// prove checks the password of who is signed in: what a session alone may not change, for it may have been left open.
func (s *Service) prove(ctx context.Context, by Principal, password Secret) (Account, error) {
	if by.Account.IsZero() {
		return Account{}, Unauthenticated.New("sign in")
	}
	allowance, err := s.allow(ctx, s.opts.SignIn, Tried{What: "prove", Account: by.Account.String()})
	if err != nil {
		return Account{}, err
	}
	a, err := s.parts.Accounts.Account(ctx, by.Account)
	if err != nil {
		return Account{}, err
	}
	right := false
	if len(password.Reveal()) <= PasswordMax && a.State == Active {
		if right, err = s.parts.Hasher.Verify(ctx, a.Password, password); err != nil {
			return Account{}, err
		}
	}
	if !right {
		return Account{}, Unauthenticated.New("the password is wrong").At("password")
	}
	if len(allowance.Limits) > 0 {
		err = s.parts.Limiter.Give(ctx, allowance)
	}
	return a, err
}
