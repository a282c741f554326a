package access

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// No event of this context holds a token or an address: who mails asks Service.Letters, which makes the token then.
type (
	// AccountRegistered tells that an account was made, by its owner or for a member of staff.
	AccountRegistered struct {
		Account ref.AccountID `json:"account"`
		Kind    Kind          `json:"kind"`
	}
	// VerificationRequested tells that a mail is due that proves the account's address, or its new one.
	VerificationRequested struct {
		Account ref.AccountID `json:"account"`
	}
	// RegistrationRepeated tells that somebody registered with the address of an account: its owner is told by mail, and
	// who registered learns nothing.
	RegistrationRepeated struct {
		Account ref.AccountID `json:"account"`
	}
	// ResetRequested tells that a mail is due that allows a new password.
	ResetRequested struct {
		Account ref.AccountID `json:"account"`
	}
	// ResetMissed tells that a reset was asked for with an address that no account has. Nobody needs it: it is written
	// because an account's is, so that asking takes as long.
	ResetMissed struct{}
	// EmailVerified tells that the account's present address was proven.
	EmailVerified struct {
		Account ref.AccountID `json:"account"`
	}
	// PasswordChanged tells that the account has a new password and no session any more.
	PasswordChanged struct {
		Account ref.AccountID `json:"account"`
	}
	// AccountAttached tells whose account it is.
	AccountAttached struct {
		Account  ref.AccountID  `json:"account"`
		Customer ref.CustomerID `json:"customer"`
	}
	// AccountStateChanged tells that an account was disabled, enabled or closed.
	AccountStateChanged struct {
		Account ref.AccountID `json:"account"`
		State   AccountState  `json:"state"`
	}
	// SignedIn tells that a session began.
	SignedIn struct {
		Account ref.AccountID `json:"account"`
		Session ref.SessionID `json:"session"`
	}
	// SessionEnded tells that a session was signed out or revoked by itself; those that end with their account are not
	// told of one by one.
	SessionEnded struct {
		Account ref.AccountID `json:"account"`
		Session ref.SessionID `json:"session"`
		State   SessionState  `json:"state"`
	}
	// TokenReused tells that a refresh token was shown again after it was replaced: it is in two hands.
	TokenReused struct {
		Account ref.AccountID `json:"account"`
		Session ref.SessionID `json:"session"`
	}
	// StaffChanged tells that a member of staff was added or has other roles.
	StaffChanged struct {
		Account ref.AccountID `json:"account"`
		Staff   ref.StaffID   `json:"staff"`
	}
	// RoleSaved tells that a role was made, changed or retired.
	RoleSaved struct {
		Role ref.RoleID `json:"role"`
	}
	// APIKeyChanged tells that an API key was made or revoked.
	APIKeyChanged struct {
		Key     ref.APIKeyID `json:"key"`
		Revoked bool         `json:"revoked"`
	}
)

// EventName is the event's stable name.
func (AccountRegistered) EventName() string { return "access.account_registered" }

// EventName is the event's stable name.
func (VerificationRequested) EventName() string { return "access.verification_requested" }

// EventName is the event's stable name.
func (RegistrationRepeated) EventName() string { return "access.registration_repeated" }

// EventName is the event's stable name.
func (ResetRequested) EventName() string { return "access.reset_requested" }

// EventName is the event's stable name.
func (ResetMissed) EventName() string { return "access.reset_missed" }

// EventName is the event's stable name.
func (EmailVerified) EventName() string { return "access.email_verified" }

// EventName is the event's stable name.
func (PasswordChanged) EventName() string { return "access.password_changed" }

// EventName is the event's stable name.
func (AccountAttached) EventName() string { return "access.account_attached" }

// EventName is the event's stable name.
func (AccountStateChanged) EventName() string { return "access.account_state_changed" }

// EventName is the event's stable name.
func (SignedIn) EventName() string { return "access.signed_in" }

// EventName is the event's stable name.
func (SessionEnded) EventName() string { return "access.session_ended" }

// EventName is the event's stable name.
func (TokenReused) EventName() string { return "access.token_reused" }

// EventName is the event's stable name.
func (StaffChanged) EventName() string { return "access.staff_changed" }

// EventName is the event's stable name.
func (RoleSaved) EventName() string { return "access.role_saved" }

// EventName is the event's stable name.
func (APIKeyChanged) EventName() string { return "access.api_key_changed" }

// tell makes an event of an aggregate.
func tell(id [16]byte, aggregate string, at time.Time, p event.Payload) event.Event {
	return event.New(ref.NewID[ref.EventKind](id), aggregate, at, p)
}
