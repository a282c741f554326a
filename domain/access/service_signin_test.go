package access_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
)

func TestRegisterVerifySignInRefreshSignOut(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	s.must(s.Register(t.Context(), access.Registration{Email: " Ada@Example.org", Password: access.NewSecret(good), Name: "Ada"}))
	letter := s.letter(access.LetterVerify)
	if letter.To != "ada@example.org" || letter.Name != "Ada" || !letter.Until.Equal(day.Add(access.VerifyTTL)) {
		t.Errorf("the letter is %+v", letter)
	}
	_, err := s.SignIn(t.Context(), access.SignInRequest{Email: "ada@example.org", Password: access.NewSecret(good)})
	s.refused(err, access.Unauthenticated) // The address is not proven.
	letter = s.letter(access.LetterVerify) // The right password asked for the mail again.
	a, err := s.Verify(t.Context(), letter.Token)
	s.must(err)
	if a.State != access.Active || a.Verify != (access.Token{}) {
		t.Errorf("the account is %+v", a)
	}
	_, err = s.Verify(t.Context(), letter.Token)
	s.refused(err, access.TokenInvalid)
	in := s.in("ADA@example.org", good)
	if in.Principal.Kind != access.PrincipalCustomer || in.Principal.Account != a.ID || in.ExpiresIn != 15*time.Minute {
		t.Errorf("signed in as %+v", in)
	}
	if !s.lets(in.Tokens.Access) || s.lets(in.Tokens.Refresh) || s.lets(in.Tokens.Device) || s.lets(access.Secret{}) {
		t.Error("not the access token alone lets in")
	}
	s.clock.advance(15 * time.Minute)
	if s.lets(in.Tokens.Access) {
		t.Error("an access token lets in when it is over")
	}
	next, err := s.Refresh(t.Context(), in.Tokens.Refresh)
	s.must(err)
	if !s.lets(next.Tokens.Access) || s.lets(in.Tokens.Access) || next.Session.ID != in.Session.ID || next.Principal.Account != a.ID {
		t.Errorf("refreshed to %+v", next)
	}
	s.must(s.SignOut(t.Context(), next.Principal))
	s.must(s.SignOut(t.Context(), next.Principal))
	if s.lets(next.Tokens.Access) {
		t.Error("the session lets in after it was signed out")
	}
	_, err = s.Refresh(t.Context(), next.Tokens.Refresh)
	s.refused(err, access.Unauthenticated)
	want := "[access.account_registered access.email_verified access.session_ended access.signed_in access.verification_requested]"
	if got := fmt.Sprint(names(s.events())); got != want {
		t.Errorf("the events are %s, want %s", got, want)
	}
}

// The answers do not tell whether an address has an account, nor does the number of times that a password is hashed, which
// is what takes long.
func TestAnswersDoNotTellWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	unlimited := access.Attempts{Window: time.Hour}
	s := newShop(t, &access.Options{SignIn: unlimited, Mail: unlimited})
	s.customer("ada@example.org")
	disabled := s.customer("disabled@example.org")
	s.must(s.SetState(t.Context(), access.System("test"), disabled.ID, access.Disable))
	s.must(s.Register(t.Context(), access.Registration{Email: "unverified@example.org", Password: access.NewSecret(good), Name: "N"}))
	s.owner("owner@example.org")
	mover := s.in("ada@example.org", good).Principal
	ways := map[string]func(email string) error{
		"sign in": func(email string) error {
			_, err := s.SignIn(t.Context(), access.SignInRequest{Email: email, Password: access.NewSecret("wrong")})
			return err
		},
		"sign in with a device": func(email string) error {
			_, err := s.SignIn(t.Context(), access.SignInRequest{Email: email, Password: access.NewSecret("wrong"), Device: access.NewSecret("sdt_other")})
			return err
		},
		"register": func(email string) error {
			return s.Register(t.Context(), access.Registration{Email: email, Password: access.NewSecret(good), Name: "N"})
		},
		"ask for a reset": func(email string) error { return s.RequestReset(t.Context(), access.ResetRequest{Email: email}) },
		"move": func(email string) error {
			return s.RequestEmailChange(t.Context(), mover, access.NewSecret(good), email)
		},
	}
	for name, way := range ways {
		want, cost, written := "", 0, 0
		for i, email := range []string{"nobody@example.org", "ada@example.org", "disabled@example.org", "unverified@example.org", "owner@example.org"} {
			before, told := s.hasher.Calls(), len(s.events())
			err := way(email)
			got, calls := "", s.hasher.Calls()-before
			if told = len(s.events()) - told; i == 0 {
				written = told
			}
			if name == "ask for a reset" && told != written { // A commit more is milliseconds more.
				t.Errorf("%s as %s wrote %d events, want %d as for nobody", name, email, told, written)
			}
			if err != nil {
				got = err.Error()
			}
			if i == 0 {
				want, cost = got, calls
			}
			if got != want || calls != cost {
				t.Errorf("%s as %s: %q and %d hashes, want %q and %d as for nobody", name, email, got, calls, want, cost)
			}
		}
	}
}

