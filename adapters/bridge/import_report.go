package bridge

import (
	"fmt"
	"strings"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// WarningsMax is the most warnings that a report lists; the last one tells how many more there were.
const WarningsMax = 1000

// ImportReport tells what an import did.
type ImportReport struct {
	Products  int      `json:"products"`  // Of the source; Created, Updated and Unchanged add up to it.
	Variants  int      `json:"variants"`  // Of the source.
	Images    int      `json:"images"`    // Of the source.
	Created   int      `json:"created"`   // Products that are new.
	Updated   int      `json:"updated"`   // Products of which something was written: itself, a price or stock.
	Unchanged int      `json:"unchanged"` // Products of which nothing was written.
	Prices    int      `json:"prices"`    // Prices that were written.
	Stock     int      `json:"stock"`     // Stock levels that were made.
	Policies  int      `json:"policies"`  // Policies that were made, for variants that the source sells on when none is left.
	Warnings  []string `json:"warnings"`  // What may surprise; at most WarningsMax.
}

// report gathers an ImportReport.
type report struct {
	ImportReport
	more      int       // Warnings beyond WarningsMax.
	uncounted []ref.SKU // Without a quantity and without a level.
}

func newReport() *report { return &report{ImportReport: ImportReport{Warnings: []string{}}} }

// warn adds a warning.
func (r *report) warn(format string, args ...any) {
	if len(r.Warnings) == WarningsMax-1 {
		r.more++
		return
	}
	r.Warnings = append(r.Warnings, fmt.Sprintf(format, args...))
}

// count adds a product of the source, with its warnings.
func (r *report) count(p *plan) {
	r.Products++
	r.Variants += len(p.source.Variants)
	r.Images += len(p.source.Images)
	for _, w := range p.warnings {
		r.warn("%s: %s", p.target.Slug, w)
	}
}

// done gives the report with what is said once for all products.
func (r *report) done() ImportReport {
	out := *r
	out.Warnings = append([]string{}, r.Warnings...)
	if n := len(r.uncounted); n > 0 {
		out.warn("%d variants have no quantity and are not in stock until they are counted: %s", n, sample(r.uncounted))
	}
	if out.more > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%d more warnings", out.more))
	}
	return out.ImportReport
}

// sample lists the first few SKUs.
func sample(skus []ref.SKU) string {
	const most = 5
	var texts []string
	for _, s := range skus[:min(len(skus), most)] {
		texts = append(texts, string(s))
	}
	if len(skus) > most {
		texts = append(texts, "…")
	}
	return strings.Join(texts, ", ")
}
