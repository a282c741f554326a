package fiberhttp

import (
	"context"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/ipswich-retail/commerce/domain/access"
)

// uploadPaths are the addresses that take more than Options.BodyLimit, and the permission that the operation there names.
var uploadPaths = map[string]access.Permission{adminImportsPath: access.ImportsRun}

// proofTime bounds the look at a credential before a large body is taken.
const proofTime = 2 * time.Second

// limitBody lets a request that uploads a file be larger than others, when it comes to where files are taken and its
// credential, which is in the header, is one of somebody who may: nobody else makes the server hold so much. All others
// are answered 413 before a byte of the body is read.
func (s *Server) limitBody(header *fasthttp.RequestHeader) fasthttp.RequestConfig {
	at, _, _ := strings.Cut(string(header.RequestURI()), "?")
	permission, uploads := uploadPaths[at]
	if !uploads || !header.IsPost() || header.ContentLength() >= 0 && header.ContentLength() <= s.options.BodyLimit || !s.proven(header, permission) {
		return fasthttp.RequestConfig{}
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: uploadMax, ReadTimeout: uploadTime}
}

// proven tells whether the credential of a header is good and has the permission. Nothing stands above this call that
// would take a panic, and none may end the program.
func (s *Server) proven(header *fasthttp.RequestHeader, permission access.Permission) (may bool) {
	defer func() {
		if recover() != nil {
			may = false
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), proofTime) //nolint:forbidigo // A request has no context before its body is read.
	defer cancel()
	who, err := s.principal(ctx, header)
	return err == nil && who.Require(permission) == nil
}
