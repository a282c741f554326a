package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// formatFlag says how to report.
type formatFlag struct {
	Format string `help:"Form of what migrate, import, report, copy and doctor report on standard output: text or json." default:"text" placeholder:"FORM" group:"Report"`
}

// check refuses a form that is not there.
func (f formatFlag) check() error {
	if f.Format != "text" && f.Format != "json" {
		return &compose.SettingError{Name: "--format", Rule: "text or json"}
	}
	return nil
}

// reportFlags say how and where to report.
type reportFlags struct {
	formatFlag
	Report string `help:"File that import and report write their report to as well, as JSON." placeholder:"FILE" group:"Report"`
}

// check refuses a file that cannot be written: better now than when the work is done and its report is lost.
func (f reportFlags) check() error {
	if err := f.formatFlag.check(); err != nil || f.Report == "" {
		return err
	}
	file, err := os.OpenFile(f.Report, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return &compose.SettingError{Name: "--report", Rule: fmt.Sprintf("%s cannot be written: %v", f.Report, pathCause(err))}
	}
	return file.Close()
}

// importReport is what an import reports.
type importReport struct {
	File   string `json:"file"`
	As     string `json:"as"` // The format that was named or found.
	DryRun bool   `json:"dry_run"`
	Rows   int    `json:"rows"`
	bridge.ImportReport
	Ignored  []string        `json:"ignored_columns"`
	Notes    []exchange.Note `json:"notes"`
	Rejected []rejection     `json:"rejected"`       // Why the file is refused; the first reasons.
	Reasons  int             `json:"rejected_count"` // Of all.
	Seconds  float64         `json:"seconds"`
}

// refuse lists why the file is refused.
func (r *importReport) refuse(e *refusedError) { r.Rejected, r.Reasons = e.rejections, e.count }

// write writes the report in the form and to the places that are asked for.
func (f reportFlags) write(w io.Writer, r *importReport) error {
	r.Warnings, r.Ignored, r.Notes, r.Rejected = list(r.Warnings), list(r.Ignored), list(r.Notes), list(r.Rejected)
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	data = append(data, '\n')
	if f.Report != "" {
		if err := os.WriteFile(f.Report, data, 0o600); err != nil {
			return fmt.Errorf("the report: %w", err)
		}
	}
	if f.Format == "json" {
		_, err = w.Write(data)
	} else {
		_, err = io.WriteString(w, r.text())
	}
	return err
}

// writeChange shows what an import would do to one thing.
func writeChange(w io.Writer, c bridge.ImportChange) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s", c.What, c.Kind, c.Name)
	if c.Line > 0 {
		fmt.Fprintf(&b, " (line %d)", c.Line)
	}
	b.WriteByte('\n')
	for _, f := range c.Fields {
		switch {
		case f.From == "":
			fmt.Fprintf(&b, "  + %s: %q\n", f.Field, f.To)
		case f.To == "":
			fmt.Fprintf(&b, "  - %s: %q\n", f.Field, f.From)
		default:
			fmt.Fprintf(&b, "  ~ %s: %q → %q\n", f.Field, f.From, f.To)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// list makes an empty list of none, which JSON shows as [] and not as null.
func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

// text is the report for people.
func (r *importReport) text() string {
	var b strings.Builder
	if r.Reasons > 0 {
		fmt.Fprintf(&b, "%s: refused, nothing was written\n", r.File)
		for _, v := range r.Rejected {
			fmt.Fprintf(&b, "  %s\n", v)
		}
		if n := r.Reasons - len(r.Rejected); n > 0 {
			fmt.Fprintf(&b, "  and %d more\n", n)
		}
		return b.String()
	}
	fmt.Fprintf(&b, "%s (%s): %d rows, %d products, %d variants, %d images\n", r.File, r.As, r.Rows, r.Products, r.Variants, r.Images)
	did := "written"
	if r.DryRun {
		did = "nothing was written; an import would write"
	}
	fmt.Fprintf(&b, "products: %d created, %d updated, %d unchanged\n", r.Created, r.Updated, r.Unchanged)
	fmt.Fprintf(&b, "%s: %d prices, %d stock levels, %d policies, %d of the shop's structure, in %.1f s\n", did, r.Prices, r.Stock, r.Policies, r.Structure, r.Seconds)
	if len(r.Ignored) > 0 {
		fmt.Fprintf(&b, "columns left out: %s\n", strings.Join(r.Ignored, ", "))
	}
	for _, v := range r.Notes {
		where := ""
		if v.Column != "" {
			where = fmt.Sprintf(", column %q", v.Column)
		}
		fmt.Fprintf(&b, "note: line %d%s: %s\n", v.Line, where, v.Text)
	}
	for _, v := range r.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", v)
	}
	return b.String()
}
