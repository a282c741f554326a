package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// SoldAs is how a variant is sold: what it costs, and how many there are. It is the same type as bridge.ExportSold; keep
// both alike.
type SoldAs = struct {
	Price   *pricing.Price  // Without an end; nil for none.
	Planned []pricing.Price // For a time, now or later.
	Plans   []pricing.Plan  // Those that say more: of other channels and currencies, or with a past.
	Levels  map[inventory.Location]int64
	Policy  inventory.Policy
}

// Writer writes a catalogue: one thing after the other, those that are named before those that name them. End writes what
// belongs to the end. Not safe for concurrent use.
type Writer interface {
	Location(s inventory.Site) error
	Brand(b catalog.Brand) error
	// Category takes the slug of the one above it, "" for none.
	Category(c catalog.Category, parent string) error
	// Product takes the slugs of its categories, their names from the root down, and how each of its variants is sold.
	Product(p catalog.Product, slugs []string, shelves [][]string, sold []SoldAs) error
	// Collection takes its rule with slugs for ids, and the slugs of the products of one by hand.
	Collection(c catalog.Collection, rule *catalog.Rule, products []string) error
	// Moved takes a slug that was given up, and the present one of the thing that it leads to.
	Moved(kind catalog.SlugKind, slug, to string) error
	End() error
}

// NewWriter makes a writer of a format, JSONL unless another one is named, with prices in a currency. It buffers; End writes
// the rest. What the formats of others have no place for is left out, and told by Losses.
func NewWriter(to io.Writer, as Format, currency money.Currency) Writer {
	out := bufio.NewWriterSize(to, 1<<16)
	switch as {
	case Shopify:
		return newShopifyWriter(out)
	case WooCommerce:
		return newWooWriter(out)
	case CSV:
		w := &ownWriter{put: putCells(out), flush: out.Flush, currency: currency.Code()}
		w.err = writeRow(out, ownColumns)
		return w
	default:
		w := &ownWriter{put: putLine(out), flush: out.Flush, lines: true, currency: currency.Code()}
		w.err = writeLine(out, []member{
			{"kind", kindShop}, {"format", lineFormat}, {"version", version}, {"currency", currency.Code()},
		})
		w.end = func() error {
			return writeLine(out, []member{{"kind", kindEnd}, {"products", w.products}})
		}
		return w
	}
}

// member is a field with its value: a string, a number, a bool, a []string, or what JSON says.
type member struct {
	name  string
	value any
}

// ownWriter writes our formats.
type ownWriter struct {
	put      func(kind string, fields []member, variants [][]member) error
	end      func() error
	flush    func() error
	lines    bool
	currency string
	products int
	err      error
}

// write writes a thing, unless writing failed before.
func (w *ownWriter) write(kind string, fields []member, variants [][]member) error {
	if w.err == nil {
		w.err = w.put(kind, fields, variants)
	}
	return w.err
}

// End writes the last line, and what is buffered.
func (w *ownWriter) End() error {
	if w.err == nil && w.end != nil {
		w.err = w.end()
	}
	if w.err == nil {
		w.err = w.flush()
	}
	return w.err
}

// Location writes a location.
func (w *ownWriter) Location(s inventory.Site) error {
	return w.write(kindLocation, []member{
		{"slug", string(s.Location)}, {"title", s.Name}, {"status", string(s.State)}, {"priority", int64(s.Priority)},
	}, nil)
}

// texts are what a thing says of itself.
func texts(slug, id string, t catalog.Text, translations map[string]catalog.Text) []member {
	return []member{
		{"slug", slug},
		{"id", id},
		{"title", t.Name},
		{"description", t.Description},
		{"seo_title", t.SEO.Title},
		{"seo_description", t.SEO.Description},
		{"translations", wireTexts(translations)},
	}
}

// Brand writes a brand.
func (w *ownWriter) Brand(b catalog.Brand) error {
	return w.write(kindBrand, texts(b.Slug, b.ID.String(), b.Text, b.Translations), nil)
}

