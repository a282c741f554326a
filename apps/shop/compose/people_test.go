package compose_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/access"
)

func TestPeopleSettingsAreRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		setting, rule string
		production    bool
		v             compose.PeopleSettings
	}{
		{"--admin-email", "--admin-password", false, compose.PeopleSettings{AdminEmail: "a@example.org"}},
		{"--admin-email", "--admin-password", false, compose.PeopleSettings{AdminPassword: "a secret password"}},
		{"--admin-email", "address", false, compose.PeopleSettings{AdminEmail: "owner", AdminPassword: "a secret password"}},
		{"--admin-password", "8 characters", false, compose.PeopleSettings{AdminEmail: "a@example.org", AdminPassword: "secret"}},
		{"--admin-api-key", "22 characters", false, compose.PeopleSettings{AdminAPIKey: "secret"}},
		{"--rate-signin", "COUNT/TIME", false, compose.PeopleSettings{RateSignin: "10"}},
		{"--rate-signin", "COUNT/TIME", false, compose.PeopleSettings{RateSignin: "0/15m"}},
		{"--rate-signin", "COUNT/TIME", false, compose.PeopleSettings{RateSignin: "10/0s"}},
		{"--rate-signin", "COUNT/TIME", false, compose.PeopleSettings{RateSignin: "10/48h"}},
		{"--rate-signin", "production limits", true, compose.PeopleSettings{RateSignin: "off"}},
		{"--mail", "production", true, compose.PeopleSettings{Mail: "log"}},
		{"--site", "https://", false, compose.PeopleSettings{Site: "shop.example"}},
		{"--site", "slash", false, compose.PeopleSettings{Site: "https://shop.example/"}},
	} {
		var wrong *compose.SettingError
		err := test.v.Check(compose.Settings{Production: test.production})
		if !errors.As(err, &wrong) || wrong.Name != test.setting || !strings.Contains(wrong.Rule, test.rule) {
			t.Errorf("%s, %s: %v", test.setting, test.rule, err)
			continue
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("a secret stands in %v", err)
		}
	}
	for rate, want := range map[string]access.Attempts{
		"": access.DefaultAttempts, "off": {Window: 15 * time.Minute}, "5/1h": {Count: 5, Window: time.Hour},
	} {
		if got, err := (compose.PeopleSettings{RateSignin: rate}).Attempts(compose.Settings{}); err != nil || got != want {
			t.Errorf("%q: %+v, %v, want %+v", rate, got, err, want)
		}
	}
}

// A start makes the owner and the key, once: the next start finds them.
func TestStartMakesTheOwnerAndTheKey(t *testing.T) {
	t.Parallel()
	v := compose.PeopleSettings{
		AdminEmail: "owner@example.org", AdminPassword: "a long and unlikely password", AdminAPIKey: "chosen-by-an-operator-1", Mail: t.TempDir(),
	}
	s, serve := settings()
	s.Store = compose.StoreMemory
	var a *access.Service
	app := fx.New(
		compose.Core(s, []string{"manual"}, nil, serve.Lease, zap.NewNop()), compose.People(s, v), fx.Populate(&a),
	)
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.Stop(t.Context()) })
	in, err := a.SignIn(t.Context(), access.SignInRequest{Email: v.AdminEmail, Password: access.NewSecret(v.AdminPassword)})
	if err != nil || !in.Principal.Owner {
		t.Errorf("signed in as %+v, %v", in.Principal, err)
	}
	p, err := a.Authenticate(t.Context(), access.NewSecret(v.AdminAPIKey))
	if err != nil || !p.Covers(access.AllPermissions()) {
		t.Errorf("let in as %+v, %v", p, err)
	}
}
