package fiberhttp

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

const (
	// preflight is the route of questions of browsers whether a page may ask.
	preflight = "preflight"
	// preflightAge is in seconds: browsers keep an answer for no longer than two hours.
	preflightAge = "7200"
	corsMethods  = "GET, HEAD, POST, PUT, PATCH, DELETE"
	// corsExposed are the headers of answers that a page may read, besides those that it always may.
	corsExposed = "X-Request-Id, Location, ETag, Retry-After, Idempotent-Replayed"
)

// listedOrigin gives the origin of the page that asks when it is on the list, byte for byte, else "".
func (s *Server) listedOrigin(header *fasthttp.RequestHeader) string {
	if len(s.options.Origins) == 0 {
		return ""
	}
	if origin, count := onlyValue(header, fiber.HeaderOrigin); count == 1 && slices.Contains(s.options.Origins, origin) {
		return origin
	}
	return ""
}

// answersPreflight answers the question of a browser whether a page of a listed origin may ask, and tells whether it was
// one. Pages of others are not answered so, and the browser then lets them ask nothing.
func (s *Server) answersPreflight(fctx *fasthttp.RequestCtx, x *exchange) bool {
	header := &fctx.Request.Header
	if x.method != http.MethodOptions || x.origin == "" || len(header.Peek(fiber.HeaderAccessControlRequestMethod)) == 0 {
		return false
	}
	x.route = preflight
	answer := &fctx.Response
	answer.SetStatusCode(http.StatusNoContent)
	answer.Header.Set(fiber.HeaderAccessControlAllowMethods, corsMethods)
	answer.Header.Set(fiber.HeaderAccessControlAllowHeaders, s.corsHeaders())
	answer.Header.Set(fiber.HeaderAccessControlMaxAge, preflightAge)
	return true
}

// share lets pages of listed origins read the answer. Credentials are never let through: there are no cookies here, and
// a page adds its token itself.
func (s *Server) share(header *fasthttp.ResponseHeader, x *exchange) {
	if len(s.options.Origins) == 0 {
		return
	}
	vary := fiber.HeaderOrigin
	if others := header.Peek(fiber.HeaderVary); len(others) > 0 {
		vary = string(others) + ", " + vary
	}
	header.Set(fiber.HeaderVary, vary)
	if x.origin != "" {
		header.Set(fiber.HeaderAccessControlAllowOrigin, x.origin)
		header.Set(fiber.HeaderAccessControlExposeHeaders, corsExposed)
	}
}

// headersOfPages are the headers that pages may send: those that an operation of the document reads, and those that all
// read. An API key is nothing for a page.
func (s *Server) headersOfPages() string {
	names := map[string]bool{fiber.HeaderAuthorization: true, fiber.HeaderContentType: true, requestIDHeader: true}
	for _, item := range s.api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			for _, parameter := range op.Parameters {
				if parameter.In == "header" {
					names[http.CanonicalHeaderKey(parameter.Name)] = true
				}
			}
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), ", ")
}
