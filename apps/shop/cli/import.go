package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// importCmd reads files.
type importCmd struct {
	Products importProductsCmd `cmd:"" help:"Read a product export of Shopify. Reading it again changes only what differs."`
}

// importProductsCmd reads products.
type importProductsCmd struct {
	compose.Settings
	Format string `help:"Form of the report: ${enum}." enum:"text,json" default:"text"`
	Report string `help:"Write the report to this file too, as JSON." placeholder:"FILE"`
	File   string `arg:"" help:"The file; - is standard input."`
}

// importReport is what the command reports.
type importReport struct {
	File string `json:"file"`
	Rows int    `json:"rows"`
	bridge.ImportReport
	Ignored  []string        `json:"ignored_columns"`
	Notes    []exchange.Note `json:"notes"`
	Rejected []rejection     `json:"rejected"`
	Seconds  float64         `json:"seconds"`
}

// rejection is a row or a product that was refused.
type rejection struct {
	Line   any    `json:"line"`
	Column string `json:"column"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// Run imports the file into the database.
func (c *importProductsCmd) Run(ctx context.Context, p Process) error {
	if err := c.Check(); err != nil {
		return err
	}
	if !c.Persistent() {
		return usagef("import needs a database to import into: --database-url postgres://… (serve --seed FILE fills a shop in memory)")
	}
	start := time.Now()
	report := importReport{File: c.File}
	report.Warnings = []string{}
	err := c.run(ctx, p, &report)
	report.Seconds = time.Since(start).Seconds()
	var broken *exchange.FileError
	switch {
	case errors.As(err, &broken):
		for _, r := range broken.Rejections {
			report.Rejected = append(report.Rejected, rejection{Line: r.Line, Column: r.Column, Code: r.Code, Reason: r.Reason})
		}
		err = refusedError{fmt.Errorf("%s: nothing was written: %d faults", c.File, broken.Count)}
	case fault.Is(err, bridge.ImportRefused):
		report.reject(fault.Of(err))
		err = refusedError{errors.New(fault.Of(err).Message())}
	}
	if writeErr := c.write(p, report); err == nil {
		err = writeErr
	}
	return err
}

func (c *importProductsCmd) run(ctx context.Context, p Process, report *importReport) error {
	in, err := c.open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	log, err := logger(c.LogLevel, p)
	if err != nil {
		return err
	}
	m, err := postgres.NewMigrator(ctx, c.DatabaseURL)
	if err != nil {
		return err
	}
	verified := m.Verify(ctx)
	_ = m.Close()
	if verified != nil {
		return verified
	}
	var importer *bridge.Importer
	var scope compose.Scope
	app := fx.New(compose.Core(c.Settings, nil, nil, ordering.DefaultLease, log), fx.Populate(&importer, &scope))
	if err := app.Start(ctx); err != nil {
		return fmt.Errorf("start: %w", rootCause(err))
	}
	defer func() { _ = app.Stop(context.WithoutCancel(ctx)) }()
	file, err := exchange.ReadShopify(in, scope.Currency)
	if err != nil {
		return err
	}
	report.Rows, report.Ignored, report.Notes = file.Rows, file.Ignored, file.Notes
	report.ImportReport, err = importer.Import(ctx, ref.Scope(scope), file.Products)
	return err
}

func (c *importProductsCmd) open() (io.ReadCloser, error) {
	if c.File == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	f, err := os.Open(c.File)
	if err != nil {
		return nil, usageError{err}
	}
	return f, nil
}

// reject lists what was refused.
func (r *importReport) reject(e *fault.Error) {
	for _, v := range e.Violations() {
		column, _ := v.Details()["column"].(string)
		if column == "" {
			column = v.Field()
		}
		r.Rejected = append(r.Rejected, rejection{Line: v.Details()["line"], Column: column, Code: v.Code(), Reason: v.Message()})
	}
}

func (c *importProductsCmd) write(p Process, r importReport) error {
	if r.Rejected == nil {
		r.Rejected = []rejection{}
	}
	if r.Ignored == nil {
		r.Ignored = []string{}
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if c.Report != "" {
		if err := os.WriteFile(c.Report, append(text, '\n'), 0o600); err != nil {
			return err
		}
	}
	if c.Format == "json" {
		_, err := fmt.Fprintf(p.Stdout, "%s\n", text)
		return err
	}
	return r.text(p.Stdout)
}

// text is the report for people.
func (r importReport) text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d rows, %d products, %d variants, %d images\n", r.File, r.Rows, r.Products, r.Variants, r.Images)
	fmt.Fprintf(&b, "created %d, updated %d, unchanged %d in %.1f s\n", r.Created, r.Updated, r.Unchanged, r.Seconds)
	for _, v := range r.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", v)
	}
	for _, v := range r.Rejected {
		fmt.Fprintf(&b, "rejected: line %v, %s: %s (%s)\n", v.Line, v.Column, v.Reason, v.Code)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
