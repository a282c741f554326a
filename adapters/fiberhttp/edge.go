package fiberhttp

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports/observe"
)

const requestIDHeader = "X-Request-Id"

var requestIDField = []byte(requestIDHeader)

// serve surrounds Fiber. It stands on the fasthttp handler rather than in Fiber's chain, so that an unknown method and a
// panic anywhere pass it too. The order matters: what fails is answered before the answer is finished and counted.
func (s *Server) serve(inner fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(fctx *fasthttp.RequestCtx) {
		x := s.begin(fctx)
		defer s.end(fctx, x)
		defer s.recover(fctx, x)
		if !knownMethods[x.method] {
			x.method = otherMethod
			fctx.SetConnectionClose() // What follows may be anything: it may be no HTTP at all.
			s.fail(fctx, x, MethodUnknown.New("no address here knows this method"))
			return
		}
		if err := admitAny(fctx); err != nil {
			s.fail(fctx, x, err)
			return
		}
		if !s.answersKept(fctx, x) && !s.answersPreflight(fctx, x) {
			inner(fctx)
		}
	}
}

// otherMethod stands in logs and metrics for methods that are none.
const otherMethod = "OTHER"

var knownMethods = func() map[string]bool {
	known := make(map[string]bool, len(fiber.DefaultMethods))
	for _, method := range fiber.DefaultMethods {
		known[method] = true
	}
	return known
}()

func (s *Server) begin(fctx *fasthttp.RequestCtx) *exchange {
	x := &exchange{route: unmatched, method: string(fctx.Method()), caller: s.callerOf(fctx)}
	if brought := fctx.Request.Header.Peek(requestIDHeader); sane(brought) {
		x.id = string(brought)
	} else {
		x.id = s.options.NewID()
	}
	fctx.SetUserValue(exchangeKey{}, x)
	s.follow(fctx, x)
	return x
}

// handleError is Fiber's error handler: errors of handlers, of routing, and of requests that fasthttp could not read,
// which come here without having passed anything else.
func (s *Server) handleError(c *fiber.Ctx, err error) error {
	fctx := c.Context()
	x := exchangeOf(fctx)
	if x != nil {
		s.fail(fctx, x, err)
		return nil
	}
	x = s.begin(fctx)
	x.method, x.unread = otherMethod, true // What was read of it may be half a request.
	s.fail(fctx, x, err)
	linger(fctx.Conn())
	s.end(fctx, x)
	return nil
}

func (s *Server) recover(fctx *fasthttp.RequestCtx, x *exchange) {
	value := recover()
	if value == nil {
		return
	}
	s.panicked(x, value)
	problem := ProblemOf(fault.Unexpected.New(""), x.method, x.id)
	x.met(problem)
	s.write(fctx, problem)
}

// fail answers with the problem that err is and drops whatever was written before.
func (s *Server) fail(fctx *fasthttp.RequestCtx, x *exchange, err error) {
	problem := ProblemOf(err, x.method, x.id)
	s.report(x, problem)
	s.write(fctx, problem)
}

func (s *Server) write(fctx *fasthttp.RequestCtx, p *Problem) {
	allow := append([]byte(nil), fctx.Response.Header.Peek(fiber.HeaderAllow)...)
	closing := fctx.Response.ConnectionClose()
	fctx.Response.Reset()
	if closing {
		fctx.SetConnectionClose()
	}
	if p.Status == http.StatusMethodNotAllowed && len(allow) > 0 {
		fctx.Response.Header.SetBytesV(fiber.HeaderAllow, allow)
	}
	for name, values := range p.header {
		fctx.Response.Header.Set(name, values[0])
	}
	body, err := json.Marshal(p)
	if err != nil { // A fact that has no JSON is a defect of the case, not of the caller.
		s.options.Logger.Error(observe.BadProblem, zap.String(observe.RequestID, p.RequestID), zap.String(observe.Error, observe.Reason(err)))
		p.extras, p.Errors = nil, nil
		body, _ = json.Marshal(p)
	}
	fctx.Response.SetStatusCode(p.Status)
	fctx.Response.Header.SetContentType(problemType)
	fctx.Response.SetBodyRaw(body)
}

// end finishes every answer, whoever wrote it, and counts it.
func (s *Server) end(fctx *fasthttp.RequestCtx, x *exchange) {
	header := &fctx.Response.Header
	header.SetCanonical(requestIDField, []byte(x.id))
	s.secure(header, x)
	s.share(header, x)
	status := fctx.Response.StatusCode()
	switch {
	case status >= http.StatusBadRequest, x.personal:
		header.Set(fiber.HeaderCacheControl, "no-store")
	case x.kept: // It says so itself.
	case len(header.Peek(fiber.HeaderETag)) > 0:
		setDefault(header, fiber.HeaderCacheControl, "no-cache")
	default:
		setDefault(header, fiber.HeaderCacheControl, "no-store")
	}
	if x.sampled {
		header.Set(traceAnswer, "00-"+x.traceID+"-"+x.spanID+"-01")
	}
	if s.draining.Load() || s.bounded.Load().crowded() {
		fctx.SetConnectionClose()
	}
	var elapsed time.Duration
	if !x.unread {
		// Durations are measured with fasthttp's own monotonic clock: a shop's clock may be set, or be a test's.
		elapsed = time.Since(fctx.Time())
	}
	s.metrics.observe(x, status, elapsed)
	s.tell(fctx, x, status, elapsed)
}

func setDefault(header *fasthttp.ResponseHeader, name, value string) {
	if len(header.Peek(name)) == 0 {
		header.Set(name, value)
	}
}
