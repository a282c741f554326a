package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// importCmd reads files.
type importCmd struct {
	Products importProductsCmd `cmd:"" help:"Read a file of products: CSV of Shopify or WooCommerce, our own CSV or JSON Lines. Reading it again changes only what differs."`
	Orders   importOrdersCmd   `cmd:"" help:"Read a CSV of order lines that another system sold; reading it again adds only what is not there."`
}

// importProductsCmd reads products.
type importProductsCmd struct {
	compose.Settings
	reportFlags
	asFlag
	DryRun bool   `help:"Write nothing; show what would be created, changed field by field, and left alone." group:"Report"`
	File   string `arg:"" help:"The file; - is standard input."`
}

// asFlag names the format of a file.
type asFlag struct {
	As string `help:"Form of the product file: shopify, woocommerce, csv or jsonl. An import finds it by itself; an export takes that of the file's name, else jsonl." placeholder:"FORM" group:"Report"`
}

// check refuses a format that is not there.
func (f asFlag) check() error {
	if f.As != "" && !exchange.Format(f.As).Known() {
		return &compose.SettingError{Name: "--as", Rule: compose.FormatNames()}
	}
	return nil
}

// Run imports the file into the database, and reports what was done or why it is refused.
func (c *importProductsCmd) Run(ctx context.Context, p Process) error {
	if err := c.check(); err != nil {
		return err
	}
	in, err := openInput(p, c.File)
	if err != nil {
		return err
	}
	defer in.close()
	report := &importReport{File: c.File, DryRun: c.DryRun}
	bar := newProgress(p.Stderr, in.size)
	start := time.Now()
	err = c.into(ctx, p, in, bar, report)
	bar.end()
	err = refusal(c.File, err)
	report.Seconds = time.Since(start).Seconds()
	var refused *refusedError
	switch {
	case errors.As(err, &refused):
		report.refuse(refused)
	case err != nil && report.Products == 0:
		return interrupted(ctx, err) // Nothing was done that could be reported.
	}
	if writeErr := c.write(p.Stdout, report); err == nil {
		err = writeErr
	}
	return interrupted(ctx, err)
}

// check refuses what cannot end well before anything is read.
func (c *importProductsCmd) check() error {
	if err := errors.Join(c.Check(), c.reportFlags.check(), c.asFlag.check()); err != nil {
		return err
	}
	if !c.Persistent() {
		return usagef("import needs a store that lasts: --store sqlite, or --database-url postgres://… (serve --seed FILE fills a shop in memory)")
	}
	return nil
}

// into writes the file into the shop. It is judged by itself before the database is asked.
func (c *importProductsCmd) into(ctx context.Context, p Process, in *input, bar *progress, report *importReport) error {
	source, err := exchange.Open(reading{ctx, in}, in.size, exchange.Format(c.As), c.Scope(time.Now()).Currency)
	if err != nil {
		return in.cause(err)
	}
	report.As = string(source.Format())
	err = source.Check(func(rows int, bytes int64) { bar.show(string(bridge.ImportReads), rows, bytes, 0) })
	report.Rows, report.Ignored, report.Notes = source.Rows(), source.Ignored(), source.Notes()
	if err != nil {
		return in.cause(err)
	}
	run := bridge.ImportRun{DryRun: c.DryRun, Tell: func(so bridge.ImportProgress) {
		bar.show(string(so.Phase), so.Rows, so.Bytes, so.Report.Products)
	}}
	if c.DryRun && c.Format == "text" {
		run.Show = func(change bridge.ImportChange) {
			bar.end()
			_ = writeChange(p.Stdout, change) // What cannot be written fails once more with the report.
		}
	}
	return c.run(ctx, p, func(importer *bridge.Importer, scope ref.Scope) error {
		report.ImportReport, err = importer.ImportFile(ctx, scope, checked{source}, run)
		return err
	})
}

// checked is a source that was judged by itself already.
type checked struct{ *exchange.Source }

// Check is done.
func (checked) Check(func(int, int64)) error { return nil }

// run opens the shop, and ends it afterwards.
func (c *importProductsCmd) run(ctx context.Context, p Process, do func(*bridge.Importer, ref.Scope) error) error {
	log, err := logger(c.Settings, p)
	if err != nil {
		return err
	}
	if err := c.Verify(ctx, true); err != nil {
		return err
	}
	var importer *bridge.Importer
	var scope compose.Scope
	app := fx.New(compose.Core(c.Settings, nil, nil, ordering.DefaultLease, log), fx.Populate(&importer, &scope))
	if err := app.Start(ctx); err != nil {
		return fmt.Errorf("start: %w", rootCause(err))
	}
	defer func() { _ = app.Stop(context.WithoutCancel(ctx)) }()
	return do(importer, ref.Scope(scope))
}
