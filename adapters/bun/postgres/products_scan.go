package postgres

import (
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// decoded is a column that holds JSON, and what it is read into.
type decoded struct {
	data []byte
	into any
}

func decode(columns ...decoded) error {
	for _, c := range columns {
		if len(c.data) == 0 {
			continue
		}
		if err := json.Unmarshal(c.data, c.into); err != nil {
			return corrupt(err)
		}
	}
	return nil
}

// scanProduct reads productColumns.
func scanProduct(row pgx.CollectableRow) (catalog.Product, error) { return scanProductAfter(row) }

// scanProductAfter reads productColumns behind other columns.
func scanProductAfter(row pgx.CollectableRow, others ...any) (catalog.Product, error) {
	var p catalog.Product
	var id [16]byte
	var brand pgtype.UUID
	var tags, seo, metadata, publication, listings, translations, options, media []byte
	var categories, collections [][16]byte
	var due *time.Time
	err := row.Scan(append(others, &id, &p.Version, &p.Slug, &p.Title, &p.Description, &p.Brand, &brand, &p.Type, &tags,
		&p.Status, &p.Featured, &seo, &p.TaxCategory, &metadata, &categories, &collections, &publication, &listings, &translations,
		&options, &media, &p.CreatedAt, &p.UpdatedAt, &due)...)
	if err != nil {
		return p, err
	}
	p.ID = ref.NewID[ref.ProductKind](id)
	if brand.Valid {
		p.BrandID = ref.NewID[ref.BrandKind](brand.Bytes)
	}
	p.Categories, p.Collections = idsOf[ref.CategoryKind](categories), idsOf[ref.CollectionKind](collections)
	p.CreatedAt, p.UpdatedAt = ref.Instant(p.CreatedAt), ref.Instant(p.UpdatedAt)
	if due != nil {
		p.Due = ref.Instant(*due)
	}
	return p, decode(
		decoded{tags, &p.Tags}, decoded{seo, &p.SEO}, decoded{metadata, &p.Metadata}, decoded{publication, &p.Publication},
		decoded{listings, &p.Listings}, decoded{translations, &p.Translations}, decoded{options, &p.Options}, decoded{media, &p.Media},
	)
}

func scanVariant(row pgx.Row) (ref.ProductID, catalog.Variant, error) {
	var product, id [16]byte
	var v catalog.Variant
	var options, metadata []byte
	var media pgtype.UUID
	var channels []string
	if err := row.Scan(&product, &id, &v.SKU, &options, &v.Barcode, &v.Grams, &media, &v.Retired, &channels, &metadata); err != nil {
		return ref.ProductID{}, v, err
	}
	v.ID = ref.NewID[ref.VariantKind](id)
	if media.Valid {
		v.Media = ref.NewID[ref.MediaKind](media.Bytes)
	}
	for _, c := range channels {
		v.Channels = append(v.Channels, ref.Channel(c))
	}
	return ref.NewID[ref.ProductKind](product), v, decode(decoded{options, &v.Options}, decoded{metadata, &v.Metadata})
}
