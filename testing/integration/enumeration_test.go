package integration_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	// pairs are how often what is known and what is not are asked for, in turns.
	pairs = 60
	// turns are how often medians may differ before it is no accident of a busy machine: what tells differs every time.
	turns = 4
	// tellTale is the difference of medians that would tell an account from none: what is promised is less.
	tellTale = 5 * time.Millisecond
	// hashRounds make a hash that takes several times the tell-tale, so that one which is left out shows.
	hashRounds = 30_000
)

// Scenario E6: whether an address has an account shows neither in what is answered nor in how long that takes, for
// signing in, registering, asking for a reset and asking for another address.
func TestAccountsCannotBeEnumerated(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	s, store := peopleServer(t, hashRounds)
	service, ctx := s.Access, t.Context()
	const ada, bob = "ada@example.org", "bob@example.org"
	for _, who := range []string{ada, bob} {
		if err := service.Register(ctx, access.Registration{Email: who, Password: access.NewSecret(goodPassword), Name: "Ada"}); err != nil {
			t.Fatal(err)
		}
		proveAddress(t, store, service, ref.Email(who))
	}
	in, err := service.SignIn(ctx, access.SignInRequest{Email: bob, Password: access.NewSecret(goodPassword)})
	if err != nil {
		t.Fatal(err)
	}
	session := bearer(in.Tokens.Access.Reveal())
	fresh := 0
	nobody := func() string { fresh++; return fmt.Sprintf("nobody-%d@example.org", fresh) }
	always := func() string { return ada }
	for _, c := range []struct {
		name, method, path, body string // The body with the address at %s.
		status                   int
		known                    func() string
		headers                  []string
	}{
		{"sign in", http.MethodPost, "/api/v1/sessions", `{"email":"%s","password":"not the password"}`, http.StatusUnauthorized, always, nil},
		{"register", http.MethodPost, "/api/v1/customers", `{"email":"%s","password":"` + goodPassword + `","name":"Ada"}`, http.StatusAccepted, always, nil},
		{"reset", http.MethodPost, "/api/v1/customers/password-reset", `{"email":"%s"}`, http.StatusAccepted, always, nil},
		{"change of address", http.MethodPut, "/api/v1/me/email", `{"email":"%s","password":"` + goodPassword + `"}`, http.StatusAccepted, always, session},
	} {
		var told [2]string
		measure := func() (known, unknown time.Duration) {
			var took [2][]time.Duration // Of the known one, and of nobody.
			for i := range 2 * pairs {
				which := (i + i/2) % 2 // In turns, and each first as often as second.
				address := c.known()
				if which == 1 {
					address = nobody()
				}
				began := time.Now()
				a := s.want(t, c.status, c.method, c.path, fmt.Sprintf(c.body, address), c.headers...)
				took[which] = append(took[which], time.Since(began))
				told[which] = withoutID(a)
				if told[0] != "" && told[1] != "" && told[0] != told[1] {
					t.Fatalf("%s: %s and %s", c.name, told[0], told[1])
				}
			}
			return median(took[0]), median(took[1])
		}
		for turn := 1; ; turn++ {
			known, unknown := measure()
			t.Logf("%s: %s for an address that is known, %s for one that is not", c.name, known, unknown)
			difference := (known - unknown).Abs()
			if difference < tellTale {
				break
			}
			if turn == turns {
				t.Errorf("%s: the medians of %d differ by %s, the %dth time: %s and %s", c.name, pairs, difference, turn, known, unknown)
				break
			}
		}
	}
}

// withoutID is what an answer tells, less what is its own.
func withoutID(a httpAnswer) string {
	text := fmt.Sprint(a.status, " ", a.header.Get("Content-Type"), " ", a.header.Get("Content-Length"), " ", a.body)
	if id, ok := a.data["request_id"].(string); ok {
		text = strings.ReplaceAll(text, id, "")
	}
	return text
}

// median is the one in the middle.
func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2]
}

// peopleServer is the HTTP server over access in a database of its own, without limits, which others prove, and with a
// hasher of so many rounds.
func peopleServer(t *testing.T, rounds int) (*httpShop, *postgres.Store) {
	t.Helper()
	store, clock, ids := openPostgres(t, small(database(t))), system.NewClock(), system.NewIDs()
	unlimited := access.Attempts{Window: time.Hour}
	service := access.NewService(access.Parts{
		Committer: store.Access(), Accounts: store.Accounts(), Sessions: store.Sessions(), Roles: store.Accounts(), Keys: store.Accounts(), Audit: store.AuditLog(),
		Hasher: system.NewPasswordHasher(&system.PasswordOptions{Iterations: rounds}), Limiter: store.RateLimiter(), Clock: clock, IDs: ids,
	}, &access.Options{SignIn: unlimited, Mail: unlimited})
	server, err := fiberhttp.New(fiberhttp.Options{
		Logger: zap.NewNop(), Registry: prometheus.NewRegistry(), Version: "1.2.3", Now: clock.Now, Authenticate: service.Authenticate,
		NewID: func() string { return ref.UUID(ids.New()).String() },
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &httpShop{Server: server, ids: ids, Services: fiberhttp.Services{
		Access: service, Now: clock.Now,
		Scope: fiberhttp.ScopeDefaults{Channel: ref.DefaultChannel, Currency: money.MustCurrency("GBP"), Locale: "en-GB", Country: "GB"},
	}}
	s.Mount(s.Services)
	return s, store
}

// proveAddress answers the mail of a registration.
func proveAddress(t *testing.T, store *postgres.Store, service *access.Service, address ref.Email) {
	t.Helper()
	accounts, err := store.Accounts().ByEmail(t.Context(), address)
	if err != nil || len(accounts) != 1 {
		t.Fatalf("the accounts of %s: %+v, %v", address, accounts, err)
	}
	id := accounts[0].ID
	due := event.New(ref.NewID[ref.EventKind](system.NewIDs().New()), id.String(), time.Now(), access.VerificationRequested{Account: id})
	letters, err := service.Letters(t.Context(), due)
	if err != nil || len(letters) != 1 {
		t.Fatalf("the letters to %s: %+v, %v", address, letters, err)
	}
	if _, err := service.Verify(t.Context(), letters[0].Token); err != nil {
		t.Fatal(err)
	}
}
