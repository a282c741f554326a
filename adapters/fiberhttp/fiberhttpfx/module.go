// Package fiberhttpfx wires package fiberhttp into an fx application: it makes the server, binds its address when the
// application starts, and drains it when the application stops.
package fiberhttpfx

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// Address is where the server listens, HOST:PORT; port 0 takes a free one.
type Address string

// Bound knows where the server listens. It is safe for concurrent use.
type Bound struct{ address atomic.Pointer[net.Addr] }

// Addr is the address, or nil before the application has started.
func (b *Bound) Addr() net.Addr {
	if address := b.address.Load(); address != nil {
		return *address
	}
	return nil
}

// Module provides *fiberhttp.Server and *Bound; it takes fiberhttp.Options, Address and *zap.Logger. Serve, which is not
// part of it, makes the server listen.
//
// A wrong address fails the start. A server that ends on its own stops the application with exit code 1. Stopping drains
// first, so give the application fx.StopTimeout of Options.Drain + Options.Shutdown and a little more.
func Module() fx.Option {
	return fx.Module("fiberhttp", fx.Provide(fiberhttp.New, func() *Bound { return &Bound{} }))
}

type serveParams struct {
	fx.In

	Lifecycle  fx.Lifecycle
	Shutdowner fx.Shutdowner
	Server     *fiberhttp.Server
	Address    Address
	Logger     *zap.Logger
	Bound      *Bound
}

// Serve is the fx.Invoke that makes the application listen. It comes last: fx stops in the reverse order, so the server
// stops before anything that its operations use.
func Serve(p serveParams) {
	p.Lifecycle.Append(fx.Hook{
		OnStart: func(ctx context.Context) error {
			var config net.ListenConfig
			listener, err := config.Listen(ctx, "tcp", string(p.Address))
			if err != nil {
				return fmt.Errorf("listen on %s: %w", p.Address, err)
			}
			address := listener.Addr()
			p.Bound.address.Store(&address)
			p.Logger.Info(observe.Listening, zap.String(observe.Address, address.String()))
			go p.serve(listener)
			return nil
		},
		OnStop: func(ctx context.Context) error {
			p.Server.Drain(ctx)
			return p.Server.Shutdown(ctx)
		},
	})
}

func (p serveParams) serve(listener net.Listener) {
	err := p.Server.Listen(listener)
	if err == nil {
		return
	}
	p.Logger.Error(observe.ServerEnded, zap.String(observe.Error, observe.Reason(err)))
	if err := p.Shutdowner.Shutdown(fx.ExitCode(1)); err != nil {
		p.Logger.Error(observe.NotTold, zap.String(observe.Error, observe.Reason(err)))
	}
}
