package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// importOrdersCmd reads what another system sold.
type importOrdersCmd struct {
	compose.Settings
	compose.OrderForm
	reportFlags
	Source         string `help:"Name of the system that the file comes from; a row is known by it, its invoice and its place there, so give files of one system one name. Without it the file's name." placeholder:"NAME" group:"Orders"`
	CreateProducts bool   `help:"Make an archived product of each code that no variant has." group:"Orders"`
	DryRun         bool   `help:"Only tell what would come of it." group:"Orders"`
	FailOnReject   bool   `help:"Write nothing when a row is rejected (exit 4); without it the other rows are imported (exit 3)." group:"Orders"`
	File           string `arg:"" help:"The file; - is standard input."`
}

// Run imports the file into the database, and reports what was done or why it is refused.
func (c *importOrdersCmd) Run(ctx context.Context, p Process) error {
	options, err := c.check()
	if err != nil {
		return err
	}
	name, drop, err := c.local(p)
	if err != nil {
		return err
	}
	defer drop()
	open := func() (bridge.OrderFile, error) {
		in, err := os.Open(name) //nolint:gosec // The operator names the file.
		if err != nil {
			return nil, usagef("%s cannot be read: %w", c.File, pathCause(err))
		}
		return compose.OpenOrders(in, options)
	}
	report, err := c.into(ctx, p, open)
	report.File = c.File
	err = c.refusal(&report, unreadable(c.File, err))
	var refused *refusedError
	if err != nil && !errors.As(err, &refused) && report.Done == 0 {
		return interrupted(ctx, err) // Nothing was done that could be reported.
	}
	if n := report.Differing; n > 0 {
		fmt.Fprintf(p.Stderr, "orders: %d rows say something else than what is kept under their invoice and place in it, and were not kept: "+
			"where the file has them in another order nothing is missing; where an invoice goes on from another file, import both as one\n", n)
	}
	if writeErr := c.reportFlags.writeOrders(p.Stdout, report); err == nil {
		err = writeErr
	}
	if n := report.Rejected.Rows; err == nil && n > 0 {
		return &rejectedError{n}
	}
	return interrupted(ctx, err)
}

// check judges all settings before anything is read.
func (c *importOrdersCmd) check() (exchange.OrderOptions, error) {
	if err := errors.Join(c.Settings.Check(), c.reportFlags.check()); err != nil {
		return exchange.OrderOptions{}, err
	}
	var wrong []error
	options, err := c.OrderForm.Options(c.Scope(time.Now()).Currency)
	if err != nil {
		for _, v := range fault.Of(err).Violations() {
			wrong = append(wrong, &compose.SettingError{Name: flagOf(v.Field()), Rule: v.Message()})
		}
	}
	if c.Source == "" && c.File != "-" {
		c.Source = compose.SourceOf(c.File)
	}
	if rule := ordering.ImportSourceRule(c.Source); rule != "" {
		wrong = append(wrong, &compose.SettingError{Name: "--source", Rule: fmt.Sprintf("a name of 1 to %d bytes: %s", ordering.ImportSourceMax, rule)})
	}
	if err := errors.Join(wrong...); err != nil {
		return options, err
	}
	if !c.Persistent() && !c.DryRun {
		return options, usagef("import needs a store that lasts: --store sqlite, or --database-url postgres://… (--dry-run does without)")
	}
	return options, nil
}

// local gives a file that can be read twice: standard input is kept in one of its own.
func (c *importOrdersCmd) local(p Process) (name string, drop func(), err error) {
	if c.File != "-" {
		return c.File, func() {}, nil
	}
	if p.Stdin == nil {
		return "", nil, usagef("there is no standard input; name a file")
	}
	kept, err := os.CreateTemp("", "shop-orders-*.csv")
	if err != nil {
		return "", nil, fmt.Errorf("a file for standard input: %w", err)
	}
	drop = func() { _ = os.Remove(kept.Name()) }
	_, err = io.Copy(kept, p.Stdin)
	if err = errors.Join(err, kept.Close()); err != nil {
		drop()
		return "", nil, fmt.Errorf("keeping standard input: %w", err)
	}
	return kept.Name(), drop, nil
}

