package fiberhttp_test

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

// tellsClient adds an operation that says where a request comes from.
func tellsClient(t *testing.T, s *shop) string {
	t.Helper()
	fiberhttp.Op(s.Server, fiberhttp.Route{ID: "client", Method: http.MethodGet, Path: "/api/v1/client", Tag: "Test", Summary: "Client"},
		func(ctx context.Context, _ *struct{}) (*echo, error) {
			return echoOf(fiberhttp.ClientAddress(ctx)), nil
		})
	return s.listen(t)
}

// clientOf asks over a socket, with header lines as they are, and gives whom the server takes the caller for.
func clientOf(t *testing.T, address string, lines ...string) (client, hsts string) {
	t.Helper()
	got := exchangeRaw(t, address, "GET /api/v1/client HTTP/1.1\r\nHost: x\r\n"+strings.Join(append(lines, ""), "\r\n")+"\r\n")
	if len(got) != 1 || got[0].status != http.StatusOK {
		t.Fatalf("%q: %+v", lines, got)
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(string(got[0].body)), `{"id":"`), `"}`), got[0].header.Get("Strict-Transport-Security")
}

// forged are headers by which a client might pose as another, or as many.
var forged = []string{
	"X-Forwarded-For: 203.0.113.7", "X-Real-IP: 203.0.113.7", "Forwarded: for=203.0.113.7;proto=https", "X-Client-IP: 203.0.113.7",
	"True-Client-IP: 203.0.113.7", "CF-Connecting-IP: 203.0.113.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: other.example",
}

func TestWithoutATrustedProxyTheClientIsThePeer(t *testing.T) {
	t.Parallel()
	address := tellsClient(t, newShop(t))
	for _, line := range append([]string{"X-None: 1"}, forged...) {
		if got, hsts := clientOf(t, address, line); got != "127.0.0.1" || hsts != "" {
			t.Errorf("%s: taken for %q, HSTS %q", line, got, hsts)
		}
	}
	// A list of proxies that the peer is not on changes nothing.
	address = tellsClient(t, newShop(t, func(o *fiberhttp.Options) {
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	}))
	for _, line := range forged {
		if got, hsts := clientOf(t, address, line); got != "127.0.0.1" || hsts != "" {
			t.Errorf("beside a trusted proxy, %s: taken for %q, HSTS %q", line, got, hsts)
		}
	}
}

func TestClientAddress(t *testing.T) {
	t.Parallel()
	address := tellsClient(t, newShop(t, func(o *fiberhttp.Options) {
		o.TrustedProxies = []netip.Prefix{
			netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8"),
		}
	}))
	const xff = "X-Forwarded-For: "
	for _, test := range []struct {
		lines []string
		want  string
	}{
		{nil, "127.0.0.1"},
		{[]string{xff + "198.51.100.1"}, "198.51.100.1"},
		{[]string{xff + " 198.51.100.1\t"}, "198.51.100.1"},
		{[]string{xff + "203.0.113.7, 198.51.100.1"}, "198.51.100.1"}, // What stands before was sent by the client.
		{[]string{xff + "203.0.113.7", xff + "198.51.100.1"}, "198.51.100.1"},
		{[]string{xff + "203.0.113.7, 198.51.100.1, 10.1.2.3"}, "198.51.100.1"},
		{[]string{xff + "203.0.113.7,198.51.100.1", xff + "fd00::1, 10.1.2.3"}, "198.51.100.1"},
		{[]string{xff + "10.9.9.9, 10.1.2.3"}, "10.9.9.9"},
		{[]string{xff + "198.51.100.1:4711"}, "198.51.100.1"},
		{[]string{xff + "::ffff:198.51.100.1"}, "198.51.100.1"},
		{[]string{xff + "2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2::/64"},
		{[]string{xff + "[2001:db8:1:2::9]:4711"}, "2001:db8:1:2::/64"},
		{[]string{xff + "2001:db8:1:2::1%eth0"}, "2001:db8:1:2::/64"},
		{[]string{xff + "198.51.100.1, unknown"}, "127.0.0.1"}, // The proxy's own word is no address: it stands for all whom it hears so.
		{[]string{xff + "198.51.100.1, "}, "127.0.0.1"},
		{[]string{xff + "198.51.100.1, unknown, 10.1.2.3"}, "10.1.2.3"},
		{[]string{xff + "198.51.100.1, 010.1.2.3"}, "127.0.0.1"},
		{[]string{xff + "'; DROP TABLE x"}, "127.0.0.1"},
		{[]string{"X-Real-IP: 203.0.113.7"}, "127.0.0.1"},
		{[]string{"Forwarded: for=203.0.113.7"}, "127.0.0.1"},
	} {
		if got, hsts := clientOf(t, address, test.lines...); got != test.want || hsts != "" {
			t.Errorf("%q: taken for %q, want %q; HSTS %q", test.lines, got, test.want, hsts)
		}
	}
	for proto, secure := range map[string]bool{"https": true, "HTTPS": true, "http": false, "https, http": false, "http, https": true, "": false} {
		if _, hsts := clientOf(t, address, "X-Forwarded-Proto: "+proto); (hsts != "") != secure {
			t.Errorf("X-Forwarded-Proto %q: HSTS %q", proto, hsts)
		}
	}
	many := xff + strings.TrimSuffix(strings.Repeat("10.1.2.3,", 1500), ",")
	if got, _ := clientOf(t, address, many); got != "10.1.2.3" {
		t.Errorf("a long way: taken for %q", got)
	}
	if got := fiberhttp.ClientAddress(t.Context()); got != "" {
		t.Errorf("outside of a request: %q", got)
	}
}

// FuzzForwardedFor holds that no header gives another client than one that a trusted proxy named, or the proxy.
func FuzzForwardedFor(f *testing.F) {
	for _, seed := range []string{"198.51.100.1", "a, b", ",,,", "10.0.0.1, 198.51.100.1:80", "[::1]:1, fd00::1", "1.2.3.4%a, ::", strings.Repeat("10.0.0.1,", 40)} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		peer := netip.MustParseAddr("10.0.0.1")
		got := fiberhttp.Forwarded(peer, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, first, second)
		if !got.IsValid() || got.Zone() != "" || got.Is4In6() {
			t.Fatalf("%q, %q: %v", first, second, got)
		}
		if text := first + "," + second; got != peer && !strings.Contains(text, got.String()) {
			for hop := range strings.SplitSeq(text, ",") {
				hop = strings.Trim(hop, " \t")
				if a, err := netip.ParseAddr(hop); err == nil && a.Unmap().WithZone("") == got {
					return
				}
				if a, err := netip.ParseAddrPort(hop); err == nil && a.Addr().Unmap().WithZone("") == got {
					return
				}
			}
			t.Errorf("%q, %q: %v, whom nobody named", first, second, got)
		}
	})
}
