package fiberhttp

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
)

// Raw is an answer of bytes that are ready, for the hot reads: huma encodes nothing. Set Route.Body to the shape of the
// bytes, so that the document knows it.
type Raw struct {
	Status       int
	ContentType  string `header:"Content-Type"`
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

// Conditional is embedded in the input of a read that answers with Tagged.
type Conditional struct {
	IfNoneMatch string `header:"If-None-Match" doc:"ETags that the caller holds; 304 when the present one is among them."`
}

// Idempotent is embedded in the input of a call that is safe to repeat. A missing key is 400 missing_idempotency_key.
type Idempotent struct {
	IdempotencyKey string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"255" pattern:"^[!-~]+$" patternDescription:"printable ASCII without spaces" doc:"A fresh random value for each intent; repeat it to retry."`
}

// Tagged answers JSON with an ETag made of its bytes, or 304 when the caller holds them. Document the latter with
// Route.Also. An empty cache control means that the caller asks again each time.
func Tagged(ifNoneMatch string, body []byte, cacheControl string) *Raw {
	out := &Raw{Status: http.StatusOK, ContentType: jsonType, ETag: etagOf(body), CacheControl: cacheControl, Body: body}
	if matches(ifNoneMatch, out.ETag) {
		out.Status, out.Body, out.ContentType = http.StatusNotModified, nil, ""
	}
	return out
}

// etagSize is the size of a tag of etagOf: 16 bytes in base64, in quotes.
const etagSize = 24

// etagOf is a strong tag of 128 bits of the content's hash.
func etagOf(content []byte) string {
	sum := sha256.Sum256(content)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
}

// matches compares weakly, as RFC 9110 asks of If-None-Match.
func matches(ifNoneMatch, etag string) bool {
	for candidate := range strings.SplitSeq(ifNoneMatch, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == "*" || candidate == etag {
			return true
		}
	}
	return false
}
