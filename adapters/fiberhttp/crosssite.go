package fiberhttp

import (
	"net/http"
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/ipswich-retail/commerce/domain/fault"
)

const secFetchSite = "Sec-Fetch-Site"

// CrossSite is the case of a page of another site that asks for a change.
var CrossSite = fault.Define(fault.Denied, "cross_site", "A page of another site asks for a change; a shop takes changes from its own pages and from those of the origins that it lists.")

// changes tells whether a method may change something.
func changes(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// guardsSite tells whether the operation refuses the pages of other sites.
func (r Route) guardsSite() bool { return changes(r.Method) && !r.CrossSite }

// siteCases are the cases that refusing other sites can answer.
func (r Route) siteCases() []fault.Class {
	if r.guardsSite() {
		return []fault.Class{CrossSite}
	}
	return nil
}

// admitSite refuses a change that a page of another site asks for. Browsers say where a page is from, in two headers
// that no script can write; who sends neither is no browser, and cannot be led to ask for what he does not want.
func (s *Server) admitSite(header *fasthttp.RequestHeader, x *exchange) error {
	origin, origins := onlyValue(header, fasthttp.HeaderOrigin)
	site, sites := onlyValue(header, secFetchSite)
	if x.origin != "" && sites <= 1 {
		return nil
	}
	own := origins == 1 && isOwn(origin, string(header.Host()), x.secure)
	switch {
	case origins > 0 && !own, sites > 1:
	case sites == 0, site == "same-origin", site == "none", site == "same-site" && own:
		return nil
	}
	return CrossSite.New("a page of another site asks for this; if it is one of the shop's, list its origin with --origins")
}

// isOwn tells whether an origin is that of the host that the request is for. The scheme counts where it is known: a page
// that came without TLS may be anybody's.
func isOwn(origin, host string, secure bool) bool {
	scheme, of, _ := strings.Cut(origin, "://")
	var port string
	switch scheme {
	case "https":
		port = ":443"
	case "http":
		port = ":80"
		if secure {
			return false
		}
	default: // Such as null, of a page that hides where it is from.
		return false
	}
	return of != "" && strings.EqualFold(strings.TrimSuffix(of, port), strings.TrimSuffix(host, port))
}

// onlyValue gives the value of a header and how often it was sent.
func onlyValue(header *fasthttp.RequestHeader, name string) (value string, count int) {
	values := header.PeekAll(name)
	if len(values) > 0 {
		value = string(values[0])
	}
	return value, len(values)
}
