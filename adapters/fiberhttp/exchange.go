package fiberhttp

import (
	"context"

	"github.com/valyala/fasthttp"

	"github.com/ipswich-retail/commerce/domain/access"
)

// exchange is what the edge knows of one request while it runs.
type exchange struct {
	caller

	id     string
	route  string // The template, or unmatched.
	method string
	// principal is who asks, once it is proven: also of one who was then refused.
	principal access.Principal
	code      string      // Of the problem that it is answered with, or "".
	span      RequestSpan // Nil when requests are not traced, like the ids below are "".
	traceID   string
	spanID    string
	sampled   bool
	// personal tells that the operation looks at credentials, so that its answers are for who asked alone.
	personal bool
	command  commandRequest // Of an operation that Command registered.
	request  *fasthttp.Request
	replayed bool // The answer is that of an earlier request.
	unread   bool // fasthttp could not read it; then it has no time either.
	wanted   wanted
	kept     bool // It is answered with what is kept ready.
}

// unmatched is the route of requests that no route takes, so that made-up addresses make no new metrics.
const unmatched = "unmatched"

type exchangeKey struct{}

func exchangeOf(fctx *fasthttp.RequestCtx) *exchange {
	x, _ := fctx.UserValue(exchangeKey{}).(*exchange)
	return x
}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

func exchangeIn(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// RequestID is the id of the request that the context belongs to, or "".
func RequestID(ctx context.Context) string {
	if x := exchangeIn(ctx); x != nil {
		return x.id
	}
	return ""
}

// maxRequestID bounds the ids that callers may bring.
const maxRequestID = 64

// sane tells whether an id that a caller brought may stand in logs and headers.
func sane(id []byte) bool {
	if len(id) == 0 || len(id) > maxRequestID {
		return false
	}
	for _, c := range id {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '.', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}
