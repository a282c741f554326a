package exchange

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// woo reads WooCommerce's product CSV, as its own exporter writes it:
//   - Type says what a row is: a simple product, a variable one, or a variation, which names its Parent by SKU or as id:N and
//     may stand anywhere in the file. Grouped and external products have nothing of their own to sell and are left out, with
//     a note, as are types that plug-ins add.
//   - A product has no handle there; it gets one of its name, or the Slug where a plug-in exports it. Products of one name get
//     their SKU or id behind it, all of them.
//   - The options of a product are the attributes that its variations name; other attributes, and Meta columns that do not begin
//     with an underscore, become metadata. A variation that fits any value of an attribute has the value "Any"; an attribute
//     of which all variations do is no option.
//   - A Sale price is the price, beside the Regular price; one with dates is planned for its days, in UTC.
//   - Where Stock is not counted and In stock? says so, the variant is sold on without being counted.
type woo struct {
	*pass

	head wooHeader
}

// wooIndex is what is known of the variations of a file after its first pass.
type wooIndex struct {
	parents map[string]*wooFamily // By "id:N", and by SKU in lower case behind "sku:".
	slugs   map[string]int        // How many products would have each.
}

// wooFamily is a product of the file.
type wooFamily struct {
	line       int
	variable   bool
	left       bool  // Left out.
	variations []row // Their places, without their cells.
}

// readWoo goes through a file of WooCommerce's.
func readWoo(p *pass) error {
	if p.stage == learn {
		if err := indexWoo(p); err != nil || p.count > 0 {
			return err
		}
		p.rows = 0
		p.table = newTable(io.NewSectionReader(p.in, 0, p.size))
	}
	w, first, err := openWoo(p)
	if err != nil {
		return err
	}
	for {
		r, err := p.next(&w.head.header)
		if p.ended(err) {
			p.none(first.line)
			return nil
		}
		if err != nil {
			return err
		}
		if !p.fits(r, &w.head.header) {
			continue
		}
		if err := w.row(r); err != nil {
			return err
		}
	}
}

// openWoo reads the header.
func openWoo(p *pass) (*woo, row, error) {
	first, err := p.first()
	if err != nil {
		return nil, first, err
	}
	w := &woo{pass: p, head: readWooHeader(first, &p.findings)}
	p.ignored = w.head.ignored
	return w, first, nil
}

// indexWoo finds where the variations of each product stand.
func indexWoo(p *pass) error {
	p.index.woo = wooIndex{parents: map[string]*wooFamily{}, slugs: map[string]int{}}
	w, _, err := openWoo(p)
	if err != nil || p.count > 0 {
		return err
	}
	waiting := map[string][]row{}
	for {
		r, err := p.next(&w.head.header)
		if errors.Is(err, io.EOF) {
			break
		}
		if bad := (*brokenError)(nil); errors.As(err, &bad) {
			p.refuse(bad.Rejection)
			return nil
		}
		if err != nil {
			return err
		}
		if len(r.cells) != len(w.head.labels) {
			continue // It is refused in the next round.
		}
		switch kind := w.kind(r); kind {
		case "variation":
			key := w.parentKey(r)
			waiting[key] = append(waiting[key], row{line: r.line, offset: r.offset})
		default:
			w.indexParent(r, kind)
		}
	}
	for key, rows := range waiting {
		if parent := p.index.woo.parents[key]; parent != nil {
			parent.variations = append(parent.variations, rows...)
			slices.SortFunc(parent.variations, func(a, b row) int { return a.line - b.line })
		}
	}
	return nil
}

// indexParent remembers a product by its id and its SKU.
func (w *woo) indexParent(r row, kind string) {
	parent := &wooFamily{line: r.line, variable: kind == "variable", left: kind != "variable" && kind != "simple"}
	if id := w.head.text(r, wooID); id != "" {
		w.index.woo.parents["id:"+id] = parent
	}
	if sku := w.head.text(r, wooSKU); sku != "" {
		if key := skuKey(sku); w.index.woo.parents[key] == nil {
			w.index.woo.parents[key] = parent
		}
	}
	if !parent.left {
		w.index.woo.slugs[slugOf(w.name(r))]++
	}
}

func skuKey(sku string) string { return "sku:" + strings.ToLower(sku) }

// parentKey is how a variation names its product.
func (w *woo) parentKey(r row) string {
	text := w.head.text(r, wooParent)
	if id, byID := strings.CutPrefix(strings.ToLower(text), "id:"); byID {
		return "id:" + strings.TrimSpace(id)
	}
	return skuKey(text)
}

// parentOf finds a product's own entry.
func (w *woo) parentOf(r row) *wooFamily {
	if id := w.head.text(r, wooID); id != "" {
		return w.index.woo.parents["id:"+id]
	}
	return w.index.woo.parents[skuKey(w.head.text(r, wooSKU))]
}

// kind is what a row is, without whether it is downloadable or virtual.
func (w *woo) kind(r row) string {
	for _, part := range wooList(strings.ToLower(w.head.text(r, wooType))) {
		if part != "downloadable" && part != "virtual" {
			return part
		}
	}
	return "simple"
}

// name is the text that a product's handle is made of.
func (w *woo) name(r row) string {
	if slug := w.head.text(r, wooSlug); slug != "" {
		return slug
	}
	return unescaped(w.head.text(r, wooName))
}

// refuseAt adds a rejection of a cell.
func (w *woo) refuseAt(line int, c column, code, format string, args ...any) {
	w.refuse(Rejection{Line: line, Column: w.head.label(c), Code: code, Reason: fmt.Sprintf(format, args...)})
}

// noteAt adds a note on a cell.
func (w *woo) noteAt(line int, c column, format string, args ...any) {
	w.note(Note{Line: line, Column: w.head.label(c), Text: fmt.Sprintf(format, args...)})
}

// row reads one row in its turn.
func (w *woo) row(r row) error {
	switch kind := w.kind(r); kind {
	case "simple", "variable":
		return w.product(r, kind == "variable")
	case "variation":
		parent, key := w.index.woo.parents[w.parentKey(r)], w.head.text(r, wooParent)
		switch {
		case parent == nil && key == "":
			w.refuseAt(r.line, wooParent, CodeMissingParent, "a variation names its product, by SKU or as id:N")
		case parent == nil:
			w.refuseAt(r.line, wooParent, CodeMissingParent, "the file has no product %q; export it together with its variations", excerpt(key))
		case !parent.variable && !parent.left:
			w.refuseAt(r.line, wooParent, CodeMissingParent, "the product on line %d is simple and has no variations", parent.line)
		}
		return nil
	case "grouped":
		w.noteAt(r.line, wooType, "a grouped product is left out: it is others shown together; make a collection of them")
		return nil
	case "external":
		w.noteAt(r.line, wooType, "an external product is left out: it is sold elsewhere")
		return nil
	default:
		w.noteAt(r.line, wooType, "a product of the type %q is left out: it is none of simple, variable and variation", excerpt(kind))
		return nil
	}
}
