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

// field is a header in its canonical form, which costs nothing to bring into it each time.
type field struct{ name, value []byte }

func fieldOf(name, value string) field { return field{[]byte(name), []byte(value)} }

// protecting are the headers that protect who looks at an answer with a browser. A route may know better of them all.
var protecting = []field{
	fieldOf(fiber.HeaderReferrerPolicy, "same-origin"), fieldOf(fiber.HeaderContentSecurityPolicy, strictPolicy), fieldOf(resourcePolicy, resourceOfThisHost),
	fieldOf(openerPolicy, "same-origin"), fieldOf(permissionsPolicy, noDevices),
}

var noSniffing = fieldOf(fiber.HeaderXContentTypeOptions, "nosniff")

// secure sets the headers that protect who looks at an answer with a browser, on every one of them. What a route set
// itself stays, where a route may know better.
func (s *Server) secure(header *fasthttp.ResponseHeader, x *exchange) {
	header.SetCanonical(noSniffing.name, noSniffing.value)
	for _, f := range protecting {
		if x.kept || len(header.PeekBytes(f.name)) == 0 { // What is kept ready has none of them.
			header.SetCanonical(f.name, f.value)
		}
	}
	if x.secure || s.options.TLSOnly {
		header.Set(fiber.HeaderStrictTransportSecurity, tlsOnly)
	}
}
