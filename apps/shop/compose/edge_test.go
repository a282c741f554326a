package compose_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

func TestEdgeSettingsAreRefused(t *testing.T) {
	t.Parallel()
	proxies := func(text string) compose.EdgeSettings {
		return compose.EdgeSettings{TrustedProxies: []string{"10.0.0.0/8", text}}
	}
	origins := func(text string) compose.EdgeSettings {
		return compose.EdgeSettings{Origins: []string{"https://shop.example", text}}
	}
	for _, test := range []struct {
		setting, rule string
		production    bool
		v             compose.EdgeSettings
	}{
		{"--trusted-proxies", "networks such as", false, proxies("")},
		{"--trusted-proxies", "networks such as", false, proxies("proxy.example")},
		{"--trusted-proxies", "networks such as", false, proxies("10.0.0.0/33")},
		{"--trusted-proxies", "networks such as", false, proxies("10.0.0.1:80")},
		{"--trusted-proxies", "networks such as", false, proxies("::ffff:10.0.0.1")},
		{"--trusted-proxies", "networks such as", false, proxies("fe80::1%eth0")},
		{"--trusted-proxies", "believes everybody", false, proxies("0.0.0.0/0")},
		{"--trusted-proxies", "believes everybody", false, proxies("::/0")},
		{"--origins", "small letters", false, origins("")},
		{"--origins", "small letters", false, origins("*")},
		{"--origins", "small letters", false, origins("null")},
		{"--origins", "small letters", false, origins("shop.example")},
		{"--origins", "small letters", false, origins("https://")},
		{"--origins", "small letters", false, origins("https://Shop.example")},
		{"--origins", "small letters", false, origins("https://*.shop.example")},
		{"--origins", "small letters", false, origins("https://shop.example/")},
		{"--origins", "small letters", false, origins("https://shop.example/path")},
		{"--origins", "small letters", false, origins("https://shop.example?q")},
		{"--origins", "small letters", false, origins("https://user@shop.example")},
		{"--origins", "small letters", false, origins("https://shop.example:443")},
		{"--origins", "small letters", false, origins("http://shop.example:80")},
		{"--origins", "small letters", false, origins("https://shop.example:")},
		{"--origins", "small letters", false, origins("ftp://shop.example")},
		{"--rate-checkout", "COUNT/TIME", false, compose.EdgeSettings{RateCheckout: "120"}},
		{"--rate-checkout", "COUNT/TIME", false, compose.EdgeSettings{RateCheckout: "0/1m"}},
		{"--rate-checkout", "COUNT/TIME", false, compose.EdgeSettings{RateCheckout: "10001/1m"}},
		{"--rate-checkout", "COUNT/TIME", false, compose.EdgeSettings{RateCheckout: "120/48h"}},
		{"--rate-checkout", "COUNT/TIME", false, compose.EdgeSettings{RateCheckout: "120/-1m"}},
		{"--rate-checkout", "production limits", true, compose.EdgeSettings{RateCheckout: "off"}},
		{"--rate-carts", "COUNT/TIME", false, compose.EdgeSettings{RateCarts: "many"}},
		{"--origins", "https alone", true, origins("http://localhost:3000")},
	} {
		var wrong *compose.SettingError
		err := test.v.Check(compose.Settings{Production: test.production})
		if !errors.As(err, &wrong) || wrong.Name != test.setting || !strings.Contains(wrong.Rule, test.rule) {
			t.Errorf("%+v: %v, want %s, %s", test.v, err, test.setting, test.rule)
		}
	}
	for _, v := range []compose.EdgeSettings{
		{},
		{RateCheckout: "off", RateCarts: "off"},
		{RateCheckout: "5/1m", RateCarts: "600/10m"},
		{TrustedProxies: []string{"10.0.0.0/8", "192.0.2.1", "fd00::/8", "::1"}, Origins: []string{"https://shop.example", "https://shop.example:8443", "http://localhost:3000", "https://[2001:db8::1]:8443"}},
	} {
		if err := v.Check(compose.Settings{}); err != nil {
			t.Errorf("%+v: %v", v, err)
		}
	}
}
