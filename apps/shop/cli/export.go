package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// exportCmd writes files.
type exportCmd struct {
	Products exportProductsCmd `cmd:"" help:"Write the catalogue with its prices and stock as our CSV or JSON Lines, for an import into another shop, or as the CSV of Shopify or WooCommerce. docs/importing.md tells what stays behind."`
}

// exportProductsCmd writes products.
type exportProductsCmd struct {
	compose.Settings
	formatFlag
	asFlag
	File string `arg:"" optional:"" default:"-" help:"The file to write; - is standard output."`
}

// exportReport is what an export reports, on standard error when standard output has the file.
type exportReport struct {
	File     string `json:"file"`
	As       string `json:"as"`
	Products int    `json:"products"`
	Bytes    int64  `json:"bytes"`
	// Left tells what the form has no place for, each with how many there were.
	Left    []string `json:"left_behind"`
	Seconds float64  `json:"seconds"`
}

// Run writes the catalogue of the database into a file; without a database that of the shop that serve would start in
// memory. A file is there as a whole or not at all.
func (c *exportProductsCmd) Run(ctx context.Context, p Process) error {
	as, err := c.check()
	if err != nil {
		return err
	}
	to, err := openOutput(p, c.File)
	if err != nil {
		return err
	}
	defer to.drop()
	report := exportReport{File: c.File, As: string(as)}
	bar := newProgress(p.Stderr, 0)
	start := time.Now()
	err = c.from(ctx, p, func(e *bridge.Exporter, scope ref.Scope) error {
		w := exchange.NewWriter(to, as, scope.Currency)
		err := e.Export(ctx, scope, w, func(products int) {
			report.Products = products
			bar.show("writing", products, to.written, 0)
		})
		report.Left = list(exchange.Losses(w))
		return err
	})
	bar.end()
	if err == nil {
		err = to.keep()
	}
	if err != nil {
		return interrupted(ctx, err)
	}
	report.Bytes, report.Seconds = to.written, time.Since(start).Seconds()
	return c.tell(p, report)
}

// check judges the settings and finds the format.
func (c *exportProductsCmd) check() (exchange.Format, error) {
	if err := errors.Join(c.Check(), c.formatFlag.check(), c.asFlag.check()); err != nil {
		return "", err
	}
	as := exchange.Format(c.As)
	switch {
	case as == "" && strings.EqualFold(filepath.Ext(c.File), ".csv"):
		return exchange.CSV, nil
	case as == "":
		return exchange.JSONL, nil
	}
	return as, nil
}

// from opens the shop, and ends it afterwards.
func (c *exportProductsCmd) from(ctx context.Context, p Process, do func(*bridge.Exporter, ref.Scope) error) error {
	log, err := logger(c.Settings, p)
	if err != nil {
		return err
	}
	seed := fx.Options()
	if c.Persistent() {
		if err := c.Verify(ctx, false); err != nil {
			return err
		}
	} else {
		seeds, err := compose.ReadSeeds(c.Settings, "")
		if err != nil {
			return err
		}
		seed = compose.Seed(seeds)
	}
	var exporter *bridge.Exporter
	var scope compose.Scope
	app := fx.New(compose.Core(c.Settings, nil, nil, ordering.DefaultLease, log), seed, fx.Populate(&exporter, &scope))
	if err := app.Start(ctx); err != nil {
		return fmt.Errorf("start: %w", rootCause(err))
	}
	defer func() { _ = app.Stop(context.WithoutCancel(ctx)) }()
	now := ref.Scope(scope)
	now.At = time.Now()
	if now.Currency.IsZero() {
		now.Currency = money.MustCurrency(c.Currency)
	}
	return do(exporter, now)
}

// tell reports on standard output, or on standard error when that has the file.
func (c *exportProductsCmd) tell(p Process, r exportReport) error {
	w := p.Stdout
	if c.File == "-" {
		w = p.Stderr
	}
	if c.Format == "json" {
		return json.NewEncoder(w).Encode(r)
	}
	for _, left := range r.Left {
		fmt.Fprintf(p.Stderr, "left behind, the form has no place for it: %s\n", left)
	}
	_, err := fmt.Fprintf(w, "%s (%s): %d products, %d bytes, in %.1f s\n", r.File, r.As, r.Products, r.Bytes, r.Seconds)
	return err
}

// output is a file that is written under another name until it is whole.
type output struct {
	io.Writer

	file    *os.File // Nil for standard output.
	name    string
	written int64
}

// openOutput begins a file beside the one that it becomes.
func openOutput(p Process, name string) (*output, error) {
	if name == "-" {
		return &output{Writer: p.Stdout}, nil
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return nil, usagef("%s cannot be written: it is a directory", name)
		}
		f, err := os.OpenFile(name, os.O_WRONLY, 0) //nolint:gosec // The operator names the file.
		if err != nil {
			return nil, usagef("%s cannot be written: %w", name, pathCause(err))
		}
		return &output{Writer: f}, nil // A pipe or a device has no other name.
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return nil, usagef("%s cannot be written: %w", name, pathCause(err))
	}
	return &output{Writer: f, file: f, name: name}, nil
}

// Write counts what is written.
func (o *output) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	o.written += int64(n)
	return n, err
}

// keep gives a file its name.
func (o *output) keep() error {
	if o.file == nil {
		return nil
	}
	err := errors.Join(o.file.Sync(), o.file.Close())
	if err == nil {
		err = os.Rename(o.file.Name(), o.name)
	}
	if err == nil {
		o.file = nil
	}
	return err
}

// drop takes a file away that is not whole.
func (o *output) drop() {
	if o.file != nil {
		_ = o.file.Close()
		_ = os.Remove(o.file.Name())
	}
}
