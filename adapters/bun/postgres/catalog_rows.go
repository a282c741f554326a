package postgres

import (
	"encoding/json"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The tables of the catalogue whose rows are aggregates, and their rows.
var (
	productRows = recordset{"products", "id", []string{
		"id uuid", "version bigint", "slug text", "title text", "description text", "brand text", "brand_id uuid", "type text",
		"tags jsonb", "status text", "featured boolean", "seo jsonb", "tax_category text", "metadata jsonb", "categories uuid[]",
		"collections uuid[]", "publication jsonb", "listings jsonb", "translations jsonb", "options jsonb", "media jsonb",
		"created_at timestamptz", "updated_at timestamptz", "due_at timestamptz", "shown_from timestamptz", "shown_until timestamptz",
	}}
	variantRows = recordset{"variants", "id", []string{
		"id uuid", "product_id uuid", "position integer", "sku text", "options jsonb", "barcode text", "grams bigint", "media_id uuid",
		"retired boolean", "channels text[]", "metadata jsonb",
	}}
	brandRows = recordset{"brands", "id", []string{
		"id uuid", "version bigint", "slug text", "name text", "name_key text", "description text", "seo jsonb", "translations jsonb",
		"created_at timestamptz", "updated_at timestamptz",
	}}
	categoryRows = recordset{"categories", "id", []string{
		"id uuid", "version bigint", "parent_id uuid", "position integer", "path text", "slug text", "name text", "description text",
		"seo jsonb", "translations jsonb", "created_at timestamptz", "updated_at timestamptz",
	}}
	collectionRows = recordset{"collections", "id", []string{
		"id uuid", "version bigint", "slug text", "name text", "description text", "seo jsonb", "translations jsonb", "rule jsonb",
		"products uuid[]", "publication jsonb", "listings jsonb", "metadata jsonb", "created_at timestamptz", "updated_at timestamptz",
	}}
)

// row is one row of a recordset.
type row map[string]any

// optional is NULL for the zero id.
func optional[K ref.Kind](id ref.ID[K]) any {
	if id.IsZero() {
		return nil
	}
	return id.UUID().String()
}

// idTexts are ids as the database reads them.
func idTexts[K ref.Kind](ids []ref.ID[K]) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.UUID().String()
	}
	return out
}

// orEmpty is never null.
func orEmpty[M ~map[K]V, K comparable, V any](m M) M {
	if m == nil {
		return M{}
	}
	return m
}

// orNothing is never null.
func orNothing[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// bounds are a window's ends as the database has them; nothing is open between those of a closed one.
func bounds(w catalog.Window, open bool) (from, until string) {
	if !open {
		return "infinity", "-infinity"
	}
	from, until = "-infinity", "infinity"
	if !w.From.IsZero() {
		from = w.From.Format(time.RFC3339Nano)
	}
	if !w.Until.IsZero() {
		until = w.Until.Format(time.RFC3339Nano)
	}
	return from, until
}

func rowOfProduct(p catalog.Product) row {
	w, ok := everShown(p, ref.DefaultChannel)
	from, until := bounds(w, ok)
	return row{
		"id": p.ID.UUID().String(), "version": p.Version, "slug": p.Slug, "title": p.Title, "description": p.Description,
		"brand": p.Brand, "brand_id": optional(p.BrandID), "type": p.Type, "tags": orNothing(p.Tags), "status": p.Status, "featured": p.Featured,
		"seo": p.SEO, "tax_category": p.TaxCategory, "metadata": orEmpty(p.Metadata), "categories": idTexts(p.Categories),
		"collections": idTexts(p.Collections), "publication": p.Publication, "listings": orNothing(p.Listings),
		"translations": orEmpty(p.Translations), "options": orNothing(p.Options), "media": orNothing(p.Media), "created_at": p.CreatedAt,
		"updated_at": p.UpdatedAt, "due_at": nullTime(p.Due), "shown_from": from, "shown_until": until,
	}
}

// everShown is Shown for a product that might be active: the status stands in a column of its own.
func everShown(p catalog.Product, channel ref.Channel) (catalog.Window, bool) {
	p.Status = catalog.Active
	return p.Shown(channel)
}

func rowsOfVariants(p catalog.Product) []row {
	out := make([]row, len(p.Variants))
	for i, v := range p.Variants {
		out[i] = row{
			"id": v.ID.UUID().String(), "product_id": p.ID.UUID().String(), "position": i, "sku": v.SKU, "options": orNothing(v.Options),
			"barcode": v.Barcode, "grams": v.Grams, "media_id": optional(v.Media), "retired": v.Retired,
			"channels": orNothing(v.Channels), "metadata": orEmpty(v.Metadata),
		}
	}
	return out
}

func rowOfBrand(b catalog.Brand) row {
	return row{
		"id": b.ID.UUID().String(), "version": b.Version, "slug": b.Slug, "name": b.Name, "name_key": catalog.NameKey(b.Name),
		"description": b.Description, "seo": b.SEO, "translations": orEmpty(b.Translations), "created_at": b.CreatedAt, "updated_at": b.UpdatedAt,
	}
}

// rowOfCategory has no path, which the database makes of the parents; see sqlPaths.
func rowOfCategory(c catalog.Category) row {
	return row{
		"id": c.ID.UUID().String(), "version": c.Version, "parent_id": optional(c.Parent), "position": c.Position, "path": "",
		"slug": c.Slug, "name": c.Name, "description": c.Description, "seo": c.SEO, "translations": orEmpty(c.Translations),
		"created_at": c.CreatedAt, "updated_at": c.UpdatedAt,
	}
}

func rowOfCollection(c catalog.Collection) row {
	return row{
		"id": c.ID.UUID().String(), "version": c.Version, "slug": c.Slug, "name": c.Name, "description": c.Description, "seo": c.SEO,
		"translations": orEmpty(c.Translations), "rule": c.Rule, "products": idTexts(c.Products), "publication": c.Publication,
		"listings": orNothing(c.Listings), "metadata": orEmpty(c.Metadata), "created_at": c.CreatedAt, "updated_at": c.UpdatedAt,
	}
}

// set is rows as one argument.
func set(rows []row) string {
	b, err := json.Marshal(rows)
	if err != nil {
		panic("postgres: rows do not encode: " + err.Error())
	}
	return string(b)
}