// Category writes a category.
func (w *ownWriter) Category(c catalog.Category, parent string) error {
	return w.write(kindCategory, append(texts(c.Slug, c.ID.String(), c.Text, c.Translations), member{"parent", parent}), nil)
}

// Collection writes a collection.
func (w *ownWriter) Collection(c catalog.Collection, rule *catalog.Rule, products []string) error {
	fields := append(texts(c.Slug, c.ID.String(), c.Text, c.Translations), shown(c.Publication, c.Listings)...)
	fields = append(fields, member{"metadata", c.Metadata})
	if rule != nil {
		fields = append(fields, member{"rule", rule})
	} else {
		fields = append(fields, member{"products", products})
	}
	return w.write(kindCollection, fields, nil)
}

// shown is when and where a thing is shown.
func shown(window catalog.Window, listings []catalog.Listing) []member {
	return []member{{"published_from", window.From}, {"published_until", window.Until}, {"listings", wireListings(listings)}}
}

// Product writes a product.
func (w *ownWriter) Product(p catalog.Product, slugs []string, _ [][]string, sold []SoldAs) error {
	w.products++
	images := make([]wireImage, len(p.Media))
	place := map[ref.MediaID]int64{}
	for i, m := range p.Media {
		images[i] = wireImage{URL: m.SourceURL, Key: m.Key, Alt: m.Alt}
		place[m.ID] = int64(i) + 1
	}
	fields := append([]member{
		{"slug", p.Slug},
		{"id", p.ID.String()},
		{"title", p.Title},
		{"description", p.Description},
		{"brand", p.Brand},
		{"type", p.Type},
		{"tags", p.Tags},
		{"status", string(p.Status)},
		{"featured", p.Featured},
		{"categories", slugs},
		{"options", p.Options},
		{"images", images},
		{"seo_title", p.SEO.Title},
		{"seo_description", p.SEO.Description},
		{"tax_category", p.TaxCategory},
		{"metadata", p.Metadata},
		{"translations", wireProductTexts(p.Translations)},
	}, shown(p.Publication, p.Listings)...)
	variants := make([][]member, len(p.Variants))
	for i, v := range p.Variants {
		variants[i] = w.variant(v, sold[i], place[v.Media])
	}
	return w.write(kindProduct, fields, variants)
}

// variant are the fields of a variant.
func (w *ownWriter) variant(v catalog.Variant, s SoldAs, picture int64) []member {
	channels := make([]string, len(v.Channels))
	for i, c := range v.Channels {
		channels[i] = string(c)
	}
	out := []member{
		{"sku", string(v.SKU)},
		{"id", v.ID.String()},
		{"values", v.Options},
		{"barcode", v.Barcode},
		{"grams", v.Grams},
		{"image", picture},
		{"retired", v.Retired},
		{"channels", channels},
		{"metadata", v.Metadata},
	}
	if s.Price != nil {
		out = append(out, member{"price", s.Price.Amount.Decimal()}, member{"currency", w.currency})
		if s.Price.CompareAt != nil {
			out = append(out, member{"compare_at", s.Price.CompareAt.Decimal()})
		}
	}
	var planned []wirePrice
	for _, p := range s.Planned {
		price := wirePrice{Amount: p.Amount.Decimal(), From: p.Window.From.UTC(), Until: p.Window.Until.UTC()}
		if p.CompareAt != nil {
			price.CompareAt = p.CompareAt.Decimal()
		}
		planned = append(planned, price)
	}
	out = append(out, member{"prices", planned})
	if len(s.Plans) > 0 {
		out = append(out, member{"plans", wirePlans(s.Plans)})
	}
	elsewhere := map[string]int64{}
	for at, n := range s.Levels {
		if at == inventory.DefaultLocation {
			out = append(out, member{"stock", n})
		} else {
			elsewhere[string(at)] = n
		}
	}
	out = append(out, member{"stock_elsewhere", elsewhere})
	if s.Policy.Limit > 0 {
		out = append(out, member{"policy", string(s.Policy.Kind)}, member{"policy_limit", s.Policy.Limit}, member{"policy_until", s.Policy.Until})
	}
	return out
}

