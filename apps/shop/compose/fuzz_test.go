package compose_test

import (
	"encoding/base64"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

func base64Of(secret string) string { return base64.StdEncoding.EncodeToString([]byte(secret)) }

// FuzzTokenKeys: whatever is written there is refused in one line that repeats nothing of it, or is keys that can sign.
func FuzzTokenKeys(f *testing.F) {
	for _, text := range []string{"", ":", "k1:", key("k1", 32), key("k1", 32) + ", " + key("k2", 64), key("k1", 31), "k1:%%%%", ",,,", key("k1", 32) + "\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		keys, err := compose.ServeSettings{TokenKeys: text}.Keys()
		if err != nil {
			if found := compose.SettingErrors(err); len(found) != 1 || strings.Contains(err.Error(), "\n") || len(text) > 20 && strings.Contains(err.Error(), text) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if (len(keys) == 0) != (text == "") {
			t.Errorf("%q: %d keys", text, len(keys))
		}
		for _, k := range keys {
			if len(k.Secret) < 32 || k.ID == "" {
				t.Errorf("%q: a key %q of %d bytes", text, k.ID, len(k.Secret))
			}
		}
	})
}

// FuzzRate: a rate that is taken limits something, and production has no other.
func FuzzRate(f *testing.F) {
	for _, text := range []string{"", "off", "10/15m", "1/1s", "0/1m", "-1/1m", "1/0s", "10000/24h", "10001/24h", "1/25h", "1/1m/1m", "9e9/1m", "١/1m"} {
		f.Add(text, true)
		f.Add(text, false)
	}
	f.Fuzz(func(t *testing.T, text string, inProduction bool) {
		got, err := compose.PeopleSettings{RateSignin: text}.Attempts(compose.Settings{Production: inProduction})
		if err != nil {
			if found := compose.SettingErrors(err); len(found) != 1 || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if off := text == "off" && !inProduction; !off && (got.Count < 1 || got.Count > 10_000 || got.Window <= 0 || got.Window > 24*time.Hour) {
			t.Errorf("%q: %+v", text, got)
		}
	})
}

// FuzzLists: a list that is taken holds networks that are not everybody and, in production, origins that came by https.
func FuzzLists(f *testing.F) {
	f.Add("10.0.0.0/8,192.0.2.1,2001:db8::/32", "https://shop.example,https://a.example:8443", "120/1m", true)
	f.Add("0.0.0.0/0", "http://*.example", "off", false)
	f.Add("::ffff:10.0.0.0/104,fe80::1%eth0,", "https://shop.example/,null,https://SHOP.example", "1/1h1m", true)
	f.Fuzz(func(t *testing.T, networks, origins, rate string, inProduction bool) {
		v := compose.EdgeSettings{TrustedProxies: strings.Split(networks, ","), Origins: strings.Split(origins, ","), RateCheckout: rate, RateCarts: rate}
		err := v.Check(compose.Settings{Production: inProduction})
		for _, found := range compose.SettingErrors(err) {
			if found.Rule == "" || strings.Contains(found.Rule, "\n") {
				t.Errorf("%+v", found)
			}
		}
		if err != nil {
			return
		}
		for _, text := range v.TrustedProxies {
			p, err := netip.ParsePrefix(text)
			if _, single := netip.ParseAddr(text); single != nil && (err != nil || p.Bits() == 0) {
				t.Errorf("%q is believed", text)
			}
		}
		for _, text := range v.Origins {
			if u, err := url.Parse(text); err != nil || u.Host == "" || inProduction && u.Scheme != "https" || u.Path != "" || u.User != nil {
				t.Errorf("%q may call", text)
			}
		}
		if inProduction && rate == "off" {
			t.Error("nobody is limited")
		}
	})
}

// FuzzSettings: no text in any setting makes Check panic, or tell of it in more than one line each, or tell a secret.
func FuzzSettings(f *testing.F) {
	f.Add("GBP", "postgres://u:p@h/d", "127.0.0.1:80", "https://shop.example", "teal harbour window", "manual", true)
	f.Add("", "", "", "", "", "", false)
	f.Add("gbp", "host=h\npassword=p", ":x", "http://\x7f", "\xff", "test", true)
	f.Fuzz(func(t *testing.T, text, address, listen, site, secret, payment string, inProduction bool) {
		s, v := settings()
		s.Currency, s.Locale, s.Country, s.LogLevel, s.Store, s.DatabaseURL, s.DirectURL = text, text, text, text, text, address, address
		s.Production, v.Listen, v.Site, v.AdminEmail, v.AdminPassword, v.AdminAPIKey = inProduction, listen, site, text, secret, secret
		v.TokenKeys, v.Payments = secret, strings.Split(payment, ",")
		for _, found := range compose.SettingErrors(v.Check(s)) {
			if strings.Contains(found.Rule, "\n") || found.Rule == "" || !strings.HasPrefix(found.Name, "--") {
				t.Errorf("%+v", found)
			}
			if len(secret) > 12 && strings.Contains(found.Rule, secret) {
				t.Errorf("a secret in %+v", found)
			}
		}
	})
}
