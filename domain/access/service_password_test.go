package access_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/testing/accesstest"
)

func TestReset(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	s.customer("ada@example.org")
	ask := func(email string) { s.must(s.RequestReset(t.Context(), access.ResetRequest{Email: email})) }
	ask("nobody@example.org")
	if letters := s.letters(); len(letters) != 0 {
		t.Errorf("nobody gets %+v", letters)
	}
	ask("ada@example.org")
	first := s.letter(access.LetterReset)
	ask("ada@example.org")
	second := s.letter(access.LetterReset)
	password := access.NewSecret("another good one")
	s.refused(s.ResetPassword(t.Context(), first.Token, password), access.TokenInvalid) // Replaced.
	s.refused(s.ResetPassword(t.Context(), second.Token, access.NewSecret("password1")), fault.Bad)
	s.refused(s.ResetPassword(t.Context(), access.NewSecret("rst_made_up"), password), access.TokenInvalid)
	s.refused(s.ResetPassword(t.Context(), access.Secret{}, password), access.TokenInvalid)
	_, err := s.Verify(t.Context(), second.Token)
	s.refused(err, access.TokenInvalid)
	s.must(s.ResetPassword(t.Context(), second.Token, password))
	s.letter(access.LetterNewPassword)
	s.refused(s.ResetPassword(t.Context(), second.Token, password), access.TokenInvalid)
	s.in("ada@example.org", "another good one")
	ask("ada@example.org")
	third := s.letter(access.LetterReset)
	s.clock.advance(access.ResetTTL)
	s.refused(s.ResetPassword(t.Context(), third.Token, password), access.TokenInvalid)
}

func TestResetTokenIsUsedOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	s.customer("ada@example.org")
	s.must(s.RequestReset(t.Context(), access.ResetRequest{Email: "ada@example.org"}))
	token := s.letter(access.LetterReset).Token
	var won atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			err := s.ResetPassword(t.Context(), token, access.NewSecret("another good one"))
			if err == nil {
				won.Add(1)
			} else if !fault.Is(err, access.TokenInvalid) {
				t.Errorf("refused with %v", err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 50 uses of a token won, want 1", won.Load())
	}
}

// A reset proves the address too, and takes it from who registered with it and never proved it.
func TestResetProvesTheAddress(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	s.must(s.Register(t.Context(), access.Registration{Email: "ada@example.org", Password: access.NewSecret("a squatter's own"), Name: "S"}))
	squatted := s.letter(access.LetterVerify)
	s.must(s.RequestReset(t.Context(), access.ResetRequest{Email: "ada@example.org"}))
	s.must(s.ResetPassword(t.Context(), s.letter(access.LetterReset).Token, access.NewSecret(good)))
	s.in("ada@example.org", good)
	_, err := s.Verify(t.Context(), squatted.Token)
	s.refused(err, access.TokenInvalid)
	_, err = s.SignIn(t.Context(), access.SignInRequest{Email: "ada@example.org", Password: access.NewSecret("a squatter's own")})
	s.refused(err, access.Unauthenticated)
	s.must(s.Register(t.Context(), access.Registration{Email: "ada@example.org", Password: access.NewSecret("a squatter's own"), Name: "S"}))
	for _, l := range s.letters() {
		if l.Kind == access.LetterVerify {
			t.Error("whoever registers with a known address gets a token")
		}
	}
	s.in("ada@example.org", good)
}

// Of two registrations that are not verified the later one counts, with its own mail alone.
func TestLaterRegistrationCounts(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	register := func(password string) access.Letter {
		s.must(s.Register(t.Context(), access.Registration{Email: "ada@example.org", Password: access.NewSecret(password), Name: "Ada"}))
		return s.letter(access.LetterVerify)
	}
	first := register("the first password")
	// Also before its own mail is written the later one counts: the first link must not open its password.
	s.must(s.Register(t.Context(), access.Registration{Email: "ada@example.org", Password: access.NewSecret("a stranger's password"), Name: "S"}))
	_, err := s.Verify(t.Context(), first.Token)
	s.refused(err, access.TokenInvalid)
	s.letter(access.LetterVerify)
	second := register("the second password")
	_, err = s.Verify(t.Context(), second.Token)
	s.must(err)
	s.in("ada@example.org", "the second password")
}

