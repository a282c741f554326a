package fiberhttp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// Server is the HTTP edge. Make it with New, register operations with Op, then Listen. Operations are registered by one
// goroutine before the server listens; everything else is safe for concurrent use.
type Server struct {
	options     Options
	app         *fiber.App
	api         huma.API
	metrics     *metrics
	classes     map[string]fault.Class // By code: every case that a registered route can answer.
	document    func() ([]byte, error)
	corsHeaders func() string
	draining    atomic.Bool

	mu       sync.Mutex
	listener net.Listener
	stopped  bool

	turnstile *turnstile
	bounded   atomic.Pointer[boundedListener] // nil before it listens.
}

// New makes a server with the routes that belong to no context: health, metrics, media and documents. It fails when a
// required option is missing or the registry already has its metrics.
func New(options Options) (*Server, error) {
	options, err := options.complete()
	if err != nil {
		return nil, err
	}
	counted, err := newMetrics(options.Registry)
	if err != nil {
		return nil, err
	}
	s := &Server{options: options, metrics: counted, classes: make(map[string]fault.Class), turnstile: newTurnstile(options.MaxRequests)}
	if err := newAdmissions(options.Registry, s.turnstile); err != nil {
		return nil, err
	}
	for _, class := range edgeClasses {
		s.classes[class.Code()] = class
	}
	s.app = fiber.New(fiber.Config{
		DisableStartupMessage: true,
		Immutable:             true, // Else ids that outlive the request are overwritten by the next one.
		CaseSensitive:         true,
		StrictRouting:         true,
		BodyLimit:             options.BodyLimit,
		ReadBufferSize:        readBuffer,
		WriteBufferSize:       writeBuffer,
		ReadTimeout:           options.Timeouts.Read,
		WriteTimeout:          options.Timeouts.Write,
		IdleTimeout:           options.Timeouts.Idle,
		ErrorHandler:          s.handleError,
	})
	s.app.Server().DisablePreParseMultipartForm = true // Else a malformed one is refused before it is known that none is taken.
	s.app.Server().HeaderReceived = s.limitBody
	s.app.Server().Handler = s.serve(s.app.Server().Handler)
	s.api = newAPI(s.app, s, options.Version)
	s.document = sync.OnceValues(s.marshalDocument)
	s.corsHeaders = sync.OnceValue(s.headersOfPages)
	s.registerHealth()
	s.registerMedia()
	s.registerDocuments()
	return s, nil
}

// API is huma's API, for what Op does not cover.
func (s *Server) API() huma.API { return s.api }

// App is the Fiber application, for routes that are no part of the API (a storefront) and for tests (app.Test). Do not
// add a catch-all with Use: it would swallow 405.
func (s *Server) App() *fiber.App { return s.app }

// Document is the OpenAPI 3.1 document of everything registered so far. The first call fixes it.
func (s *Server) Document() ([]byte, error) { return s.document() }

func (s *Server) schemas() huma.Registry { return s.api.OpenAPI().Components.Schemas }

// Listen serves until Shutdown, then it returns nil; it fails when serving ends in another way. It takes the listener over and closes it. A server listens once.
func (s *Server) Listen(listener net.Listener) error {
	s.mu.Lock()
	if s.stopped || s.listener != nil {
		stopped := s.stopped
		s.mu.Unlock()
		if err := listener.Close(); err != nil || stopped {
			return err
		}
		return errors.New("fiberhttp: the server listens already")
	}
	s.listener = listener
	s.mu.Unlock()
	bounded := newBoundedListener(listener, s.options.MaxConnections)
	s.bounded.Store(bounded)
	err := s.app.Listener(bounded)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil
	}
	if err == nil { // fasthttp takes a closed listener for a good end.
		err = net.ErrClosed
	}
	return fmt.Errorf("fiberhttp: the server ended by itself: %w", err)
}

// Drain announces the end: readiness turns 503, every answer says Connection: close, and requests are still served for
// Options.Drain or until the context ends. Call Shutdown next.
func (s *Server) Drain(ctx context.Context) {
	s.draining.Store(true)
	timer := time.NewTimer(s.options.Drain)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Draining tells whether the end was announced.
func (s *Server) Draining() bool { return s.draining.Load() }

// Shutdown stops accepting and waits for the requests in flight, at most Options.Shutdown. It fails with
// context.DeadlineExceeded when some did not finish; their connections stay open then.
func (s *Server) Shutdown(ctx context.Context) error {
	s.draining.Store(true)
	s.mu.Lock()
	s.stopped = true
	listener := s.listener
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, s.options.Shutdown)
	defer cancel()
	err := s.app.ShutdownWithContext(ctx)
	if listener != nil {
		// Fiber may not have begun to serve yet and then knows no listener to close.
		if closed := listener.Close(); closed != nil && !errors.Is(closed, net.ErrClosed) && err == nil {
			err = closed
		}
	}
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
