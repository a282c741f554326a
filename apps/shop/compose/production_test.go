package compose_test

import (
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// production are settings that production takes.
func production() (compose.Settings, compose.ServeSettings) {
	s, v := settings()
	s.Production, s.DatabaseURL, v.TokenKeys = true, "postgres://u:w9Xk2Lq0@h/d", key("k1", 32)
	v.AdminEmail, v.AdminPassword, v.AdminAPIKey, v.Site = "o@example.org", "teal harbour window 9", "wMfdJ3mCz8Qk5sV0yR2xTnBq", "https://shop.example"
	return s, v
}

// TestProductionRefusesWhatIsForTryingOut also shows that each thing is refused in production alone.
func TestProductionRefusesWhatIsForTryingOut(t *testing.T) {
	t.Parallel()
	s, v := production()
	if err := v.Check(s); err != nil {
		t.Fatal(err)
	}
	keys := func(secret string) func(*compose.Settings, *compose.ServeSettings) {
		return func(_ *compose.Settings, v *compose.ServeSettings) { v.TokenKeys = "k1:" + base64Of(secret) }
	}
	owner := func(password string) func(*compose.Settings, *compose.ServeSettings) {
		return func(_ *compose.Settings, v *compose.ServeSettings) { v.AdminPassword = password }
	}
	apiKey := func(text string) func(*compose.Settings, *compose.ServeSettings) {
		return func(_ *compose.Settings, v *compose.ServeSettings) { v.AdminAPIKey = text }
	}
	database := func(address string) func(*compose.Settings, *compose.ServeSettings) {
		return func(s *compose.Settings, _ *compose.ServeSettings) { s.DatabaseURL = address }
	}
	for _, test := range []struct {
		setting, rule string
		change        func(*compose.Settings, *compose.ServeSettings)
	}{
		{"--token-keys", "no random bytes", keys(strings.Repeat("\x00", 32))},
		{"--token-keys", "no random bytes", keys("0123456789abcdefghijklmnopqrstuv"[:16] + "0123456789abcdefghijklmnopqrstuv"[:16])},
		{"--token-keys", "no random bytes", keys("abcdefghijklmnopqrstuvwxyz{|}~\x7f\x80")},
		{"--token-keys", "no random bytes", keys("change-me-change-me-secret-secret")},
		{"--admin-password", "example's password", owner("change-me-Example")},
		{"--admin-password", "example's password", owner("Secret Demo Password 123")},
		{"--admin-api-key", "can be guessed", apiKey("changeme-changeme-changeme")},
		{"--admin-api-key", "can be guessed", apiKey("abcdefghijklabcdefghijkl")},
		{"--admin-api-key", "can be guessed", apiKey("0123012301230123012301230")},
		{"--database-url", "example's password", database("postgres://shop:shop@h/d")},
		{"--database-url", "example's password", database("postgres://shop:postgres@h/d")},
		{"--database-url", "example's password", database("postgres://h/d?password=change-me")},
		{"--direct-url", "example's password", func(s *compose.Settings, _ *compose.ServeSettings) { s.DirectURL = "postgres://u:password@h/d" }},
		{"--site", "https:// only", func(_ *compose.Settings, v *compose.ServeSettings) { v.Site = "http://shop.example" }},
		{"--mail", "production", func(_ *compose.Settings, v *compose.ServeSettings) { v.Mail = "log" }},
		{"--rate-signin", "production limits", func(_ *compose.Settings, v *compose.ServeSettings) { v.RateSignin = "off" }},
		{"--payments", "production refuses the test provider", func(_ *compose.Settings, v *compose.ServeSettings) { v.Payments = []string{"test"} }},
		{"--store", "production refuses memory", func(s *compose.Settings, _ *compose.ServeSettings) { s.Store = "memory" }},
		{"--token-keys", "production needs keys", func(_ *compose.Settings, v *compose.ServeSettings) { v.TokenKeys = "" }},
	} {
		s, v := production()
		test.change(&s, &v)
		found := compose.SettingErrors(v.Check(s))
		if len(found) != 1 || found[0].Name != test.setting || !strings.Contains(found[0].Rule, test.rule) {
			t.Errorf("%s, %s: %v", test.setting, test.rule, found)
		}
		s.Production = false
		if err := v.Check(s); err != nil {
			t.Errorf("%s, %s: outside production %v", test.setting, test.rule, err)
		}
	}
}

// TestProductionTakesRandomSecrets: what openssl and its like make must never be taken for an example.
func TestProductionTakesRandomSecrets(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{
		"f3a1c09be2d84756f3a1c09be2d84757", "9d1f7a3be0c2486559d1f7a3be0c2486550000000000000000000000000000ff", "\x8b\x12\x00\x9f\x44\xe1\xd3\x3c\x5a\x77\x00\xfe\x21\xaa\xbc\x0d\x8b\x13\x00\x9f\x44\xe1\xd3\x3c\x5a\x77\x00\xfe\x21\xaa\xbc\x0e",
	} {
		s, v := production()
		v.TokenKeys = "k1:" + base64Of(secret)
		if err := v.Check(s); err != nil {
			t.Errorf("%q: %v", secret, err)
		}
	}
	for _, password := range []string{"testament of a shopkeeper", "demolition at noon", "secretary birds run", "postgresql-is-fine-here"} {
		s, v := production()
		v.AdminPassword = password
		if err := v.Check(s); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestSettingErrorsAreFoundInAnything(t *testing.T) {
	t.Parallel()
	s, v := settings()
	s.Currency, s.Country, v.Listen = "gbp", "gb", "8080"
	var names []string
	for _, e := range compose.SettingErrors(v.Check(s)) {
		names = append(names, e.Name)
	}
	if got := strings.Join(names, " "); got != "--currency --country --listen" {
		t.Errorf("%s", got)
	}
	if got := compose.SettingErrors(nil); got != nil {
		t.Errorf("%v", got)
	}
}