func TestAttemptsAreLimited(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	s.customer("ada@example.org")
	known := s.in("ada@example.org", good)
	try := func(email, password, address string, device access.Secret) error {
		_, err := s.SignIn(t.Context(), access.SignInRequest{
			Email: email, Password: access.NewSecret(password), Address: address, Device: device,
		})
		return err
	}
	before := s.hasher.Calls()
	var refused atomic.Int64
	var all sync.WaitGroup
	for n := range 1000 { // From 200 addresses.
		all.Go(func() {
			if err := try("ada@example.org", "wrong", strconv.Itoa(n%200), access.Secret{}); fault.Is(err, access.RateLimited) {
				refused.Add(1)
			}
		})
	}
	all.Wait()
	if hashed := s.hasher.Calls() - before; hashed != 10 || refused.Load() != 990 {
		t.Errorf("%d of 1000 wrong passwords were compared and %d refused, want 10 and 990", hashed, refused.Load())
	}
	err := try("ada@example.org", good, "home", access.Secret{})
	s.refused(err, access.RateLimited)
	if at, ok := fault.Of(err).Details()["retry_at"].(time.Time); !ok || !at.Equal(day.Add(15*time.Minute)) {
		t.Errorf("retry_at is %v, want in a quarter of an hour", fault.Of(err).Details()["retry_at"])
	}
	s.must(try("ada@example.org", good, "home", known.Tokens.Device)) // A device that is known is not locked out.
	s.refused(try("ada@example.org", good, "home", access.NewSecret("sdt_made_up")), access.RateLimited)
	for range 10 {
		s.refused(try("nobody@example.org", "wrong", "", access.Secret{}), access.Unauthenticated)
	}
	s.refused(try("nobody@example.org", "wrong", "", access.Secret{}), access.RateLimited)
	for n := range 10 { // Of many accounts, from one address.
		s.refused(try(fmt.Sprintf("%d@example.org", n), "wrong", "office", access.Secret{}), access.Unauthenticated)
	}
	s.refused(try("more@example.org", "wrong", "office", access.Secret{}), access.RateLimited)
	s.clock.advance(15 * time.Minute)
	for range 20 { // What succeeds counts for nothing.
		s.must(try("ada@example.org", good, "home", access.Secret{}))
	}
}

func TestSessionsOfADeviceAndTooMany(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	s.customer("ada@example.org")
	first := s.in("ada@example.org", good)
	again, err := s.SignIn(t.Context(), access.SignInRequest{
		Email: "ada@example.org", Password: access.NewSecret(good), Device: first.Tokens.Device, Client: strings.Repeat("ä\n", 400),
	})
	s.must(err)
	if s.lets(first.Tokens.Access) || !s.lets(again.Tokens.Access) {
		t.Error("the former session of a device was not ended")
	}
	if c := again.Session.Client; len(c) > access.ClientMax || strings.Contains(c, "\n") {
		t.Errorf("the client is %q", c)
	}
	for range access.SessionsMax {
		s.clock.advance(time.Second)
		s.in("ada@example.org", good)
	}
	if s.lets(again.Tokens.Access) {
		t.Error("the session that was used longest ago lives on beside too many others")
	}
	list, err := s.MySessions(t.Context(), again.Principal)
	s.must(err)
	if len(list) != access.SessionsMax {
		t.Errorf("%d sessions live, want %d", len(list), access.SessionsMax)
	}
	s.must(s.RevokeSession(t.Context(), again.Principal, list[3].ID))
	left, err := s.MySessions(t.Context(), again.Principal)
	s.must(err)
	if len(left) != access.SessionsMax-1 || left[3].ID == list[3].ID {
		t.Errorf("%d sessions are left", len(left))
	}
	other := s.customer("bob@example.org")
	theirs := s.in("bob@example.org", good)
	s.refused(s.RevokeSession(t.Context(), again.Principal, theirs.Session.ID), fault.Missing)
	if !s.lets(theirs.Tokens.Access) || theirs.Principal.Account != other.ID {
		t.Error("a session of another was ended")
	}
	_, err = s.MySessions(t.Context(), access.Principal{})
	s.refused(err, access.Unauthenticated)
	s.refused(s.RevokeSession(t.Context(), access.Principal{}, list[0].ID), access.Unauthenticated)
}

