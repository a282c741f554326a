package access

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Registration asks for an account of a customer.
type Registration struct {
	Email    string
	Password Secret
	Name     string
	Address  string // Of the network, for the limit; "" when not known.
}

// Register makes an account that nobody can sign in to until its address is proven, and asks for the mail that proves
// it. The answer is the same whether the address is new or has an account: its owner learns of it by mail, who
// registers does not. An account that is not verified takes the name and password of the latest registration.
//
// Errors: Bad with the fields email, password and name; RateLimited; kinds Unavailable and Unknown.
func (s *Service) Register(ctx context.Context, r Registration) error {
	address, violations := email(r.Email)
	violations = append(violations, passwordRule(r.Password, r.Email)...)
	violations = append(violations, nameRule(r.Name)...)
	if err := fault.Collect(violations); err != nil {
		return err
	}
	tried := Tried{What: "register", Account: address.String(), Address: r.Address}
	if _, err := s.allow(ctx, s.opts.Mail, tried); err != nil {
		return err
	}
	hash, err := s.parts.Hasher.Hash(ctx, r.Password) // For known addresses too, for the time that it takes.
	if err != nil {
		return err
	}
	return s.retry(ctx, func() error {
		stored, err := s.accountOf(ctx, address, ForCustomer)
		if err != nil {
			return err
		}
		err = s.parts.Committer.Commit(ctx, s.registered(stored, address, r.Name, hash))
		if fault.Is(err, EmailTaken) { // Somebody else registers it right now.
			return fault.VersionConflict.New("the address was taken meanwhile").Because(err)
		}
		return err
	})
}

// registered is what a registration comes to, given the account that has the address, if any.
func (s *Service) registered(stored *Account, address ref.Email, name, hash string) Commit {
	now := s.now()
	if stored == nil {
		a := Account{
			ID: ref.NewID[ref.AccountKind](s.parts.IDs.New()), Version: 1, Kind: ForCustomer, State: AccountMachine.Initial,
			Email: address, Name: name, Password: hash, CreatedAt: now, UpdatedAt: now,
		}
		return Commit{
			Accounts: []Write[Account]{{State: a}},
			Events:   s.events(a.ID.String(), now, AccountRegistered{Account: a.ID, Kind: a.Kind}, VerificationRequested{Account: a.ID}),
		}
	}
	a := *stored
	if a.State != Unverified {
		return Commit{Events: s.events(a.ID.String(), now, RegistrationRepeated{Account: a.ID})}
	}
	return Commit{
		Accounts: []Write[Account]{{State: a.Reregister(name, hash, now), Expected: a.Version}},
		Events:   s.events(a.ID.String(), now, VerificationRequested{Account: a.ID}),
	}
}

// accountOf finds the account with an address: of the kind, or, without one, that of staff before that of a customer.
// Nil for none.
func (s *Service) accountOf(ctx context.Context, address ref.Email, kind Kind) (*Account, error) {
	found, err := s.parts.Accounts.ByEmail(ctx, address)
	if err != nil {
		return nil, err
	}
	var out *Account
	for _, a := range found {
		if kind == a.Kind || kind == "" && (out == nil || a.Kind == ForStaff) {
			out = &a
		}
	}
	return out, nil
}

// Verify uses up the token of a verification mail: the address is proven, and the account can sign in. It signs nobody
// in: the mail may be read elsewhere. Errors: TokenInvalid, EmailTaken when another account took a new address
// meanwhile; kinds Unavailable and Unknown.
func (s *Service) Verify(ctx context.Context, token Secret) (Account, error) {
	return s.changeAccount(ctx, s.byToken(ctx, ForVerify, prefixVerify, token), func(a Account, now time.Time) (Account, []event.Payload, error) {
		next, err := a.Proven(token.Digest(), now)
		return next, []event.Payload{EmailVerified{Account: a.ID}}, err
	})
}

// RequestEmailChange asks for a mail to a new address of the account; until its token is shown the old one stands. The
// owner of the old address is told by mail. The answer does not tell whether the new one has an account. Errors:
// Unauthenticated, also for a wrong password; Bad with the field email; RateLimited; kinds Unavailable and Unknown.
func (s *Service) RequestEmailChange(ctx context.Context, by Principal, password Secret, newEmail string) error {
	address, violations := email(newEmail)
	if err := fault.Collect(violations); err != nil {
		return err
	}
	if _, err := s.prove(ctx, by, password); err != nil {
		return err
	}
	for _, whose := range []string{by.Account.String(), address.String()} { // So that nobody buries a mailbox, be it a stranger's.
		if _, err := s.allow(ctx, s.opts.Mail, Tried{What: "move", Account: whose}); err != nil {
			return err
		}
	}
	_, err := s.changeAccount(ctx, s.byID(ctx, by.Account), func(a Account, now time.Time) (Account, []event.Payload, error) {
		if a.State != Active {
			return a, nil, Unauthenticated.New("sign in")
		}
		if address == a.Email {
			return a, nil, nil
		}
		next := a.next(now)
		next.NewEmail, next.Verify = address, Token{}
		return next, []event.Payload{VerificationRequested{Account: a.ID}}, nil
	})
	return err
}
