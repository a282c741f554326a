package compose

import (
	"net/netip"
	"net/url"
	"strings"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

// EdgeSettings are what serving needs to know of the network around it.
type EdgeSettings struct {
	TrustedProxies []string `help:"Networks or addresses of the proxies in front, whose X-Forwarded-For and X-Forwarded-Proto are believed. Without it a client is the peer of the connection." placeholder:"CIDR,…" group:"Server"`
	Origins        []string `help:"Origins of pages on other hosts that may call, such as https://shop.example. Pages of this host may always." placeholder:"ORIGIN,…" group:"Server"`
}

// Check refuses settings that are wrong or do not go together, with a *SettingError.
func (v EdgeSettings) Check(s Settings) error {
	if _, err := v.proxies(); err != nil {
		return err
	}
	for _, origin := range v.Origins {
		u, err := url.Parse(origin)
		switch {
		case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", origin != u.Scheme+"://"+u.Host,
			origin != strings.ToLower(origin), strings.ContainsAny(u.Host, "*@ "),
			strings.HasSuffix(origin, ":"), u.Port() == map[string]string{"http": "80", "https": "443"}[u.Scheme] && u.Port() != "":
			return wrong("--origins", "each as browsers write it: https://HOST or https://HOST:PORT in small letters, without the usual port and without a slash at the end")
		case s.Production && u.Scheme != "https":
			return wrong("--origins", "production lets pages call that came by https alone")
		}
	}
	return nil
}

// proxies reads the networks of the trusted proxies.
func (v EdgeSettings) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range v.TrustedProxies {
		p, err := netip.ParsePrefix(text)
		if address, single := netip.ParseAddr(text); single == nil {
			p, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil || p.Addr().Is4In6() || strings.Contains(text, "%") {
			return nil, wrong("--trusted-proxies", "networks such as 10.0.0.0/8 or addresses such as 192.0.2.1, with a comma between")
		}
		if p.Bits() == 0 {
			return nil, wrong("--trusted-proxies", "a network of all addresses believes everybody; name those of the proxies")
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// Edge composes what the server knows of the network around it. The settings were checked before.
func Edge(s Settings, v EdgeSettings) fx.Option {
	return fx.Supply(edge{v, s.Production})
}

// edge are checked settings.
type edge struct {
	EdgeSettings

	production bool
}

// apply sets the server's options.
func (e edge) apply(o *fiberhttp.Options) {
	o.TrustedProxies, _ = e.proxies()
	o.Origins, o.TLSOnly = e.Origins, e.production
}
