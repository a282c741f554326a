package exchange

import (
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// ownLayout has the columns of our CSV.
var ownLayout = func() *layout {
	names := make([][]string, len(ownColumns))
	for i, name := range ownColumns {
		names[i] = []string{name}
	}
	slug := column(1)
	return newLayout(names, slug)
}()

// The limits of a table of our own, in which a cell may hold all translations of a product.
const (
	ownCellMax = 16 << 20
	ownRowMax  = 32 << 20
)

// ownTable is our CSV.
type ownTable struct {
	*own

	head     header
	product  *record // Whose variants are being read.
	variants []record
	more     int // Variants beyond those that a product may have, which are only counted.
}

// readOwn goes through our CSV. The rows of a product stand together. Without a kind, a row is of a product, and of a
// variant too when it says anything of one.
func readOwn(p *pass) error {
	p.table.cellMax, p.table.rowMax = ownCellMax, ownRowMax
	first, err := p.first()
	if err != nil {
		return err
	}
	t := &ownTable{own: newOwn(p)}
	t.head = ownLayout.readHeader(first, &p.findings, nil)
	p.ignored = t.head.ignored
	if p.count > 0 {
		return nil
	}
	for {
		r, err := p.next(&t.head)
		if p.ended(err) {
			p.none(first.line)
			return t.finish()
		}
		if err != nil {
			return err
		}
		if !p.fits(r, &t.head) {
			continue
		}
		if err := t.row(r); err != nil {
			return err
		}
	}
}

// row reads one row.
func (t *ownTable) row(r row) error {
	kind := strings.ToLower(t.head.text(r, 0))
	switch kind {
	case kindVariant, "":
		return t.ofProduct(r, kind)
	case kindLocation, kindBrand, kindCategory, kindCollection, kindMoved, kindProduct:
	default:
		t.refuse(Rejection{Line: r.line, Column: t.head.label(0), Code: CodeUnknownKind, Reason: "\"" + excerpt(kind) + "\" is not a kind; a row is of a " + kinds()})
		return nil
	}
	if err := t.finish(); err != nil {
		return err
	}
	rec := t.record(r, kind)
	if kind != kindProduct {
		return t.thing(rec)
	}
	t.product = &rec
	return nil
}

// ofProduct reads a row of a variant, or one without a kind.
func (t *ownTable) ofProduct(r row, kind string) error {
	slug := t.head.text(r, 1)
	same := t.product != nil && t.product.fields["slug"].cell == slug
	if !same {
		if err := t.finish(); err != nil {
			return err
		}
		product := t.record(r, kindProduct)
		if kind == kindVariant { // It says nothing of its product but which one it is.
			product.fields = map[string]value{"slug": {cell: slug}}
		}
		t.product = &product
	}
	v := t.record(r, kindVariant)
	if kind == "" {
		delete(v.fields, "metadata") // Those of its product, as its id is.
		delete(v.fields, "id")
		if !t.saysVariant(r) {
			return nil
		}
	}
	if len(t.variants) == catalog.VariantsMax {
		t.more++
		return nil
	}
	t.variants = append(t.variants, v)
	return nil
}

// saysVariant tells whether a row without a kind says anything of a variant.
func (t *ownTable) saysVariant(r row) bool {
	for _, name := range []string{"sku", "values", "price", "stock"} {
		if t.head.text(r, ownLayout.byName[name]) != "" {
			return true
		}
	}
	return false
}

// record makes a record of a row.
func (t *ownTable) record(r row, kind string) record {
	out := record{line: r.line, kind: kind, fields: map[string]value{}}
	for _, name := range fieldsOf[kind] {
		if c := ownLayout.byName[name]; t.head.has(c) {
			out.fields[name] = value{cell: t.head.raw(r, c)}
		}
	}
	if slug, there := out.fields["slug"]; there {
		out.fields["slug"] = value{cell: strings.TrimSpace(slug.cell)}
	}
	return out
}

// finish gives the product whose rows were read.
func (t *ownTable) finish() error {
	if t.product == nil {
		return nil
	}
	product, variants, more := *t.product, t.variants, t.more
	t.product, t.variants, t.more = nil, nil, 0
	return t.own.product(product, variants, more)
}
