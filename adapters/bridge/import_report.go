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
	Structure int      `json:"structure"` // Locations, brands, categories, collections and former slugs that were made or changed; categories of products besides.
	Warnings  []string `json:"warnings"`  // What may surprise; at most WarningsMax.

	Changes []ImportChange `json:"changes,omitempty"`      // Of a dry run, in the order of the file; at most ChangesMax.
	More    int            `json:"changes_more,omitempty"` // That are not listed.
}

// report gathers an ImportReport.
type report struct {
	ImportReport
	more      int       // Warnings beyond WarningsMax.
	uncounted []ref.SKU // Without a quantity and without a level; the first of them.
	unknown   int       // Of all such.
}

// sampled is how many SKUs a warning about many names, and one that tells that there are more.
const sampled = 6

func newReport() *report { return &report{ImportReport: ImportReport{Warnings: []string{}}} }

// warn adds a warning.
func (r *report) warn(format string, args ...any) {
	if len(r.Warnings) == WarningsMax-1 {
		r.more++
		return
	}
	r.Warnings = append(r.Warnings, fmt.Sprintf(format, args...))
}

// count adds a product that is done, with its warnings.
func (r *report) count(p *plan) {
	r.Products++
	r.Variants += len(p.source.Variants)
	r.Images += len(p.source.Images)
	switch {
	case p.stored == nil:
		r.Created++
	case p.changed():
		r.Updated++
	default:
		r.Unchanged++
	}
	r.Prices += len(p.adopts) + len(p.prices) + len(p.windows)
	r.Stock += len(p.counts)
	r.Policies += len(p.rules)
	r.uncounted = append(r.uncounted, p.unknown[:min(len(p.unknown), max(sampled-len(r.uncounted), 0))]...)
	r.unknown += len(p.unknown)
	for _, w := range p.warnings {
		r.warn("%s: %s", p.target.Slug, w)
	}
}

// countSaved adds the products of a batch that was cut off which were written, though not all of their prices and stock.
func (r *report) countSaved(plans []*plan) {
	for _, p := range plans {
		if !p.saved {
			continue
		}
		r.Products++
		r.Variants += len(p.source.Variants)
		r.Images += len(p.source.Images)
		if p.stored == nil {
			r.Created++
		} else {
			r.Updated++
		}
	}
}

// list adds a change of a dry run.
func (r *report) list(c ImportChange) {
	if len(r.Changes) == ChangesMax {
		r.More++
		return
	}
	r.Changes = append(r.Changes, c)
}

// done gives the report with what is said once for all products.
func (r *report) done() ImportReport {
	out := *r
	out.Warnings = append([]string{}, r.Warnings...)
	if r.unknown > 0 {
		out.warn("%d variants have no quantity and are not in stock until they are counted: %s", r.unknown, sample(r.uncounted))
	}
	if out.more > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%d more warnings", out.more))
	}
	return out.ImportReport
}

// sample lists the first few SKUs.
func sample(skus []ref.SKU) string {
	const most = sampled - 1
	var texts []string
	for _, s := range skus[:min(len(skus), most)] {
		texts = append(texts, string(s))
	}
	if len(skus) > most {
		texts = append(texts, "…")
	}
	return strings.Join(texts, ", ")
}
