package compose

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/adapters/otter"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
)

// KeepSettings say what is kept ready of the catalogue's answers.
type KeepSettings struct {
	CacheSize int           `help:"Answers of the catalogue kept ready in memory, in MiB; 0 keeps none." default:"32" placeholder:"MIB" group:"Server"`
	CacheAge  time.Duration `help:"How old such an answer may be. What this process changes is seen at once, what another one does within this time; 0s keeps none." default:"1s" placeholder:"TIME" group:"Server"`
}

// The bounds of what makes sense: a cache as large as a machine, and answers as old as nobody would bear.
const (
	cacheMax    = 64 << 10
	cacheAgeMax = time.Minute
)

// Check refuses settings that are wrong, with a *SettingError for each.
func (v KeepSettings) Check() error {
	var found []error
	if v.CacheSize < 0 || v.CacheSize > cacheMax {
		found = append(found, wrong("--cache-size", fmt.Sprintf("a whole number of MiB from 0 to %d", cacheMax)))
	}
	if v.CacheAge < 0 || v.CacheAge > cacheAgeMax {
		found = append(found, wrong("--cache-age", "a time from 0s to 1m, such as 1s"))
	}
	return errors.Join(found...)
}

// Keep keeps answers of the catalogue ready, if there is to be room for any. The settings were checked before.
func Keep(v KeepSettings) fx.Option {
	if v.CacheSize == 0 || v.CacheAge == 0 {
		return fx.Options()
	}
	return fx.Provide(
		func() (ports.Cache, error) { return otter.NewCache(int64(v.CacheSize) << 20) },
		func(c ports.Cache) fiberhttp.Keeping { return fiberhttp.Keeping{Cache: c, Age: v.CacheAge} },
	)
}

// hearEvents is the consumer that sees every event: it writes them to the log, and tells what is kept ready of those that
// other processes committed.
func hearEvents() fx.Option {
	return fx.Provide(fx.Annotate(func(log *zap.Logger, fresh *bridge.Fresh) system.Consumer {
		write := logEvent(log)
		return system.Consumer{Name: EventLog, Handle: func(ctx context.Context, e event.Event) error {
			return errors.Join(fresh.Handle(ctx, e), write(ctx, e))
		}}
	}, fx.ResultTags(`group:"outbox_consumers"`)))
}
