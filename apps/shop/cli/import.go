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
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// importCmd reads files.
type importCmd struct {
	Products importProductsCmd `cmd:"" help:"Read a product CSV of Shopify; reading it again changes only what differs."`
	Orders   importOrdersCmd   `cmd:"" help:"Read a CSV of order lines that another system sold; reading it again adds only what is not there."`
}

// importProductsCmd reads products.
type importProductsCmd struct {
	compose.Settings
	reportFlags
	File string `arg:"" help:"The file; - is standard input."`
}

// Run imports the file into the database, and reports what was done or why it is refused.
func (c *importProductsCmd) Run(ctx context.Context, p Process) error {
	if err := c.check(); err != nil {
		return err
	}
	report := &importReport{File: c.File}
	start := time.Now()
	file, err := c.read(p)
	if err == nil {
		report.Rows, report.Ignored, report.Notes = file.Rows, file.Ignored, file.Notes
		report.ImportReport, err = c.into(ctx, p, file)
	}
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
	if err := errors.Join(c.Check(), c.reportFlags.check()); err != nil {
		return err
	}
	if !c.Persistent() {
		return usagef("import needs a store that lasts: --store sqlite, or --database-url postgres://… (serve --seed FILE fills a shop in memory)")
	}
	return nil
}

// read reads the whole file, so that a broken one is refused before the database is asked.
func (c *importProductsCmd) read(p Process) (exchange.File, error) {
	in := p.Stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return exchange.File{}, usagef("%s cannot be read: %w", c.File, pathCause(err))
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	if in == nil {
		return exchange.File{}, usagef("there is no standard input; name a file")
	}
	return c.parse(in)
}

func (c *importProductsCmd) parse(in io.Reader) (exchange.File, error) {
	file, err := exchange.ReadShopify(in, c.Scope(time.Now()).Currency)
	var path *fs.PathError
	if errors.As(err, &path) && c.File != "-" { // A folder opens and does not read.
		return file, usagef("%s cannot be read: %w", c.File, path.Err)
	}
	return file, err
}

// into writes what was read into the shop.
func (c *importProductsCmd) into(ctx context.Context, p Process, file exchange.File) (bridge.ImportReport, error) {
	var none bridge.ImportReport
	log, err := logger(c.Settings, p)
	if err != nil {
		return none, err
	}
	if err := c.Verify(ctx, true); err != nil {
		return none, err
	}
	var importer *bridge.Importer
	var scope compose.Scope
	app := fx.New(compose.Core(c.Settings, nil, nil, ordering.DefaultLease, log), fx.Populate(&importer, &scope))
	if err := app.Start(ctx); err != nil {
		return none, fmt.Errorf("start: %w", rootCause(err))
	}
	defer func() { _ = app.Stop(context.WithoutCancel(ctx)) }()
	return importer.Import(ctx, ref.Scope(scope), file.Products)
}

// pathCause is what is wrong with a file, without its name, which the message has already.
func pathCause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
