package compose_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// settings are good ones.
func settings() (compose.Settings, compose.ServeSettings) {
	return compose.Settings{Place: compose.Place{SQLiteFile: "shop.db"}, Currency: "GBP", Locale: "en-GB", Country: "GB", LogLevel: "info", CommitGroup: 64, CommitLoops: 2},
		compose.ServeSettings{Listen: "127.0.0.1:0", Lease: ordering.DefaultLease}
}

// key is a token key of so many bytes.
func key(id string, size int) string {
	secret := make([]byte, size)
	for i := range secret { // As good as random, and the same each time.
		secret[i] = byte(i*i*7 + i*131 + 29)
	}
	return id + ":" + base64.StdEncoding.EncodeToString(secret)
}

func TestGoodSettings(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*compose.Settings, *compose.ServeSettings){
		"as they are": func(*compose.Settings, *compose.ServeSettings) {},
		"yen": func(s *compose.Settings, _ *compose.ServeSettings) {
			s.Currency, s.Country, s.Locale = "JPY", "JP", "ja"
		},
		"address": func(s *compose.Settings, _ *compose.ServeSettings) { s.DatabaseURL = "postgresql://u:p@h:1/d" },
		"keywords": func(s *compose.Settings, _ *compose.ServeSettings) {
			s.Store, s.DatabaseURL = "postgres", "host=h dbname=d"
		},
		"unused": func(s *compose.Settings, _ *compose.ServeSettings) {
			s.Store, s.DatabaseURL = "memory", "postgres://h/d"
		},
		"a file": func(s *compose.Settings, _ *compose.ServeSettings) { s.SQLiteFile = "/srv/shop/it.db" },
		"a file in production": func(s *compose.Settings, v *compose.ServeSettings) {
			s.Production, s.Store, v.TokenKeys = true, "sqlite", key("k1", 32)
		},
		"all addresses": func(_ *compose.Settings, v *compose.ServeSettings) { v.Listen = ":8080" },
		"six":           func(_ *compose.Settings, v *compose.ServeSettings) { v.Listen = "[::1]:8080" },
		"no drain":      func(_ *compose.Settings, v *compose.ServeSettings) { v.Drain = new(time.Duration) },
		"one provider":  func(_ *compose.Settings, v *compose.ServeSettings) { v.Payments = []string{"test"} },
		"keys": func(_ *compose.Settings, v *compose.ServeSettings) {
			v.TokenKeys = key("k1", 32) + ", " + key("k2", 64)
		},
		"production": func(s *compose.Settings, v *compose.ServeSettings) {
			s.Production, s.DatabaseURL, v.TokenKeys = true, "postgres://h/d", key("k1", 32)
		},
	} {
		s, v := settings()
		change(&s, &v)
		if err := v.Check(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBadSettings(t *testing.T) {
	t.Parallel()
	drain := func(d time.Duration) func(*compose.Settings, *compose.ServeSettings) {
		return func(_ *compose.Settings, v *compose.ServeSettings) { v.Drain = &d }
	}
	keys := func(text string) func(*compose.Settings, *compose.ServeSettings) {
		return func(_ *compose.Settings, v *compose.ServeSettings) { v.TokenKeys = text }
	}
	for _, test := range []struct {
		setting, rule string
		change        func(*compose.Settings, *compose.ServeSettings)
	}{
		{"--currency", "ISO 4217", func(s *compose.Settings, _ *compose.ServeSettings) { s.Currency = "gbp" }},
		{"--currency", "ISO 4217", func(s *compose.Settings, _ *compose.ServeSettings) { s.Currency = "" }},
		{"--locale", "BCP 47", func(s *compose.Settings, _ *compose.ServeSettings) { s.Locale = "English" }},
		{"--locale", "BCP 47", func(s *compose.Settings, _ *compose.ServeSettings) { s.Locale = "" }},
		{"--country", "ISO 3166-1", func(s *compose.Settings, _ *compose.ServeSettings) { s.Country = "gb" }},
		{"--country", "ISO 3166-1", func(s *compose.Settings, _ *compose.ServeSettings) { s.Country = "44" }},
		{"--log-level", "debug, info, warn or error", func(s *compose.Settings, _ *compose.ServeSettings) { s.LogLevel = "fatal" }},
		{"--sqlite-file", "name of a file", func(s *compose.Settings, _ *compose.ServeSettings) { s.SQLiteFile = "" }},
		{"--store", "memory, sqlite or postgres", func(s *compose.Settings, _ *compose.ServeSettings) { s.Store = "Memory" }},
		{"--store", "production refuses memory", func(s *compose.Settings, _ *compose.ServeSettings) { s.Production, s.Store = true, "memory" }},
		{"--store", "production wants to be told", func(s *compose.Settings, _ *compose.ServeSettings) { s.Production = true }},
		{"--database-url", "needs the address", func(s *compose.Settings, _ *compose.ServeSettings) { s.Store = "postgres" }},
		{"--database-url", "begins with postgres://", func(s *compose.Settings, _ *compose.ServeSettings) { s.DatabaseURL = "mysql://u:secret@h/d" }},
		{"--database-url", "begins with postgres://", func(s *compose.Settings, _ *compose.ServeSettings) { s.DatabaseURL = "host=h password=secret" }},
		{"--database-url", "cannot be read", func(s *compose.Settings, _ *compose.ServeSettings) { s.DatabaseURL = "postgres://u:secret@h:port/d" }},
		{"--direct-url", "cannot be read", func(s *compose.Settings, _ *compose.ServeSettings) {
			s.DatabaseURL, s.DirectURL = "postgres://u@h/d", "postgres://u:secret@h:port/d"
		}},
		{"--conns", "from 0 to 1024", func(s *compose.Settings, _ *compose.ServeSettings) { s.Conns = -1 }},
		{"--conns", "from 0 to 1024", func(s *compose.Settings, _ *compose.ServeSettings) { s.Conns = 1025 }},
		{"--commit-group", "from 1 to 1024", func(s *compose.Settings, _ *compose.ServeSettings) { s.CommitGroup = 0 }},
		{"--commit-loops", "from 1 to 64", func(s *compose.Settings, _ *compose.ServeSettings) { s.CommitLoops = 65 }},
		{"--listen", "HOST:PORT", func(_ *compose.Settings, v *compose.ServeSettings) { v.Listen = "8080" }},
		{"--listen", "HOST:PORT", func(_ *compose.Settings, v *compose.ServeSettings) { v.Listen = "localhost:" }},
		{"--listen", "HOST:PORT", func(_ *compose.Settings, v *compose.ServeSettings) { v.Listen = "localhost:http" }},
		{"--listen", "HOST:PORT", func(_ *compose.Settings, v *compose.ServeSettings) { v.Listen = ":65536" }},
		{"--drain", "from 0s to 10m", drain(-time.Second)},
		{"--drain", "from 0s to 10m", drain(time.Hour)},
		{"--lease", "from 1s to 1h", func(_ *compose.Settings, v *compose.ServeSettings) { v.Lease = time.Millisecond }},
		{"--lease", "from 1s to 1h", func(_ *compose.Settings, v *compose.ServeSettings) { v.Lease = 2 * time.Hour }},
		{"--payments", "manual and test", func(_ *compose.Settings, v *compose.ServeSettings) { v.Payments = []string{"cash"} }},
		{"--payments", "manual and test", func(_ *compose.Settings, v *compose.ServeSettings) { v.Payments = []string{""} }},
		{"--payments", "named twice", func(_ *compose.Settings, v *compose.ServeSettings) { v.Payments = []string{"test", "test"} }},
		{"--payments", "production refuses the test provider", func(s *compose.Settings, v *compose.ServeSettings) {
			s.Production, s.DatabaseURL, v.TokenKeys, v.Payments = true, "postgres://h/d", key("k1", 32), []string{"manual", "test"}
		}},
		{"--token-keys", "production needs keys", func(s *compose.Settings, _ *compose.ServeSettings) {
			s.Production, s.DatabaseURL = true, "postgres://h/d"
		}},
		{"--token-keys", "ID:BASE64", keys("secret")},
		{"--token-keys", "ID:BASE64", keys("k1:secret")},
		{"--token-keys", "ID:BASE64", keys(key("k1", 31))},
		{"--token-keys", "ID:BASE64", keys(key("", 32))},
		{"--token-keys", "ID:BASE64", keys(key("k1", 32) + "," + key("k1", 32))},
		{"--token-keys", "ID:BASE64", keys(key("k1", 32) + ",")},
	} {
		s, v := settings()
		test.change(&s, &v)
		err := v.Check(s)
		found := false
		for _, wrong := range compose.SettingErrors(err) {
			found = found || wrong.Name == test.setting && strings.Contains(wrong.Rule, test.rule)
			if text := wrong.Error(); strings.Contains(text, "\n") || strings.Contains(text, "u:secret") {
				t.Errorf("not one line without secrets: %s", text)
			}
		}
		if !found {
			t.Errorf("%s, %s: %v", test.setting, test.rule, err)
		}
	}
}

func TestProvidersOnOffer(t *testing.T) {
	t.Parallel()
	s, v := settings()
	if got := v.Providers(s); !slices.Equal(got, []string{"manual", "test"}) {
		t.Errorf("%v", got)
	}
	s.Production = true
	if got := v.Providers(s); !slices.Equal(got, []string{"manual"}) {
		t.Errorf("in production %v", got)
	}
	v.Payments = []string{"test"}
	if got := v.Providers(s); !slices.Equal(got, []string{"test"}) {
		t.Errorf("as set %v", got)
	}
}
