package cli

import (
	"context"
	"fmt"
	"os"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp/fiberhttpfx"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
)

// The times that a shop may take to start, seeding included, and beyond its drain to stop.
const (
	startTime = 2 * time.Minute
	stopTime  = 17 * time.Second
)

// serveCmd serves the shop.
type serveCmd struct {
	compose.Settings
	compose.ServeSettings
}

// Run serves until a signal comes or the server fails.
func (c *serveCmd) Run(ctx context.Context, p Process) error {
	if err := c.ServeSettings.Check(c.Settings); err != nil {
		return err
	}
	log, err := logger(c.LogLevel, p)
	if err != nil {
		return err
	}
	defer func() { _ = log.Sync() }()
	if err := c.schema(ctx, log); err != nil {
		return err
	}
	app, running, err := c.compose(log, p)
	if err != nil {
		return err
	}
	signals, stop := p.Signals()
	defer stop()
	starting, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	if err := app.Start(starting); err != nil {
		return fmt.Errorf("start: %w", rootCause(err))
	}
	fmt.Fprint(p.Stdout, welcome(running.Bound.Addr().String(), running.example(ctx), c.Settings))
	code := 0
	select {
	case <-signals:
		go func() {
			<-signals
			os.Exit(ExitFailed) // The second request means at once.
		}()
	case s := <-app.Wait():
		code = s.ExitCode
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.drain(p)+stopTime)
	defer cancel()
	if err := app.Stop(stopping); err != nil {
		return fmt.Errorf("stop: %w", rootCause(err))
	}
	if code != 0 {
		return fmt.Errorf("the server failed; see the log")
	}
	return nil
}

// running is what the command needs of a shop that it composed.
type running struct {
	fx.In

	Bound     *fiberhttpfx.Bound
	Catalog   *catalog.Service
	Inventory *inventory.Service
	Scope     compose.Scope
}

func (c *serveCmd) compose(log *zap.Logger, p Process) (*fx.App, *running, error) {
	keys, err := c.Keys()
	if err != nil {
		return nil, nil, err
	}
	serve, err := compose.Serve(c.ServeSettings)
	if err != nil {
		return nil, nil, err
	}
	r := &running{}
	app := fx.New(
		compose.Core(c.Settings, c.Payments, keys, c.Lease, log),
		compose.HTTP(c.Settings, version(), c.drain(p)),
		compose.Seed(c.Settings, c.ServeSettings.Seed),
		serve,
		fx.StartTimeout(startTime), fx.StopTimeout(c.drain(p)+stopTime),
		fx.Populate(r),
	)
	if err := app.Err(); err != nil {
		return nil, nil, fmt.Errorf("compose: %w", rootCause(err))
	}
	return app, r, nil
}

// drain is how long to go on serving after a request to stop: on a terminal nobody waits for a load balancer.
func (c *serveCmd) drain(p Process) time.Duration {
	switch {
	case c.Drain != nil:
		return *c.Drain
	case terminal(p):
		return 0
	}
	return 2 * time.Second
}

// terminal tells whether somebody watches.
func terminal(p Process) bool {
	f, ok := p.Stdout.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// schema brings the schema up, or refuses one that is not this program's.
func (c *serveCmd) schema(ctx context.Context, log *zap.Logger) error {
	if !c.Persistent() {
		return nil
	}
	m, err := postgres.NewMigrator(ctx, c.DatabaseURL)
	if err != nil {
		return err
	}
	defer func() { _ = m.Close() }()
	if c.Migrate {
		done, err := m.Up(ctx)
		for _, step := range done {
			log.Info("migrated", zap.Int64("version", step.Version), zap.String("name", step.Name))
		}
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return m.Verify(ctx)
}

// logger writes JSON to stderr, every line of it: logs of a shop are records, so none is sampled away.
func logger(level string, p Process) (*zap.Logger, error) {
	l, err := zapcore.ParseLevel(level)
	if err != nil {
		return nil, usagef("setting --log-level: %w", err)
	}
	cfg := zap.NewProductionEncoderConfig()
	cfg.TimeKey, cfg.EncodeTime = "time", zapcore.RFC3339NanoTimeEncoder
	core := zapcore.NewCore(zapcore.NewJSONEncoder(cfg), zapcore.Lock(zapcore.AddSync(p.Stderr)), l)
	return zap.New(core), nil
}
