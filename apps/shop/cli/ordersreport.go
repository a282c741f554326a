package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// reportCmd adds up what is stored.
type reportCmd struct {
	Orders reportOrdersCmd `cmd:"" help:"Add up what was imported from another system, by query from the stored rows."`
}

// reportOrdersCmd adds up imported orders.
type reportOrdersCmd struct {
	compose.Settings
	reportFlags
	Source string `help:"Name of the system that the orders were imported from." placeholder:"NAME" group:"Orders" required:""`
}

// Run adds up what is stored of the source.
func (c *reportOrdersCmd) Run(ctx context.Context, p Process) error {
	if err := errors.Join(c.Check(), c.reportFlags.check()); err != nil {
		return err
	}
	if !c.Persistent() {
		return usagef("report needs the store that was imported into: --store sqlite, or --database-url postgres://…")
	}
	var report bridge.OrderReport
	err := withOrders(ctx, c.Settings, p, false, func(importer *bridge.OrderImporter, _ ref.Scope) error {
		var err error
		report, err = importer.Report(ctx, c.Source)
		return err
	})
	if fault.Is(err, ordering.UnknownSource) {
		return usagef("--source: nothing was imported from %q", c.Source)
	}
	if err != nil {
		return interrupted(ctx, err)
	}
	return c.writeOrders(p.Stdout, report)
}

// writeOrders writes a report of orders in the form and to the places that are asked for.
func (f reportFlags) writeOrders(w io.Writer, r bridge.OrderReport) error {
	r.Rejected.Items = list(r.Rejected.Items)
	if r.Adjustments.Kinds == nil {
		r.Adjustments.Kinds = map[string]bridge.OrderPart{}
	}
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
		_, err = io.WriteString(w, ordersText(r))
	}
	return err
}

// ordersText is the report for people.
func ordersText(r bridge.OrderReport) string {
	var b strings.Builder
	subject := "source " + r.Source
	if r.File != "" {
		subject = r.File + ", " + subject
	}
	fmt.Fprintf(&b, "%s: %d rows, %s %s\n", subject, r.Rows, r.Sum, r.Currency)
	line := func(what string, rows int64, sum, more string) {
		fmt.Fprintf(&b, "%-12s %8d rows %16s%s\n", what, rows, sum, more)
	}
	line("sales", r.Sales.Rows, r.Sales.Sum, fmt.Sprintf(", %d orders", r.Sales.Orders))
	line("refunds", r.Refunds.Rows, r.Refunds.Sum, fmt.Sprintf(", %d credit notes", r.Refunds.CreditNotes))
	line("adjustments", r.Adjustments.Rows, r.Adjustments.Sum, "")
	for _, kind := range slices.Sorted(maps.Keys(r.Adjustments.Kinds)) {
		p := r.Adjustments.Kinds[kind]
		line("  "+strings.ReplaceAll(kind, "_", " "), p.Rows, p.Sum, "")
	}
	line("rejected", r.Rejected.Rows, r.Rejected.Sum, "")
	fmt.Fprintf(&b, "stored: %s, rounding %s; %d rows were there already", r.StoredSum, r.Rounding, r.AlreadyPresent)
	if r.Differing > 0 {
		fmt.Fprintf(&b, ", %d of which say something else now and were left as they were", r.Differing)
	}
	fmt.Fprintf(&b, "\nmade: %d products, %d customers, in %.1f s\n", r.ProductsCreated, r.CustomersCreated, r.Seconds)
	for _, v := range r.Rejected.Items {
		fmt.Fprintf(&b, "%s\n", rejection(v))
	}
	if n := r.Rejected.Rows - int64(len(r.Rejected.Items)); n > 0 {
		fmt.Fprintf(&b, "and %d more\n", n)
	}
	return b.String()
}

// flagOf is the flag of a field of a form.
func flagOf(field string) string { return "--" + strings.ReplaceAll(field, "_", "-") }
