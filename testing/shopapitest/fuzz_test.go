package shopapitest_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// FuzzParseDocument: no document that a shop may have, and no answer of it, makes the suite fail in itself.
func FuzzParseDocument(f *testing.F) {
	f.Add(small, "/api/v1/products", 200, "application/json", `{}`)
	f.Add(`{"openapi":"3.1.0","paths":{"/x":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/paths"}}}}}}}}}`, "/x", 200, "application/json", `[1e400]`)
	f.Add(`{"openapi":"3.1","paths":{"":{"get":{"responses":{"999":{}}}}}}`, "", 0, ";", `{`)
	f.Fuzz(func(_ *testing.T, document, path string, status int, mediaType, body string) {
		if d, err := shopapitest.ParseDocument([]byte(document)); err == nil {
			d.Check("GET", path, status, mediaType, []byte(body))
		}
	})
}
