package fiberhttp

import (
	"strings"

	"github.com/valyala/fasthttp"
)

// uploadPaths are the addresses that take more than Options.BodyLimit.
var uploadPaths = map[string]bool{adminImportsPath: true}

// limitBody lets a request that uploads a file be larger than others, when it comes to where files are taken and with a
// credential: what it is worth is known later, but nobody without one makes the server hold so much.
func limitBody(header *fasthttp.RequestHeader) fasthttp.RequestConfig {
	at, _, _ := strings.Cut(string(header.RequestURI()), "?")
	shown := len(header.Peek(fasthttp.HeaderAuthorization)) > 0 || len(header.Peek(keyAPIHeader)) > 0
	if !header.IsPost() || !uploadPaths[at] || !shown {
		return fasthttp.RequestConfig{}
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: uploadMax, ReadTimeout: uploadTime}
}
