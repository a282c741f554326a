package integration_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/argon2"
	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/apps/shop/cli"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/testing/accesstest"
)

const goodPassword = "a long and unlikely password"

// accessService is access over a store, as one server of a shop has it.
func accessService(s *postgres.Store, signIn access.Attempts) (*access.Service, *accesstest.Hasher) {
	hasher := &accesstest.Hasher{Rounds: 1}
	return access.NewService(access.Parts{
		Committer: s.Access(), Accounts: s.Accounts(), Sessions: s.Sessions(), Roles: s.Accounts(), Keys: s.Accounts(), Audit: s.AuditLog(),
		Hasher: hasher, Limiter: s.RateLimiter(), Clock: system.NewClock(), IDs: system.NewIDs(),
	}, &access.Options{SignIn: signIn}), hasher
}

// Two servers of one shop: what races is won once, a token is used once, refreshing at once ends nothing, attempts are
// counted together, and what one ends is over on the other.
func TestTwoServersAgreeOnPeople(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	ctx := t.Context()
	cfg := small(database(t))
	one, hashed1 := accessService(openPostgres(t, cfg), access.DefaultAttempts)
	two, hashed2 := accessService(openPostgres(t, cfg), access.DefaultAttempts)
	servers := []*access.Service{one, two}
	operator := access.System("test")
	a, _, err := one.EnsureOwner(ctx, operator, "owner@example.org", access.NewSecret(goodPassword))
	if err != nil {
		t.Fatal(err)
	}
	in, err := two.SignIn(ctx, access.SignInRequest{Email: "owner@example.org", Password: access.NewSecret(goodPassword)})
	if err != nil {
		t.Fatal(err)
	}

	// Refreshing at once.
	var all sync.WaitGroup
	tokens := make([]access.Tokens, 12)
	for i := range tokens {
		all.Go(func() {
			next, err := servers[i%2].Refresh(ctx, in.Tokens.Refresh)
			if err != nil {
				t.Errorf("Refresh: %v", err)
			}
			tokens[i] = next.Tokens
		})
	}
	all.Wait()
	for _, got := range tokens {
		if got != tokens[0] {
			t.Fatalf("two who refreshed at once got other tokens")
		}
	}
	if _, err := one.Authenticate(ctx, tokens[0].Access); err != nil {
		t.Errorf("the tokens do not let in: %v", err)
	}

	// A token that is used at once.
	if err := one.RequestReset(ctx, access.ResetRequest{Email: "owner@example.org"}); err != nil {
		t.Fatal(err)
	}
	account, err := one.Account(ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	token := access.NewSecret("rst_" + strings.Repeat("0", 32))
	issue := access.Commit{Accounts: []access.Write[access.Account]{{
		State: account.Issue(access.ForReset, token.Digest(), time.Now()), Expected: account.Version,
	}}}
	if err := openPostgres(t, cfg).Access().Commit(ctx, issue); err != nil {
		t.Fatal(err)
	}
	var won atomic.Int64
	for i := range 50 {
		all.Go(func() {
			switch err := servers[i%2].ResetPassword(ctx, token, access.NewSecret(fmt.Sprintf("another good one %d", i))); {
			case err == nil:
				won.Add(1)
			case !fault.Is(err, access.TokenInvalid):
				t.Errorf("ResetPassword: %v", err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 50 uses of a token won, want 1", won.Load())
	}
	for _, s := range servers {
		if _, err := s.Authenticate(ctx, tokens[0].Access); !fault.Is(err, access.Unauthenticated) {
			t.Errorf("after the reset a session lets in: %v", err)
		}
	}

	// Guessing at both, once each of them made the hash for accounts that there are not.
	for _, s := range servers {
		_, _ = s.SignIn(ctx, access.SignInRequest{Email: "first@example.org", Password: access.NewSecret("wrong")})
	}
	before := hashed1.Calls() + hashed2.Calls()
	for i := range 60 {
		all.Go(func() {
			_, err := servers[i%2].SignIn(ctx, access.SignInRequest{Email: "ada@example.org", Password: access.NewSecret("wrong"), Address: strconv.Itoa(i % 7)})
			if !fault.Is(err, access.Unauthenticated) && !fault.Is(err, access.RateLimited) {
				t.Errorf("SignIn: %v", err)
			}
		})
	}
	all.Wait()
	if guesses := hashed1.Calls() + hashed2.Calls() - before; guesses != 10 {
		t.Errorf("%d guesses were compared on two servers, want 10", guesses)
	}

	// The same key at the start of both.
	for i := range 8 {
		all.Go(func() {
			if err := servers[i%2].EnsureKey(ctx, operator, "start", access.NewSecret("chosen-by-an-operator-1")); err != nil {
				t.Errorf("EnsureKey: %v", err)
			}
			if _, _, err := servers[i%2].EnsureOwner(ctx, operator, "second@example.org", access.NewSecret(goodPassword)); err != nil {
				t.Errorf("EnsureOwner: %v", err)
			}
		})
	}
	all.Wait()
	keys, err := one.Keys(ctx, operator)
	staff, err2 := one.Staff(ctx, operator)
	if err != nil || err2 != nil || len(keys) != 1 || len(staff) != 2 {
		t.Errorf("%d keys and %d of staff, %v, %v; want 1 and 2", len(keys), len(staff), err, err2)
	}
}

// An operator makes an owner at the command line, whose password is shown once; a second time nothing is written.
func TestAdminCreate(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	var made struct{ Account, Email, Password string }
	code, out, failure := shopCommand(t, dsn, "admin create Owner@example.org --format json")
	if err := json.Unmarshal([]byte(out), &made); err != nil || code != cli.ExitDone || made.Email != "owner@example.org" || len(made.Password) != 32 {
		t.Fatalf("exit %d: %s %s", code, out, failure)
	}
	store := openPostgres(t, small(dsn))
	account, err := store.Accounts().ByEmail(t.Context(), "owner@example.org")
	if err != nil || len(account) != 1 || !account[0].Leads() {
		t.Fatalf("the accounts are %+v, %v", account, err)
	}
	right, err := argon2.NewPasswordHasher(nil).Verify(t.Context(), account[0].Password, access.NewSecret(made.Password))
	if err != nil || !right || strings.Contains(failure, made.Password) {
		t.Errorf("the password is right: %t, %v; the log is %s", right, err, failure)
	}
	wantCommand(t, dsn, "admin create owner@example.org", cli.ExitRefused, "", "has an account of staff already")
	wantCommand(t, dsn, "admin create second@example.org --admin-password unlikely-to-be-guessed", cli.ExitDone, "owner     second@example.org\n", "")
	wantCommand(t, dsn, "admin create third@example.org --admin-password password1", cli.ExitUsage, "", "--admin-password")
	wantCommand(t, dsn, "admin create nobody", cli.ExitUsage, "", "no e-mail address")
}
