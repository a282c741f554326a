package fiberhttp

import (
	"context"
	"errors"
	"io/fs"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/access"
)

// Options are what a server needs. Logger, Registry, NewID and Now have no default.
type Options struct {
	// Logger takes the access log and the causes of failures. It must not sample: a line is one request.
	Logger *zap.Logger
	// Registry takes the metrics and is what /metrics shows.
	Registry *prometheus.Registry
	// NewID makes request ids; it is called concurrently.
	NewID func() string
	// Now is the shop's clock, for the timestamp of health answers.
	Now func() time.Time
	// Version is the version of the program, for health answers and the API document.
	Version string

	// Authenticate tells whose a credential is, as access.Service.Authenticate does. Nil knows nobody.
	Authenticate func(context.Context, access.Secret) (access.Principal, error)
	// TrustedProxies are the networks of the proxies in front, whose word is taken on where a request comes from. Nobody
	// else's is: without them a client is the peer of the connection.
	TrustedProxies []netip.Prefix
	// Origins are those of pages on other hosts that may call, each as browsers write it, such as https://shop.example.
	Origins []string
	// TLSOnly tells browsers with every answer to come by TLS alone, as is right behind a proxy that speaks it. Without
	// it they are told when they do.
	TLSOnly bool
	// Health asks the parts that the shop stands on; it returns when its context ends. Nil means that there are none.
	Health func(context.Context) []ServiceHealth
	// Media are the shop's own images below /media/; nil means that there are only drawn ones.
	Media fs.FS

	// Keeping keeps answers to reads of the catalogue ready; the zero value keeps none.
	Keeping Keeping

	// Tracing makes spans of requests; the zero value makes none.
	Tracing Tracing

	// Drain is how long the server keeps answering, with Connection: close, after it announced its end.
	Drain time.Duration
	// Shutdown bounds the wait for requests in flight after the drain; 0 means 15 seconds.
	Shutdown time.Duration
	// BodyLimit is in bytes; 0 means 1 MiB.
	BodyLimit int
	// Timeouts bound the phases of a request.
	Timeouts Timeouts
	// MaxRequests are worked on at once, 8 or more, shared out by the classes of their routes; others wait a moment and are
	// then shed with 503. 0 means 64 for each processor.
	MaxRequests int
	// MaxConnections are open at once; 0 means 4096.
	MaxConnections int
}

// Timeouts bound the phases of a request; 0 takes the default.
type Timeouts struct {
	Read    time.Duration // To read a request, headers and body; 10 seconds.
	Write   time.Duration // To write an answer; 30 seconds.
	Idle    time.Duration // Of a connection between two requests; 60 seconds.
	Handler time.Duration // Deadline of an operation's context unless its route says otherwise; 2.5 seconds.
}

// The defaults.
const (
	defaultBodyLimit = 1 << 20
	defaultRead      = 10 * time.Second
	defaultWrite     = 30 * time.Second
	defaultIdle      = 60 * time.Second
	defaultHandler   = 2500 * time.Millisecond // Every answer is to come within three seconds, whatever fails beneath.
	defaultShutdown  = 15 * time.Second
	readBuffer       = 16 << 10 // Address and headers of a request; more is 431.
	writeBuffer      = 16 << 10 // A page of twenty products in one call of the system, which costs more than all else of a kept answer.
)

func (o Options) complete() (Options, error) {
	if o.Logger == nil || o.Registry == nil || o.NewID == nil || o.Now == nil {
		return o, errors.New("fiberhttp: Logger, Registry, NewID and Now are required")
	}
	if o.BodyLimit < 0 || o.Drain < 0 || o.Shutdown < 0 {
		return o, errors.New("fiberhttp: BodyLimit, Drain and Shutdown are not negative")
	}
	if o.MaxRequests != 0 && o.MaxRequests < leastRequests || o.MaxConnections < 0 {
		return o, errors.New("fiberhttp: MaxRequests is 8 or more, MaxConnections is not negative")
	}
	if o.Health == nil {
		o.Health = func(context.Context) []ServiceHealth { return nil }
	}
	if o.Authenticate == nil {
		o.Authenticate = func(context.Context, access.Secret) (access.Principal, error) {
			return access.Principal{}, access.Unauthenticated.New("nobody signs in here")
		}
	}
	orElse(&o.BodyLimit, defaultBodyLimit)
	orElse(&o.Shutdown, defaultShutdown)
	orElse(&o.MaxConnections, defaultConnections)
	orElse(&o.Timeouts.Read, defaultRead)
	orElse(&o.Timeouts.Write, defaultWrite)
	orElse(&o.Timeouts.Idle, defaultIdle)
	orElse(&o.Timeouts.Handler, defaultHandler)
	return o, nil
}

func orElse[T int | time.Duration](value *T, otherwise T) {
	if *value == 0 {
		*value = otherwise
	}
}
