package bridge

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// thing is what the shop knows of a code; zero for nothing.
type thing struct {
	variant ref.VariantID
	product ref.ProductID
}

// orderWriter gathers rows into batches and writes them.
type orderWriter struct {
	importer *OrderImporter
	opts     OrderImport
	tally    *tally
	tell     func(OrderReport)
	rows     []ordering.ImportedRow
	things   map[string]thing // By code; those that were looked up.
	buyers   map[string]ref.CustomerID
}

// take adds a row, and writes what was gathered where a batch ends.
func (w *orderWriter) take(ctx context.Context, r OrderRow) error {
	if n := len(w.rows); n >= batchMost || n >= batchEnough && r.Row.Invoice != w.rows[n-1].Invoice {
		if err := w.flush(ctx); err != nil {
			return err
		}
	}
	if r.Code != "" {
		w.tally.done++
		return nil
	}
	w.rows = append(w.rows, r.Row)
	return nil
}

// flush writes what was gathered.
func (w *orderWriter) flush(ctx context.Context) error {
	if len(w.rows) == 0 {
		return nil
	}
	if err := w.know(ctx); err != nil {
		return err
	}
	if err := w.introduce(ctx); err != nil {
		return err
	}
	for i := range w.rows {
		r := &w.rows[i]
		t := w.things[r.Code]
		r.Variant, r.Product, r.Buyer = t.variant, t.product, w.buyers[r.Customer]
	}
	result, err := w.importer.orders.Import(ctx, ordering.ImportBatch{
		Source: w.opts.Source, Channel: w.opts.Scope.Channel, Currency: w.opts.Scope.Currency, Rows: w.rows, Try: w.opts.DryRun,
	})
	if err != nil {
		return err
	}
	w.tally.keep(w.rows, result)
	w.tally.done += int64(len(w.rows))
	w.rows = w.rows[:0]
	w.tell(w.tally.report())
	return nil
}

// know finds the variants of the codes of goods, and makes products of those that none has, if that is wanted. A
// shop may spell its SKUs otherwise than in capitals: the one in capitals goes first, then the one in small letters.
func (w *orderWriter) know(ctx context.Context) error {
	titles := map[string]string{}
	for _, r := range w.rows {
		if _, known := w.things[r.Code]; known || r.Kind == ordering.ImportedAdjustment {
			continue
		}
		if titles[r.Code] == "" {
			titles[r.Code] = r.Title
		}
	}
	if len(titles) == 0 {
		return nil
	}
	missing, err := w.find(ctx, slices.Sorted(maps.Keys(titles)))
	if err != nil || !w.opts.CreateProducts {
		return err
	}
	if w.opts.DryRun {
		w.tally.products += int64(len(missing))
		return nil
	}
	for range rememberTries {
		relics := make([]catalog.Relic, len(missing))
		for i, code := range missing {
			relics[i] = catalog.Relic{SKU: ref.SKU(code), Title: titles[code]}
		}
		made, err := w.importer.catalog.Remember(ctx, relics)
		for sku, v := range made {
			w.things[string(sku)] = thing{v.Variant, v.Product}
			w.tally.products++
		}
		if !fault.Is(err, catalog.SKUTaken) && !fault.Is(err, catalog.SlugTaken) {
			return err
		}
		// Another import makes some of them right now.
		if missing, err = w.find(ctx, missing); err != nil {
			return err
		}
	}
	return catalog.SKUTaken.New("others make products of the same codes all the time; import the file again")
}

// rememberTries is how often products are made anew while others make the same.
const rememberTries = 5

// find looks codes up, and gives those that no variant has.
func (w *orderWriter) find(ctx context.Context, codes []string) (missing []string, err error) {
	skus := make([]ref.SKU, 0, 2*len(codes))
	for _, code := range codes {
		skus = append(skus, ref.SKU(code))
		if small := strings.ToLower(code); small != code {
			skus = append(skus, ref.SKU(small))
		}
	}
	found, err := w.importer.catalog.Variants(ctx, skus)
	if err != nil {
		return nil, err
	}
	for _, code := range codes {
		v, known := found[ref.SKU(code)]
		if !known {
			v, known = found[ref.SKU(strings.ToLower(code))]
		}
		w.things[code] = thing{v.Variant, v.Product}
		if !known {
			missing = append(missing, code)
		}
	}
	return missing, nil
}

// introduce finds the customers that rows name, and makes those that the shop does not know.
func (w *orderWriter) introduce(ctx context.Context) error {
	names := map[string]bool{}
	for _, r := range w.rows {
		if _, known := w.buyers[r.Customer]; !known && r.Customer != "" {
			names[r.Customer] = true
		}
	}
	if len(names) == 0 {
		return nil
	}
	refs := slices.Sorted(maps.Keys(names))
	if w.opts.DryRun {
		known, err := w.importer.customers.ByReferences(ctx, w.opts.Source, refs)
		for _, name := range refs {
			if _, has := known[name]; !has {
				w.tally.customers++
			}
			w.buyers[name] = known[name]
		}
		return err
	}
	known, made, err := w.importer.customers.Introduce(ctx, w.opts.Source, refs)
	if err != nil {
		return err
	}
	w.tally.customers += int64(made)
	maps.Copy(w.buyers, known)
	return nil
}
