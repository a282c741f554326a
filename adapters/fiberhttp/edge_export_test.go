package fiberhttp

import (
	"net/netip"

	"github.com/valyala/fasthttp"
)

// Forwarded is whom a server that trusts the proxies takes a caller for, by the lines of X-Forwarded-For.
func Forwarded(peer netip.Addr, trusted []netip.Prefix, lines ...string) netip.Addr {
	header := &fasthttp.RequestHeader{}
	for _, line := range lines {
		header.Add(fasthttp.HeaderXForwardedFor, line)
	}
	return (&Server{options: Options{TrustedProxies: trusted}}).forwardedFor(peer, header)
}
