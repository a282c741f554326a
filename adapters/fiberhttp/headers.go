package fiberhttp

import (
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

const (
	// nothingElse ends each content security policy: no plug-in, no other base, no form, no frame around it.
	nothingElse = "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	// strictPolicy is the content security policy of answers that are no page.
	strictPolicy = "default-src 'none'; " + nothingElse
	// tlsOnly makes browsers come by TLS for two years (ASVS 5.0, 3.4.1: one at least, and subdomains too).
	tlsOnly = "max-age=63072000; includeSubDomains"
	// noDevices gives up what no page of a shop needs.
	noDevices = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), usb=()"

	permissionsPolicy  = "Permissions-Policy"
	resourcePolicy     = "Cross-Origin-Resource-Policy"
	openerPolicy       = "Cross-Origin-Opener-Policy"
	resourceOfAnybody  = "cross-origin"
	resourceOfThisHost = "same-origin"
)

// secure sets the headers that protect who looks at an answer with a browser, on every one of them. What a route set
// itself stays, where a route may know better.
func (s *Server) secure(header *fasthttp.ResponseHeader, x *exchange) {
	header.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	setDefault(header, fiber.HeaderReferrerPolicy, "same-origin")
	setDefault(header, fiber.HeaderContentSecurityPolicy, strictPolicy)
	setDefault(header, resourcePolicy, resourceOfThisHost)
	setDefault(header, openerPolicy, "same-origin")
	setDefault(header, permissionsPolicy, noDevices)
	if x.secure || s.options.TLSOnly {
		header.Set(fiber.HeaderStrictTransportSecurity, tlsOnly)
	}
}