func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	err := s.Register(t.Context(), access.Registration{Email: "ada", Password: access.NewSecret("short"), Name: "\n"})
	s.refused(err, fault.Bad)
	var fields []string
	for _, v := range fault.Of(err).Violations() {
		fields = append(fields, v.Field())
	}
	if len(fields) != 3 || fields[0] != "email" || fields[1] != "password" || fields[2] != "name" {
		t.Errorf("the fields are %q", fields)
	}
	for range 5 {
		s.must(s.Register(t.Context(), access.Registration{Email: "ada@example.org", Password: access.NewSecret(good), Name: "Ada"}))
	}
	s.refused(s.Register(t.Context(), access.Registration{Email: "ada@example.org", Password: access.NewSecret(good), Name: "Ada"}), access.RateLimited)
	_, err = s.SignIn(t.Context(), access.SignInRequest{Email: "ada", Password: access.NewSecret("")})
	s.refused(err, fault.Bad)
	s.refused(s.RequestReset(t.Context(), access.ResetRequest{Email: "ada"}), fault.Bad)
	for range 5 {
		s.must(s.RequestReset(t.Context(), access.ResetRequest{Email: "ada@example.org"}))
	}
	s.refused(s.RequestReset(t.Context(), access.ResetRequest{Email: "ada@example.org"}), access.RateLimited)
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	s.customer("ada@example.org")
	by := s.in("ada@example.org", good).Principal
	change := func(by access.Principal, old, password string) error {
		return s.ChangePassword(t.Context(), by, access.NewSecret(old), access.NewSecret(password))
	}
	s.refused(change(access.Principal{}, good, "another good one"), access.Unauthenticated)
	s.refused(change(by, good, "ada@example.org"), fault.Bad)
	for range 10 {
		s.refused(change(by, "wrong", "another good one"), access.Unauthenticated)
	}
	s.refused(change(by, good, "another good one"), access.RateLimited)
	s.clock.advance(15 * time.Minute)
	s.must(change(by, good, "another good one"))
	s.letter(access.LetterNewPassword)
	s.in("ada@example.org", "another good one")
}

func TestEmailChange(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	a := s.customer("ada@example.org")
	s.customer("bob@example.org")
	by := s.in("ada@example.org", good).Principal
	move := func(email string) { s.must(s.RequestEmailChange(t.Context(), by, access.NewSecret(good), email)) }
	s.refused(s.RequestEmailChange(t.Context(), by, access.NewSecret("wrong"), "new@example.org"), access.Unauthenticated)
	s.refused(s.RequestEmailChange(t.Context(), by, access.NewSecret(good), "new"), fault.Bad)
	move("bob@example.org") // Bob is told, and no token goes out.
	letters := s.letters()
	if len(letters) != 2 || letters[0].Kind != access.LetterMoving || letters[0].To != "ada@example.org" ||
		letters[1].Kind != access.LetterKnown || letters[1].To != "bob@example.org" {
		t.Errorf("the letters are %+v", letters)
	}
	move("new@example.org")
	letters = s.letters()
	if len(letters) != 2 || letters[0].Kind != access.LetterVerify || letters[0].To != "new@example.org" ||
		letters[1].Kind != access.LetterMoving || letters[1].To != "ada@example.org" {
		t.Fatalf("the letters are %+v", letters)
	}
	token := letters[0].Token
	s.in("ada@example.org", good) // Until it is proven the old one stands.
	moved, err := s.Verify(t.Context(), token)
	s.must(err)
	if moved.ID != a.ID || moved.Email != "new@example.org" || moved.NewEmail != "" {
		t.Errorf("moved to %+v", moved)
	}
	s.in("new@example.org", good)
	_, err = s.SignIn(t.Context(), access.SignInRequest{Email: "ada@example.org", Password: access.NewSecret(good)})
	s.refused(err, access.Unauthenticated)
	move("new@example.org")
	if letters := s.letters(); len(letters) != 0 {
		t.Errorf("a change to the same address makes %+v due", letters)
	}
	move("late@example.org")
	late := s.letters()[0].Token
	s.customer("late@example.org")
	_, err = s.Verify(t.Context(), late)
	s.refused(err, access.EmailTaken)
}

// A hash of less strength is replaced at the sign-in that proves the password, without an end of the sessions.
func TestRehash(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	a := s.customer("ada@example.org")
	in := s.in("ada@example.org", good)
	stronger := s.service(&accesstest.Hasher{Rounds: 2}, nil)
	_, err := stronger.SignIn(t.Context(), access.SignInRequest{Email: "ada@example.org", Password: access.NewSecret(good)})
	s.must(err)
	after, err := s.Account(t.Context(), a.ID)
	s.must(err)
	if (&accesstest.Hasher{Rounds: 2}).NeedsRehash(after.Password) || !s.lets(in.Tokens.Access) {
		t.Errorf("the hash is %s and the earlier session lets in %t", after.Password, s.lets(in.Tokens.Access))
	}
}

// A password that is changed between its proof and the session opens nothing.
func TestSignInWhileThePasswordChanges(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	s.customer("ada@example.org")
	by := s.in("ada@example.org", good).Principal
	meddling := &meddler{Hasher: s.hasher}
	other := s.service(meddling, nil)
	meddling.then = func() {
		s.must(s.ChangePassword(t.Context(), by, access.NewSecret(good), access.NewSecret("another good one")))
	}
	_, err := other.SignIn(t.Context(), access.SignInRequest{Email: "ada@example.org", Password: access.NewSecret(good)})
	s.refused(err, access.Unauthenticated)
	if _, err := other.Refresh(t.Context(), access.Secret{}); !errors.Is(err, access.Unauthenticated.New("")) {
		t.Errorf("no token refreshes: %v", err)
	}
}
