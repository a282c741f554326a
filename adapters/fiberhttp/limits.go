package fiberhttp

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// limit counts what a client address does, where a limit is set and the address is known. What else is limited, such as
// signing in, services limit themselves.
func (r *routes) limit(ctx context.Context, what string, limit ports.Limit) error {
	address := ClientAddress(ctx)
	if limit.Count <= 0 || r.Limiter == nil || address == "" {
		return nil
	}
	limit.Key = what + ":address:" + address
	a, err := r.Limiter.Take(ctx, ref.Instant(r.Now()), []ports.Limit{limit})
	if err != nil || a.Allowed() {
		return err
	}
	return fault.Limited.New("this was asked for too often from your network; wait for the time that Retry-After says").
		With("retry_at", a.From).With("retry_after", a.Wait())
}
