package fiberhttp

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/valyala/fasthttp"
)

// caller is where a request comes from, as far as that is proven.
type caller struct {
	client netip.Addr // The peer, or what trusted proxies say of it; zero when the peer has no address.
	secure bool       // It came over TLS: to this server, or to the trusted proxy before it.
	origin string     // The page's that asks, when it is on the list of Options.Origins; else "".
}

// callerOf reads it. A header that says who asks is believed only when a trusted proxy sent it; anybody can write one.
func (s *Server) callerOf(fctx *fasthttp.RequestCtx) caller {
	header := &fctx.Request.Header
	c := caller{client: peerOf(fctx.RemoteAddr()), secure: fctx.IsTLS(), origin: s.listedOrigin(header)}
	if s.trusts(c.client) {
		c.secure = c.secure || forwardedProto(header) == "https"
		c.client = s.forwardedFor(c.client, header)
	}
	return c
}

// peerOf is the address at the other end of the connection.
func peerOf(remote net.Addr) netip.Addr {
	tcp, ok := remote.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr().Unmap().WithZone("")
}

// trusts tells whether an address is one of the proxies whose word is taken.
func (s *Server) trusts(address netip.Addr) bool {
	return slices.ContainsFunc(s.options.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(address) })
}

// forwardedFor follows X-Forwarded-For from its end, where each proxy adds whom it heard, as long as a trusted proxy
// says so. What stands before is what the client sent, and may be made up. An entry that is no address ends the search
// at the proxy that wrote it.
func (s *Server) forwardedFor(peer netip.Addr, header *fasthttp.RequestHeader) netip.Addr {
	client := peer
	for _, line := range slices.Backward(header.PeekAll(fasthttp.HeaderXForwardedFor)) {
		hops := string(line)
		for more := true; more; {
			if !s.trusts(client) {
				return client
			}
			i := strings.LastIndexByte(hops, ',')
			hop, ok := hopOf(hops[i+1:])
			if !ok {
				return client
			}
			client, hops, more = hop, hops[:max(i, 0)], i >= 0
		}
	}
	return client
}

// hopOf reads an entry of X-Forwarded-For, which some proxies write with a port.
func hopOf(text string) (netip.Addr, bool) {
	text = strings.Trim(text, " \t")
	address, err := netip.ParseAddr(text)
	if err != nil {
		with, err := netip.ParseAddrPort(text)
		if err != nil {
			return netip.Addr{}, false
		}
		address = with.Addr()
	}
	return address.Unmap().WithZone(""), true
}

// forwardedProto is the scheme that the nearest proxy heard.
func forwardedProto(header *fasthttp.RequestHeader) string {
	lines := header.PeekAll(fasthttp.HeaderXForwardedProto)
	if len(lines) == 0 {
		return ""
	}
	last := string(lines[len(lines)-1])
	return strings.ToLower(strings.Trim(last[strings.LastIndexByte(last, ',')+1:], " \t"))
}

// household is how many bits of an IPv6 address name a customer of a provider: who has one address has all of its /64.
const household = 64

// ClientAddress is the address of the network that a request came from, as limits count it: an address of IPv4, or the
// /64 that one of IPv6 is in. It is proven, never what the client says of itself; "" when it is not known. Hand it to
// services that limit, such as access.SignInRequest.Address.
func ClientAddress(ctx context.Context) string {
	x := exchangeIn(ctx)
	switch {
	case x == nil || !x.client.IsValid():
		return ""
	case x.client.Is4():
		return x.client.String()
	}
	return netip.PrefixFrom(x.client, household).Masked().String()
}
