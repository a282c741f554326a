package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/mattn/go-isatty"
	"go.uber.org/fx"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp/fiberhttpfx"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// The times that a shop may take to start, seeding included, and beyond its drain to stop.
const (
	startTime = 2 * time.Minute
	stopTime  = compose.ShutdownTime + 2*time.Second
)

// drainTime is how long to go on serving after a request to stop unless it is set.
const drainTime = 2 * time.Second

// serveCmd serves the shop.
type serveCmd struct {
	compose.Settings
	compose.ServeSettings
}

// Run serves until the context ends or the server fails.
func (c *serveCmd) Run(ctx context.Context, p Process, w *warnings) error {
	if err := c.check(); err != nil {
		return err
	}
	collectLate(p)
	log, err := logger(c.Settings, p)
	if err != nil {
		return err
	}
	defer func() { _ = log.Sync() }()
	for _, line := range w.take() {
		log.Warn(observe.Settings, zap.String(observe.Warning, line))
	}
	seeds, err := compose.ReadSeeds(c.Settings, c.Seed)
	if err != nil {
		return c.refuse(p, err)
	}
	if err := c.schema(ctx, log); err != nil {
		return interrupted(ctx, err)
	}
	// A request to stop breaks off the start until the shop is about to listen; from then on it ends a shop that serves.
	starting, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTime)
	defer cancel()
	ready := context.AfterFunc(ctx, cancel)
	app, running, err := c.compose(log, p, seeds, func() { ready() })
	if err != nil {
		return interrupted(ctx, err)
	}
	if err := app.Start(starting); err != nil {
		return interrupted(ctx, c.refuse(p, fmt.Errorf("start: %w", rootCause(err))))
	}
	fmt.Fprint(p.Stdout, welcome(running.Bound.Addr().String(), running.example(starting), c.Settings, *running.First))
	go debug.FreeOSMemory() // What the start left over, such as passwords' memory, is no longer wanted.
	code := 0
	select {
	case <-ctx.Done():
	case s := <-app.Wait(): // The server failed; or fx, which listens for signals too, was the first to hear of one.
		code = s.ExitCode
	}
	log.Info(observe.Stopping, zap.Duration(observe.Drain, c.drain(p)))
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.drain(p)+stopTime)
	defer cancel()
	if err := app.Stop(stopping); err != nil {
		return fmt.Errorf("stop: %w", rootCause(err))
	}
	if code != 0 {
		return errors.New("the server failed; see the log")
	}
	log.Info(observe.Stopped)
	return nil
}

// check judges all settings.
func (c *serveCmd) check() error { return c.ServeSettings.Check(c.Settings) }

// refuse lists why the seed is refused, if that is what the error tells: a server has no report that could.
func (c *serveCmd) refuse(p Process, err error) error {
	err = refusal(c.Seed, err)
	var refused *refusedError
	if errors.As(err, &refused) && refused.count > 1 {
		for _, r := range refused.rejections {
			fmt.Fprintln(p.Stderr, r)
		}
		if n := refused.more(); n > 0 {
			fmt.Fprintf(p.Stderr, "and %d more\n", n)
		}
	}
	return err
}

// running is what the command needs of a shop that it composed.
type running struct {
	fx.In

	Bound     *fiberhttpfx.Bound
	Catalog   *catalog.Service
	Inventory *inventory.Service
	Scope     compose.Scope
	First     *compose.FirstOwner
}

func (c *serveCmd) compose(log *zap.Logger, p Process, seeds compose.Seeds, ready func()) (*fx.App, *running, error) {
	keys, err := c.Keys()
	if err != nil {
		return nil, nil, err
	}
	r := &running{}
	app := fx.New(
		compose.Core(c.Settings, c.Providers(c.Settings), keys, c.Lease, log),
		compose.HTTP(c.Settings, version(), c.drain(p)),
		compose.Seed(seeds),
		compose.People(c.Settings, c.PeopleSettings),
		compose.Observe(c.ObserveSettings, version()),
		compose.Edge(c.Settings, c.EdgeSettings),
		compose.Load(c.LoadSettings),
		compose.Ready(ready),
		compose.Keep(c.KeepSettings),
		compose.Serve(c.Listen),
		fx.Populate(r),
	)
	if err := app.Err(); err != nil {
		return nil, nil, fmt.Errorf("compose: %w", rootCause(err))
	}
	return app, r, nil
}

// drain is how long to go on serving after a request to stop: on a terminal nobody waits for a load balancer.
func (c *serveCmd) drain(p Process) time.Duration {
	if c.Drain != nil {
		return *c.Drain
	}
	if f, ok := p.Stdout.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		return 0
	}
	return drainTime
}

// schema brings the schema up, that of a file that was just made in any case, or refuses one that is not this program's.
func (c *serveCmd) schema(ctx context.Context, log *zap.Logger) error {
	if !c.Persistent() {
		return nil
	}
	m, fresh, err := c.NewMigrator(ctx, true)
	if err != nil {
		return err
	}
	defer func() { _ = m.Close() }()
	if c.Migrate || fresh {
		done, err := m.Up(ctx)
		for _, step := range done {
			log.Info(observe.Migrated, zap.Int64(observe.Version, step.Version), zap.String(observe.Name, step.Name))
		}
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return m.Verify(ctx)
}

// logger writes JSON to stderr, every line of it: logs of a shop are records, so none is sampled away.
func logger(s compose.Settings, p Process) (*zap.Logger, error) {
	level, err := s.Level()
	if err != nil {
		return nil, err
	}
	cfg := zap.NewProductionEncoderConfig()
	cfg.TimeKey, cfg.EncodeTime = "time", zapcore.RFC3339NanoTimeEncoder
	return zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(cfg), zapcore.Lock(zapcore.AddSync(p.Stderr)), level)), nil
}
