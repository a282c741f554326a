package sqlite

import (
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The statements that write the aggregates of the catalogue.
var (
	sqlPutProduct = table{name: "products", key: "id", stay: []string{"created_at"}, columns: []string{
		"id", "version", "slug", "title", "description", "brand", "brand_id", "type", "tags", "status", "featured", "seo", "tax_category",
		"metadata", "categories", "collections", "publication", "listings", "translations", "options", "media", "created_at", "updated_at",
		"due_at", "shown_from", "shown_until",
	}}.put()
	sqlAddVariant = table{name: "variants", columns: []string{
		"id", "product_id", "position", "sku", "options", "barcode", "grams", "media_id", "retired", "channels", "metadata",
	}}.put()
	sqlPutBrand = table{name: "brands", key: "id", columns: []string{
		"id", "version", "slug", "name", "name_key", "description", "seo", "translations", "created_at", "updated_at",
	}}.put()
	// A category's path follows when all parents are known; see sqlPaths.
	sqlPutCategory = table{name: "categories", key: "id", stay: []string{"path"}, columns: []string{
		"id", "version", "parent_id", "position", "path", "slug", "name", "description", "seo", "translations", "created_at", "updated_at",
	}}.put()
	sqlPutCollection = table{name: "collections", key: "id", columns: []string{
		"id", "version", "slug", "name", "description", "seo", "translations", "rule", "products", "publication", "listings", "metadata",
		"created_at", "updated_at",
	}}.put()
)

func rowOfProduct(w catalog.Write[catalog.Product]) []any {
	p := w.State
	from, until := bounds(everShown(p, ref.DefaultChannel))
	return []any{
		idText(p.ID), p.Version, p.Slug, p.Title, p.Description, p.Brand, idText(p.BrandID), p.Type, jsonText(orNothing(p.Tags)), p.Status,
		p.Featured, jsonText(p.SEO), p.TaxCategory, jsonText(orEmpty(p.Metadata)), idTexts(p.Categories), idTexts(p.Collections),
		jsonText(p.Publication), jsonText(orNothing(p.Listings)), jsonText(orEmpty(p.Translations)), jsonText(orNothing(p.Options)),
		jsonText(orNothing(p.Media)), microsOf(p.CreatedAt), microsOf(p.UpdatedAt), nullMicros(p.Due), from, until,
	}
}

// everShown is Shown for a product that might be active: the status stands in a column of its own.
func everShown(p catalog.Product, channel ref.Channel) (catalog.Window, bool) {
	p.Status = catalog.Active
	return p.Shown(channel)
}

// placedVariant is a variant and where it stands.
type placedVariant struct {
	catalog.Variant

	product  ref.ProductID
	position int
}

// variantsOf are the variants of written products.
func variantsOf(writes []catalog.Write[catalog.Product]) []placedVariant {
	var out []placedVariant
	for _, w := range writes {
		for i, v := range w.State.Variants {
			out = append(out, placedVariant{v, w.State.ID, i})
		}
	}
	return out
}

func rowOfVariant(v placedVariant) []any {
	return []any{
		idText(v.ID), idText(v.product), v.position, v.SKU, jsonText(orNothing(v.Options)), v.Barcode, v.Grams, idText(v.Media), v.Retired,
		jsonText(orNothing(v.Channels)), jsonText(orEmpty(v.Metadata)),
	}
}

func rowOfBrand(w catalog.Write[catalog.Brand]) []any {
	b := w.State
	return []any{
		idText(b.ID), b.Version, b.Slug, b.Name, catalog.NameKey(b.Name), b.Description, jsonText(b.SEO), jsonText(orEmpty(b.Translations)),
		microsOf(b.CreatedAt), microsOf(b.UpdatedAt),
	}
}

func rowOfCategory(w catalog.Write[catalog.Category]) []any {
	c := w.State
	return []any{
		idText(c.ID), c.Version, idText(c.Parent), c.Position, "", c.Slug, c.Name, c.Description, jsonText(c.SEO), jsonText(orEmpty(c.Translations)),
		microsOf(c.CreatedAt), microsOf(c.UpdatedAt),
	}
}

func rowOfCollection(w catalog.Write[catalog.Collection]) []any {
	c := w.State
	var rule any
	if c.Rule != nil {
		rule = jsonText(c.Rule)
	}
	return []any{
		idText(c.ID), c.Version, c.Slug, c.Name, c.Description, jsonText(c.SEO), jsonText(orEmpty(c.Translations)), rule, idTexts(c.Products),
		jsonText(c.Publication), jsonText(orNothing(c.Listings)), jsonText(orEmpty(c.Metadata)), microsOf(c.CreatedAt), microsOf(c.UpdatedAt),
	}
}
