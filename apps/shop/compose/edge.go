package compose

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// EdgeSettings are what serving needs to know of the network around it.
type EdgeSettings struct {
	TrustedProxies []string `help:"Networks or addresses of the proxies in front, whose X-Forwarded-For and X-Forwarded-Proto are believed. Without it a client is the peer of the connection." placeholder:"CIDR,…" group:"Server"`
	Origins        []string `help:"Origins of pages on other hosts that may call, such as https://shop.example. Pages of this host may always." placeholder:"ORIGIN,…" group:"Server"`
	RateCheckout   string   `help:"How often one cart may be checked out, replays not counted: COUNT/TIME, or off outside production (120/1m)." placeholder:"RATE" group:"Checkout"`
	RateCarts      string   `help:"How often one client address may make a cart: COUNT/TIME, such as 600/10m, or off. Behind proxies that --trusted-proxies does not name all clients are one (off)." placeholder:"RATE" group:"Checkout"`
}

// off is the rate of what is not limited.
const off = "off"

// The bounds of a rate: beyond them a number is a slip of the finger.
const (
	rateMax   = 10_000
	windowMax = 24 * time.Hour
)

// rateOf reads COUNT/TIME.
func rateOf(setting, text, example string) (int, time.Duration, error) {
	count, window, _ := strings.Cut(text, "/")
	n, err := strconv.Atoi(count)
	d, err2 := time.ParseDuration(window)
	if err != nil || n < 1 || n > rateMax || err2 != nil || d <= 0 || d > windowMax {
		return 0, 0, wrong(setting, "COUNT/TIME, such as "+example+": 1 to 10000 within 24h at most")
	}
	return n, d, nil
}

// checkouts is how often one cart may be checked out.
func (v EdgeSettings) checkouts(s Settings) (ordering.Attempts, error) {
	switch {
	case v.RateCheckout == "":
		return ordering.DefaultAttempts, nil
	case v.RateCheckout == off && s.Production:
		return ordering.Attempts{}, wrong("--rate-checkout", "production limits who tries stolen cards: COUNT/TIME, such as 120/1m")
	case v.RateCheckout == off:
		return ordering.Attempts{Window: ordering.DefaultAttempts.Window}, nil
	}
	count, window, err := rateOf("--rate-checkout", v.RateCheckout, "120/1m")
	return ordering.Attempts{Count: count, Window: window}, err
}

// carts is how often one address may make a cart; the zero value is without limit.
func (v EdgeSettings) carts() (ports.Limit, error) {
	if v.RateCarts == "" || v.RateCarts == off {
		return ports.Limit{}, nil
	}
	count, window, err := rateOf("--rate-carts", v.RateCarts, "600/10m")
	return ports.Limit{Count: count, Window: window}, err
}

// Check refuses settings that are wrong or do not go together, with a *SettingError for each.
func (v EdgeSettings) Check(s Settings) error {
	_, proxies := v.proxies()
	_, checkouts := v.checkouts(s)
	_, carts := v.carts()
	return errors.Join(proxies, v.checkOrigins(s), checkouts, carts)
}

// checkOrigins refuses what no browser writes.
func (v EdgeSettings) checkOrigins(s Settings) error {
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

// Edge tells the server and the services of a shop what there is around them. The settings were checked before.
func Edge(s Settings, v EdgeSettings) fx.Option {
	checkouts, _ := v.checkouts(s)
	carts, _ := v.carts()
	proxies, _ := v.proxies()
	return fx.Options(
		fx.Decorate(func(o *ordering.Options) *ordering.Options {
			out := *o
			out.Attempts = checkouts
			return &out
		}),
		fx.Decorate(func(o fiberhttp.Options) fiberhttp.Options {
			o.TrustedProxies, o.Origins, o.TLSOnly = proxies, v.Origins, s.Production
			return o
		}),
		fx.Decorate(func(to fiberhttp.Services, limiter ports.RateLimiter) fiberhttp.Services {
			to.Limiter, to.RateCarts = limiter, carts
			return to
		}),
	)
}
