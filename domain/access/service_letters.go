package access

import (
	"context"
	"encoding/json"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// LetterKind tells what a letter is about.
type LetterKind string

// The kinds of letters. Those that have a token are LetterVerify and LetterReset.
const (
	LetterVerify      LetterKind = "verify"       // Prove this address.
	LetterReset       LetterKind = "reset"        // Choose a new password.
	LetterKnown       LetterKind = "known"        // Somebody registered with this address, which has an account.
	LetterMoving      LetterKind = "moving"       // To the old address: a change to another was asked for.
	LetterNewPassword LetterKind = "new_password" // The password was changed.
)

// Letter is a mail that is due, in no language yet.
type Letter struct {
	Kind  LetterKind
	For   Kind // Whose account it is: links for staff lead elsewhere.
	To    ref.Email
	Name  string
	Token Secret // Of those that have one; stored nowhere but as a digest.
	Until time.Time
}

// Letters gives the letters that an event makes due; none for most events. The tokens are made now: so no event holds
// one, and a letter is as fresh as its sending. When the same event comes again the letter has a new token, and the one
// before is dead. Errors: kinds Unavailable and Unknown (hand the event in again).
func (s *Service) Letters(ctx context.Context, e event.Event) ([]Letter, error) {
	about := struct {
		Account ref.AccountID `json:"account"`
	}{}
	switch e.Name {
	case VerificationRequested{}.EventName(), RegistrationRepeated{}.EventName(), ResetRequested{}.EventName(), PasswordChanged{}.EventName():
		if err := json.Unmarshal(e.Data, &about); err != nil {
			return nil, fault.Unexpected.Newf("the payload of an event %s cannot be read", e.Name).Because(err)
		}
	default:
		return nil, nil
	}
	a, err := s.parts.Accounts.Account(ctx, about.Account)
	if err != nil {
		return nil, err
	}
	switch {
	case e.Name == ResetRequested{}.EventName() && (a.State == Active || a.State == Unverified):
		return s.issued(ctx, a.ID, ForReset)
	case e.Name == VerificationRequested{}.EventName() && (a.State == Unverified || !a.NewEmail.IsZero()):
		return s.verification(ctx, a)
	case e.Name == RegistrationRepeated{}.EventName() && a.State == Active:
		return []Letter{letter(LetterKnown, a)}, nil
	case e.Name == PasswordChanged{}.EventName() && a.State == Active:
		return []Letter{letter(LetterNewPassword, a)}, nil
	}
	return nil, nil
}

// letter is a letter to the account's address.
func letter(kind LetterKind, a Account) Letter {
	return Letter{Kind: kind, For: a.Kind, To: a.Email, Name: a.Name}
}

// verification gives the letter that proves an address. Of a change the old address is told too; a new one that has an
// account gets no token.
func (s *Service) verification(ctx context.Context, a Account) ([]Letter, error) {
	if a.NewEmail.IsZero() {
		return s.issued(ctx, a.ID, ForVerify)
	}
	other, err := s.accountOf(ctx, a.NewEmail, a.Kind)
	if err != nil {
		return nil, err
	}
	moving := letter(LetterMoving, a)
	if other != nil && other.ID != a.ID {
		return []Letter{moving, letter(LetterKnown, *other)}, nil
	}
	out, err := s.issued(ctx, a.ID, ForVerify)
	return append(out, moving), err
}

// issued makes a token of the account, keeps its digest, and gives its letter.
func (s *Service) issued(ctx context.Context, id ref.AccountID, purpose Purpose) ([]Letter, error) {
	prefix, kind := prefixVerify, LetterVerify
	if purpose == ForReset {
		prefix, kind = prefixReset, LetterReset
	}
	token := mint(prefix, s.parts.IDs.Secret())
	a, err := s.changeAccount(ctx, s.byID(ctx, id), func(a Account, now time.Time) (Account, []event.Payload, error) {
		return a.Issue(purpose, token.Digest(), now), nil, nil
	})
	if err != nil {
		return nil, err
	}
	kept := a.Verify
	if purpose == ForReset {
		kept = a.Reset
	}
	return []Letter{{Kind: kind, For: a.Kind, To: kept.Email, Name: a.Name, Token: token, Until: kept.Until}}, nil
}
