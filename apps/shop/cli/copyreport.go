package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/bridge/doctor"
	"github.com/ipswich-retail/commerce/adapters/bun/carry"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// copyReport is what a copy reports.
type copyReport struct {
	From   string         `json:"from"`
	To     string         `json:"to"`
	Tables []carry.Copied `json:"tables"`
	Rows   int64          `json:"rows"`
	Doctor *doctor.Report `json:"doctor"` // Null when the copy was not looked at.
	Export struct {
		From *exported `json:"from"` // Null when nothing was compared.
		To   *exported `json:"to"`
	} `json:"export"`
	Seconds float64 `json:"seconds"` // Of the copy, without the look at it.
}

// exported is what a shop exports of its products.
type exported struct {
	Products int    `json:"products"`
	Bytes    int64  `json:"bytes"`
	SHA256   string `json:"sha256"`
}

// exportOf exports the products of a shop into nothing.
func exportOf(ctx context.Context, p Process, s compose.Settings, at time.Time) (*exported, error) {
	out, sum := &exported{}, sha256.New()
	to := &output{Writer: sum}
	err := (&exportProductsCmd{Settings: s}).from(ctx, p, func(e *bridge.Exporter, scope ref.Scope) error {
		scope.At = at
		return e.Export(ctx, scope, exchange.NewWriter(to, exchange.JSONL, scope.Currency), func(products int) { out.Products = products })
	})
	out.Bytes, out.SHA256 = to.written, hex.EncodeToString(sum.Sum(nil))
	return out, err
}

// sum adds up what was copied.
func (r *copyReport) sum(since time.Time) {
	for _, t := range r.Tables {
		r.Rows += t.Rows
	}
	r.Seconds = time.Since(since).Seconds()
}

// write writes the report in a form.
func (r *copyReport) write(w io.Writer, form string) error {
	if form == "json" {
		data, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		_, err = w.Write(append(data, '\n'))
		return err
	}
	var b strings.Builder
	for _, t := range r.Tables {
		fmt.Fprintf(&b, "%10d %s\n", t.Rows, t.Name)
	}
	fmt.Fprintf(&b, "%s is now in %s too: %d rows, read back and compared, in %.1f s\n", r.From, r.To, r.Rows, r.Seconds)
	switch one, other := r.Export.From, r.Export.To; {
	case one == nil || other == nil:
		b.WriteString("what both export was not compared\n")
	case *one == *other:
		fmt.Fprintf(&b, "both export the same: %d products, %d bytes, SHA-256 %s\n", one.Products, one.Bytes, one.SHA256)
	default:
		fmt.Fprintf(&b, "they do not export the same, as it is when the first was open and something changed there: %d products, SHA-256 %s, and %d products, SHA-256 %s\n",
			one.Products, one.SHA256, other.Products, other.SHA256)
	}
	if _, err := io.WriteString(w, b.String()); err != nil || r.Doctor == nil {
		return err
	}
	return writeText(w, *r.Doctor)
}
