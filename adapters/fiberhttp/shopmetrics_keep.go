package fiberhttp

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ipswich-retail/commerce/ports/observe"
)

// keptFigures are figures and when they were asked for: who scrapes often, or scrapes from several places, costs the
// store no more than who scrapes now and then. Those that could not be had are left alone for as long.
type keptFigures struct {
	name string
	ask  func(context.Context) ([]prometheus.Metric, error)

	mu    sync.Mutex // Held while somebody asks; others wait for the answer.
	at    time.Time  // When it was asked, by the machine's monotonic clock.
	shown []prometheus.Metric
}

// fresh gives the figures, of which none is older than keep. The error is of this call, not of one before.
func (k *keptFigures) fresh(ctx context.Context, keep time.Duration) ([]prometheus.Metric, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.at.IsZero() && time.Since(k.at) < keep {
		return k.shown, nil
	}
	shown, err := k.safely(ctx)
	k.at, k.shown = time.Now(), shown //nolint:forbidigo // How long a figure is kept is the machine's time: a shop's clock may stand still.
	return shown, err
}

// safely asks; a defect of a figure is an error, since it must not end the process that is scraped.
func (k *keptFigures) safely(ctx context.Context) (shown []prometheus.Metric, err error) {
	defer func() {
		if p := recover(); p != nil {
			shown, err = nil, observe.Panicked(p)
		}
	}()
	return k.ask(ctx)
}