func TestRefreshTokenInTwoHands(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	s.customer("ada@example.org")
	refresh := func(token access.Secret) (access.SignedInSession, error) { return s.Refresh(t.Context(), token) }
	first := s.in("ada@example.org", good)
	second, err := refresh(first.Tokens.Refresh)
	s.must(err)
	replayed, err := refresh(first.Tokens.Refresh) // The answer was lost.
	s.must(err)
	if replayed.Tokens != second.Tokens || !s.lets(replayed.Tokens.Access) {
		t.Error("within the grace the same token did not give the same tokens")
	}
	third, err := refresh(second.Tokens.Refresh)
	s.must(err)
	_, err = refresh(first.Tokens.Refresh) // Its successor was used: nobody lost an answer.
	s.refused(err, access.Unauthenticated)
	if s.lets(third.Tokens.Access) {
		t.Error("the family lives on after one of its tokens was used again")
	}
	_, err = refresh(third.Tokens.Refresh)
	s.refused(err, access.Unauthenticated)

	late := s.in("ada@example.org", good)
	next, err := refresh(late.Tokens.Refresh)
	s.must(err)
	s.clock.advance(access.CustomerLifetimes.Grace)
	_, err = refresh(late.Tokens.Refresh)
	s.refused(err, access.Unauthenticated)
	if s.lets(next.Tokens.Access) {
		t.Error("the family lives on after a token was used again behind the grace")
	}
	_, err = refresh(access.NewSecret("srt_made_up"))
	s.refused(err, access.Unauthenticated)
	_, err = refresh(next.Tokens.Access)
	s.refused(err, access.Unauthenticated)
}

// Tabs that refresh at once all get the same tokens, and the family lives on.
func TestRefreshAtOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	s.customer("ada@example.org")
	first := s.in("ada@example.org", good)
	got := make([]access.Tokens, 20)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			next, err := s.Refresh(t.Context(), first.Tokens.Refresh)
			if err != nil {
				t.Errorf("refused: %v", err)
			}
			got[i] = next.Tokens
		})
	}
	all.Wait()
	for _, tokens := range got {
		if tokens != got[0] || !s.lets(tokens.Access) {
			t.Fatal("two who refreshed at once got other tokens, or none that let in")
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	system := access.System("test")
	for name, end := range map[string]func(s *shop, in access.SignedInSession){
		"with a new password": func(s *shop, in access.SignedInSession) {
			s.must(s.ChangePassword(t.Context(), in.Principal, access.NewSecret(good), access.NewSecret("another good one")))
		},
		"with a reset": func(s *shop, _ access.SignedInSession) {
			s.must(s.RequestReset(t.Context(), access.ResetRequest{Email: "ada@example.org"}))
			s.must(s.ResetPassword(t.Context(), s.letter(access.LetterReset).Token, access.NewSecret("another good one")))
		},
		"with the account disabled": func(s *shop, in access.SignedInSession) {
			s.must(s.SetState(t.Context(), system, in.Principal.Account, access.Disable))
		},
		"with the account disabled and enabled": func(s *shop, in access.SignedInSession) {
			s.must(s.SetState(t.Context(), system, in.Principal.Account, access.Disable))
			s.must(s.SetState(t.Context(), system, in.Principal.Account, access.Enable))
		},
		"with the account closed": func(s *shop, in access.SignedInSession) {
			s.must(s.SetState(t.Context(), system, in.Principal.Account, access.Close))
		},
		"idle": func(s *shop, _ access.SignedInSession) { s.clock.advance(access.CustomerLifetimes.Idle) },
		"at their end": func(s *shop, in access.SignedInSession) {
			for range 7 {
				s.clock.advance(5 * 24 * time.Hour)
				var err error
				if in, err = s.Refresh(t.Context(), in.Tokens.Refresh); err != nil {
					return
				}
			}
			t.Error("a session goes on behind its end")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, nil)
			s.customer("ada@example.org")
			one, two := s.in("ada@example.org", good), s.in("ada@example.org", good)
			end(s, one)
			for _, in := range []access.SignedInSession{one, two} {
				if s.lets(in.Tokens.Access) {
					t.Error("an access token lets in")
				}
				_, err := s.Refresh(t.Context(), in.Tokens.Refresh)
				s.refused(err, access.Unauthenticated)
			}
		})
	}
}

func TestSweepForgetsWhatIsOver(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	a := s.customer("ada@example.org")
	for range 3 {
		s.must(s.SignOut(t.Context(), s.in("ada@example.org", good).Principal))
	}
	if n, err := s.SweepSessions(t.Context(), 10); err != nil || n != 0 {
		t.Errorf("forgot %d at once, %v", n, err)
	}
	s.clock.advance(access.KeptFor + time.Second)
	live := s.in("ada@example.org", good)
	if n, err := s.SweepSessions(t.Context(), 2); err != nil || n != 2 {
		t.Errorf("forgot %d, %v, want 2", n, err)
	}
	if n, err := s.SweepSessions(t.Context(), 10); err != nil || n != 1 {
		t.Errorf("forgot %d, %v, want 1", n, err)
	}
	left, err := s.store.Sessions().OfAccount(t.Context(), a.ID)
	s.must(err)
	if len(left) != 1 || !s.lets(live.Tokens.Access) {
		t.Errorf("%d sessions are left, want the one that lives", len(left))
	}
}
