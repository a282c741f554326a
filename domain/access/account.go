package access

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

// Kind tells whose an account is. An e-mail address has one account of each kind at most.
type Kind string

// The kinds of accounts.
const (
	ForCustomer Kind = "customer"
	ForStaff    Kind = "staff"
)

// AccountState is where an account stands.
type AccountState string

// The states of an account. Only an active one signs in.
const (
	Unverified AccountState = "unverified" // Nobody has proven its e-mail address yet.
	Active     AccountState = "active"
	Disabled   AccountState = "disabled"
	Closed     AccountState = "closed" // For ever: what was personal in it is gone.
)

// AccountEvent is what happens to an account.
type AccountEvent string

// The events of an account.
const (
	Verify  AccountEvent = "verify" // Its e-mail address, or a new one, was proven.
	Disable AccountEvent = "disable"
	Enable  AccountEvent = "enable"
	Close   AccountEvent = "close"
)

// AccountMachine is the life of an account.
var AccountMachine = statemachine.Table[AccountState, AccountEvent]{
	Name: "account", Initial: Unverified, Terminal: []AccountState{Active, Disabled, Closed},
	Edges: []statemachine.Edge[AccountState, AccountEvent]{
		{From: Unverified, On: Verify, To: Active},
		{From: Unverified, On: Close, To: Closed},
		{From: Active, On: Verify, To: Active},
		{From: Active, On: Disable, To: Disabled},
		{From: Active, On: Close, To: Closed},
		{From: Disabled, On: Enable, To: Active},
		{From: Disabled, On: Close, To: Closed},
	},
}

// Account is who can sign in: credentials, and whose they are. Its methods give the next version and change nothing.
type Account struct {
	ID        ref.AccountID
	Version   ref.Version
	Kind      Kind
	State     AccountState
	Email     ref.Email      // Of an unverified account: claimed, not proven. Gone from a closed one.
	NewEmail  ref.Email      // Waits for its proof, else empty.
	Name      string         // As given at registration; the customer's own name is with the customer.
	Password  string         // The hash, a PHC string.
	Epoch     int64          // Sessions of an earlier epoch are revoked: one write ends them all.
	Verify    Token          // Of the mail that proves Email, or NewEmail when there is one.
	Reset     Token          // Of the mail that allows a new password.
	Customer  ref.CustomerID // Whose account it is; zero until the e-mail is proven and the customer exists.
	Staff     *Staff         // Of a member of staff, and nil of a customer.
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Token is what the account keeps of a token that was mailed. The zero value is none.
type Token struct {
	Digest Digest
	Email  ref.Email // The address that it was sent to, and so the one that it proves.
	Until  time.Time
}

// Staff is what makes an account one of a member of staff.
type Staff struct {
	ID    ref.StaffID
	Owner bool // Has every permission; this role is fixed and no data.
	Roles []ref.RoleID
}

// Apply gives the account after the event, in the next version. Errors: statemachine.IllegalTransition.
func (a Account) Apply(on AccountEvent, at time.Time) (Account, error) {
	to, err := AccountMachine.Apply(a.State, on)
	if err != nil {
		return a, err
	}
	out := a.next(at)
	out.State = to
	if on == Disable || on == Close {
		out = out.signedOut()
		out.Verify, out.Reset = Token{}, Token{}
	}
	if on == Close {
		out.Email, out.NewEmail, out.Name, out.Password = "", "", "", ""
	}
	return out, nil
}

// next is the account in its next version.
func (a Account) next(at time.Time) Account {
	a.Version++
	a.UpdatedAt = ref.Instant(at)
	if a.Staff != nil {
		s := *a.Staff
		s.Roles = append([]ref.RoleID(nil), s.Roles...)
		a.Staff = &s
	}
	return a
}

// signedOut ends all sessions.
func (a Account) signedOut() Account {
	a.Epoch++
	return a
}

// Reregister is what a further registration does to an account that is not verified: the latest counts, and the link of
// an earlier one is dead, so that it does not open the account to the password of another.
func (a Account) Reregister(name, password string, at time.Time) Account {
	out := a.next(at)
	out.Name, out.Password, out.Verify = name, password, Token{}
	return out
}

// Issue keeps a token that is about to be mailed; the one before it is dead.
func (a Account) Issue(purpose Purpose, digest Digest, at time.Time) Account {
	out := a.next(at)
	switch purpose {
	case ForReset:
		out.Reset = Token{Digest: digest, Email: a.Email, Until: ref.Instant(at.Add(ResetTTL))}
	case ForVerify:
		out.Verify = Token{Digest: digest, Email: a.unproven(), Until: ref.Instant(at.Add(VerifyTTL))}
	}
	return out
}

// unproven is the address that waits for its proof.
func (a Account) unproven() ref.Email {
	if !a.NewEmail.IsZero() {
		return a.NewEmail
	}
	return a.Email
}

// Proven uses the token of a verification mail up: the address that it was sent to is the account's, and proven. Errors:
// TokenInvalid.
func (a Account) Proven(token Digest, at time.Time) (Account, error) {
	if !a.Verify.opens(token, at) || a.Verify.Email != a.unproven() {
		return a, TokenInvalid.New("the token was used, replaced or is too old; ask for a new one").At("token")
	}
	out, err := a.Apply(Verify, at)
	if err != nil {
		return a, TokenInvalid.New("the account takes no verification").At("token").Because(err)
	}
	out.Email, out.NewEmail, out.Verify = a.Verify.Email, "", Token{}
	return out, nil
}

// Recovered uses the token of a reset mail up: it has a new password, no session any more, and since the mail arrived,
// its address is proven. A reset does not enable what is disabled. Errors: TokenInvalid.
func (a Account) Recovered(token Digest, password string, at time.Time) (Account, error) {
	if !a.Reset.opens(token, at) || a.Reset.Email != a.Email {
		return a, TokenInvalid.New("the token was used, replaced or is too old; ask for a new one").At("token")
	}
	out, err := a.Apply(Verify, at)
	if err != nil {
		return a, TokenInvalid.New("the account takes no new password").At("token").Because(err)
	}
	return out.WithPassword(password), nil
}

// WithPassword is the account with another password, in the same version: all sessions end, and no link that was mailed
// before opens it.
func (a Account) WithPassword(password string) Account {
	a.Password, a.Verify, a.Reset = password, Token{}, Token{}
	return a.signedOut()
}

// opens tells whether the token fits and is not too old.
func (t Token) opens(presented Digest, at time.Time) bool {
	return t.Digest.Is(presented) && at.Before(t.Until)
}

// Purpose is what a mailed token is for.
type Purpose string

// The purposes.
const (
	ForVerify Purpose = "verify"
	ForReset  Purpose = "reset"
)