// putLine writes things as JSON Lines: what is empty is left out, but what a file without it would leave as it is.
func putLine(out io.Writer) func(string, []member, [][]member) error {
	return func(kind string, fields []member, variants [][]member) error {
		line := append([]member{{"kind", kind}}, ordered(kind, fields)...)
		if kind == kindProduct {
			inner := make([]json.RawMessage, len(variants))
			for i, v := range variants {
				text, err := object(ordered(kindVariant, v))
				if err != nil {
					return err
				}
				inner[i] = text
			}
			line = append(line, member{"variants", inner})
		}
		return writeLine(out, line)
	}
}

// ordered puts fields into the order of their kind.
func ordered(kind string, fields []member) []member {
	byName := make(map[string]any, len(fields))
	for _, f := range fields {
		byName[f.name] = f.value
	}
	out := make([]member, 0, len(fields))
	for _, name := range fieldsOf[kind] {
		if v, there := byName[name]; there && v != nil {
			out = append(out, member{name, v})
		}
	}
	return out
}

// writeLine writes an object on a line.
func writeLine(out io.Writer, members []member) error {
	text, err := object(members)
	if err == nil {
		_, err = out.Write(append(text, '\n'))
	}
	return err
}

// object is an object of JSON with its members in their order.
func object(members []member) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(m.name) + ":")
		if at, ok := m.value.(time.Time); ok && at.IsZero() {
			m.value = nil
		} else if ok {
			m.value = at.UTC()
		}
		if list := reflect.ValueOf(m.value); list.IsValid() && list.Kind() == reflect.Slice && list.Len() == 0 {
			m.value = []string{} // None is the same as empty, whatever a store gives.
		} else if list.IsValid() && list.Kind() == reflect.Map && list.Len() == 0 {
			m.value = struct{}{}
		}
		if err := e.Encode(m.value); err != nil {
			return nil, fmt.Errorf("writing %s: %w", m.name, err)
		}
		b.Truncate(b.Len() - 1) // The line end.
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// putCells writes things as rows of CSV.
func putCells(out io.Writer) func(string, []member, [][]member) error {
	return func(kind string, fields []member, variants [][]member) error {
		slug := fields[0].value.(string) //nolint:forcetypeassert // The first field of all is the slug.
		if err := writeCells(out, kind, fields); err != nil {
			return err
		}
		for _, v := range variants {
			if err := writeCells(out, kindVariant, append([]member{{"slug", slug}}, v...)); err != nil {
				return err
			}
		}
		return nil
	}
}

// writeCells writes a row.
func writeCells(out io.Writer, kind string, fields []member) error {
	cells := make([]string, len(ownColumns))
	cells[0] = kind
	for _, f := range fields {
		text, err := cellOf(f.value)
		if err != nil {
			return fmt.Errorf("writing %s: %w", f.name, err)
		}
		cells[ownLayout.byName[f.name]] = text
	}
	return writeRow(out, cells)
}

// cellOf is a value as a cell.
func cellOf(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return guard(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case bool:
		return strconv.FormatBool(v), nil
	case []string:
		return guard(joinList(v)), nil
	case time.Time:
		if v.IsZero() {
			return "", nil
		}
		return v.UTC().Format(time.RFC3339Nano), nil
	}
	text, err := object([]member{{"", v}})
	if err != nil {
		return "", err
	}
	inner := string(text[len(`{"":`) : len(text)-1])
	if inner == "null" || inner == "[]" || inner == "{}" {
		return "", nil
	}
	return inner, nil
}

// writeRow writes a row of CSV by RFC 4180.
func writeRow(out io.Writer, cells []string) error {
	var b strings.Builder
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		if strings.ContainsAny(c, "\",\r\n") || c != strings.TrimSpace(c) {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		b.WriteString(c)
	}
	b.WriteString("\r\n")
	_, err := io.WriteString(out, b.String())
	return err
}