// into brings the file into the shop.
func (c *importOrdersCmd) into(ctx context.Context, p Process, open func() (bridge.OrderFile, error)) (bridge.OrderReport, error) {
	var report bridge.OrderReport
	err := withOrders(ctx, c.Settings, p, !c.DryRun, func(importer *bridge.OrderImporter, scope ref.Scope) error {
		var err error
		report, err = importer.Import(ctx, bridge.OrderImport{
			Source: c.Source, Scope: scope, CreateProducts: c.CreateProducts, DryRun: c.DryRun, FailOnReject: c.FailOnReject,
		}, open, (&told{out: p.Stderr}).tell)
		return err
	})
	return report, err
}

// withOrders opens the shop for an importer of orders; one in a file that is not there is made when it may be.
func withOrders(ctx context.Context, s compose.Settings, p Process, may bool, work func(*bridge.OrderImporter, ref.Scope) error) error {
	log, err := logger(s, p)
	if err != nil {
		return err
	}
	if s.Persistent() {
		if err := s.Verify(ctx, may); err != nil {
			return err
		}
	}
	var importer *bridge.OrderImporter
	var scope compose.Scope
	app := fx.New(compose.Core(s, nil, nil, ordering.DefaultLease, log), fx.Populate(&importer, &scope))
	if err := app.Start(ctx); err != nil {
		return fmt.Errorf("start: %w", rootCause(err))
	}
	defer func() { _ = app.Stop(context.WithoutCancel(ctx)) }()
	return work(importer, ref.Scope(scope))
}

// unreadable makes of a file that cannot be read what is wrong with an argument.
func unreadable(file string, err error) error {
	var path *fs.PathError // A folder opens and does not read.
	if errors.As(err, &path) {
		return usagef("%s cannot be read: %w", file, path.Err)
	}
	return err
}

// refusal makes the errors by which a file of orders is refused a *refusedError, and leaves others as they are.
func (c *importOrdersCmd) refusal(report *bridge.OrderReport, err error) error {
	out := refusal(c.File, err)
	var refused *refusedError
	if errors.As(out, &refused) {
		for _, r := range refused.rejections {
			report.Rejected.Items = append(report.Rejected.Items, bridge.ImportRejection(r))
		}
		return out
	}
	if fault.Is(err, bridge.OrdersRejected) {
		refused = &refusedError{file: c.File, count: int(report.Rejected.Rows)}
		for _, r := range report.Rejected.Items {
			refused.rejections = append(refused.rejections, rejection(r))
		}
		return refused
	}
	return err
}

// rejectedError is an import that was done but for some rows.
type rejectedError struct{ rows int64 }

// Error tells how many.
func (e *rejectedError) Error() string {
	if e.rows == 1 {
		return "one row was rejected; the report says why"
	}
	return fmt.Sprintf("%d rows were rejected; the report says why", e.rows)
}

// toldEvery is how often lines tell of an import: logs take them too.
const toldEvery = time.Second

// told tells how far an import is, in lines.
type told struct {
	out     io.Writer
	last    time.Time
	writing bool
}

// tell writes a line, now and then, and when the reading is over.
func (p *told) tell(r bridge.OrderReport) {
	now := time.Now()
	if begins := r.Done > 0 && !p.writing; now.Sub(p.last) < toldEvery && !begins {
		return
	}
	if p.last, p.writing = now, r.Done > 0; !p.writing {
		fmt.Fprintf(p.out, "orders: read %d rows\n", r.Rows)
		return
	}
	fmt.Fprintf(p.out, "orders: %d of %d rows\n", r.Done, r.Rows)
}
