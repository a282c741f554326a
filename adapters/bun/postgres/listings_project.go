package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/mapping"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	sqlListedProducts = `SELECT p.id, p.title, p.type, p.tags, p.status, p.featured, p.categories, p.publication, p.listings, p.translations,
			p.created_at, p.brand, p.brand_id, p.description, b.name, coalesce(b.translations, '{}')
		FROM commerce.products p LEFT JOIN commerce.brands b ON b.shop = p.shop AND b.id = p.brand_id WHERE p.shop = $1 AND p.id = ANY($2::uuid[])`
	sqlListedVariants = `SELECT product_id, id, sku, options, barcode, retired, channels FROM commerce.variants
		WHERE shop = $1 AND product_id = ANY($2::uuid[]) ORDER BY product_id, position`
	sqlListedPlans = `SELECT x.variant_id, x.channel, x.currency, x.version, x.since, x.amount, x.compare_at, x.windows, x.noted_by, x.noted_why, x.past
		FROM commerce.variants v JOIN commerce.prices x ON x.shop = v.shop AND x.variant_id = v.id WHERE v.shop = $1 AND v.product_id = ANY($2::uuid[])`
	sqlListedStock = `SELECT k.sku, coalesce(o.ever, false), o.until
		FROM (SELECT DISTINCT sku FROM commerce.variants WHERE shop = $1 AND product_id = ANY($2::uuid[])) k
		CROSS JOIN LATERAL ` + sqlSoldUntil + ` o WHERE o.ever OR o.until IS NOT NULL`

	sqlWriteListings = `WITH r AS MATERIALIZED (SELECT * FROM jsonb_to_recordset($3::jsonb) AS r(product_id uuid, channel text, currency text,
				shown_from timestamptz, shown_until timestamptz, created_at timestamptz, name_key text, featured boolean, brand_id uuid,
				categories uuid[], search tsvector, prose tsvector, price bigint, compare_at bigint, lowest30 bigint, skus text[], in_stock_until timestamptz)),
			gone AS (DELETE FROM commerce.listings l WHERE l.shop = $1 AND l.product_id = ANY($2::uuid[]) AND NOT EXISTS (SELECT 1 FROM r
				WHERE r.product_id = l.product_id AND r.channel = l.channel AND r.currency = l.currency AND r.shown_from = l.shown_from))
		INSERT INTO commerce.listings AS l (shop, product_id, channel, currency, shown_from, shown_until, created_at, name_key, featured, brand_id,
				categories, search, prose, price, compare_at, lowest30, skus, in_stock_until)
			SELECT $1, r.* FROM r
		ON CONFLICT (shop, product_id, channel, currency, shown_from) DO UPDATE SET shown_until = excluded.shown_until, name_key = excluded.name_key,
			featured = excluded.featured, brand_id = excluded.brand_id, categories = excluded.categories, search = excluded.search, prose = excluded.prose,
			price = excluded.price, compare_at = excluded.compare_at, lowest30 = excluded.lowest30, skus = excluded.skus,
			in_stock_until = excluded.in_stock_until
		WHERE (l.shown_until, l.name_key, l.featured, l.brand_id, l.categories, l.search, l.prose, l.price, l.compare_at, l.lowest30, l.skus, l.in_stock_until)
			IS DISTINCT FROM (excluded.shown_until, excluded.name_key, excluded.featured, excluded.brand_id, excluded.categories, excluded.search, excluded.prose,
				excluded.price, excluded.compare_at, excluded.lowest30, excluded.skus, excluded.in_stock_until)`
)

// queueListings writes the rows of products, which the transaction has locked: one round trip reads what they are made
// of, for any number of them.
func (s *Store) queueListings(ctx context.Context, tx pgx.Tx, b *pgx.Batch, products []ref.ProductID) error {
	if len(products) == 0 {
		return nil
	}
	shelf, err := s.shelve(ctx, tx, products)
	if err != nil {
		return err
	}
	rows := []listingRow{}
	vocabulary := map[string]bool{}
	for _, id := range products {
		rows = append(rows, shelf.rows(id, vocabulary)...)
	}
	b.Queue(sqlWriteListings, s.cfg.Shop, uuids(products), text(rows))
	s.queueVocabulary(b, vocabulary)
	return nil
}

// shelf is what rows are made of.
type shelf struct {
	products map[ref.ProductID]*catalog.Candidate
	prices   map[place]map[ref.VariantID][]catalog.PriceSpell
	stock    map[ref.SKU]soldUntil
}

// soldUntil is until when a SKU can be sold.
type soldUntil struct {
	ever  bool
	until time.Time
}

// place is where something has a price.
type place struct {
	channel  ref.Channel
	currency money.Currency
}

// shelve reads what the rows of products are made of.
func (s *Store) shelve(ctx context.Context, tx pgx.Tx, products []ref.ProductID) (*shelf, error) {
	out := &shelf{
		products: map[ref.ProductID]*catalog.Candidate{}, prices: map[place]map[ref.VariantID][]catalog.PriceSpell{}, stock: map[ref.SKU]soldUntil{},
	}
	b := &pgx.Batch{}
	b.Queue(sqlListedProducts, s.cfg.Shop, uuids(products)).Query(eachRow(out.scanProduct))
	b.Queue(sqlListedVariants, s.cfg.Shop, uuids(products)).Query(eachRow(out.scanVariant))
	b.Queue(sqlListedPlans, s.cfg.Shop, uuids(products)).Query(eachRow(out.scanPlan))
	b.Queue(sqlListedStock, s.cfg.Shop, uuids(products)).Query(eachRow(out.scanStock))
	return out, tx.SendBatch(ctx, b).Close()
}

// eachRow scans rows one by one.
func eachRow(scan func(pgx.Rows) error) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	}
}

func (h *shelf) scanProduct(rows pgx.Rows) error {
	var c catalog.Candidate
	var id [16]byte
	var categories [][16]byte
	var brand pgtype.UUID
	var brandName *string
	var tags, publication, listings, translations, brandTranslations []byte
	p := &c.Product
	err := rows.Scan(&id, &p.Title, &p.Type, &tags, &p.Status, &p.Featured, &categories, &publication, &listings, &translations, &p.CreatedAt,
		&p.Brand, &brand, &p.Description, &brandName, &brandTranslations)
	if err != nil {
		return err
	}
	p.ID, p.CreatedAt, p.Categories = ref.NewID[ref.ProductKind](id), ref.Instant(p.CreatedAt), idsOf[ref.CategoryKind](categories)
	if brand.Valid {
		p.BrandID = ref.NewID[ref.BrandKind](brand.Bytes)
	}
	b := catalog.Brand{ID: p.BrandID}
	err = unmarshalAll(tags, &p.Tags, publication, &p.Publication, listings, &p.Listings, translations, &p.Translations, brandTranslations, &b.Translations)
	if brandName != nil {
		b.Name = *brandName
		c.Brand = &b
	}
	h.products[p.ID] = &c
	return err
}

// unmarshalAll reads pairs of JSON and where it goes.
func unmarshalAll(pairs ...any) error {
	for i := 0; i < len(pairs); i += 2 {
		if err := json.Unmarshal(pairs[i].([]byte), pairs[i+1]); err != nil {
			return corrupt(err)
		}
	}
	return nil
}

func (h *shelf) scanVariant(rows pgx.Rows) error {
	var v catalog.Variant
	var product, id [16]byte
	var options []byte
	var channels []string
	if err := rows.Scan(&product, &id, &v.SKU, &options, &v.Barcode, &v.Retired, &channels); err != nil {
		return err
	}
	v.ID = ref.NewID[ref.VariantKind](id)
	for _, c := range channels {
		v.Channels = append(v.Channels, ref.Channel(c))
	}
	if err := unmarshalAll(options, &v.Options); err != nil {
		return err
	}
	if p := h.products[ref.NewID[ref.ProductKind](product)]; p != nil {
		p.Product.Variants = append(p.Product.Variants, v)
	}
	return nil
}

func (h *shelf) scanPlan(rows pgx.Rows) error {
	var id [16]byte
	var channel, currency string
	var row mapping.Plan
	if err := rows.Scan(append([]any{&id, &channel, &currency}, append(planEntry(&row), &row.Past)...)...); err != nil {
		return err
	}
	unit, err := money.CurrencyOf(currency)
	if err != nil {
		return corrupt(err)
	}
	key := pricing.Key{Variant: ref.NewID[ref.VariantKind](id), Channel: ref.Channel(channel), Currency: unit}
	plan, err := row.Of(key)
	if err != nil {
		return corrupt(err)
	}
	at := place{key.Channel, key.Currency}
	if h.prices[at] == nil {
		h.prices[at] = map[ref.VariantID][]catalog.PriceSpell{}
	}
	for _, spell := range plan.Spells() {
		h.prices[at][key.Variant] = append(h.prices[at][key.Variant], catalog.PriceSpell{
			Window:       catalog.Window{From: spell.Window.From, Until: spell.Window.Until},
			VariantPrice: catalog.VariantPrice{Price: spell.Price.Amount, CompareAt: spell.Price.CompareAt, Lowest30: spell.Price.Lowest30},
		})
	}
	return nil
}

func (h *shelf) scanStock(rows pgx.Rows) error {
	var sku ref.SKU
	var sold soldUntil
	var until *time.Time
	err := rows.Scan(&sku, &sold.ever, &until)
	sold.until = instant(until)
	h.stock[sku] = sold
	return err
}

// listingRow is a row of the projection in JSON.
type listingRow struct {
	ProductID    string   `json:"product_id"`
	Channel      string   `json:"channel"`
	Currency     string   `json:"currency"`
	ShownFrom    string   `json:"shown_from"`
	ShownUntil   string   `json:"shown_until"`
	CreatedAt    string   `json:"created_at"`
	NameKey      string   `json:"name_key"`
	Featured     bool     `json:"featured"`
	BrandID      *string  `json:"brand_id"`
	Categories   []string `json:"categories"`
	Search       string   `json:"search"`
	Prose        string   `json:"prose"`
	Price        int64    `json:"price"`
	CompareAt    *int64   `json:"compare_at"`
	Lowest30     *int64   `json:"lowest30"`
	SKUs         []string `json:"skus"`
	InStockUntil string   `json:"in_stock_until"`
}

// rows makes the rows of a product, and adds its words to a vocabulary when it has any.
func (h *shelf) rows(id ref.ProductID, vocabulary map[string]bool) []listingRow {
	c := h.products[id]
	if c == nil {
		return nil
	}
	p, words, brandWords := c.Product, c.Product.Words(), c.BrandWords()
	row := listingRow{
		ProductID: id.UUID().String(), CreatedAt: moment(p.CreatedAt, ""), NameKey: catalog.NameKey(p.Title), Featured: p.Featured,
		Categories: idTexts(p.Categories), Search: vector(words, brandWords), Prose: proseVector(words),
	}
	if !p.BrandID.IsZero() {
		brand := p.BrandID.UUID().String()
		row.BrandID = &brand
	}
	var out []listingRow
	for at, prices := range h.prices {
		for _, spell := range p.ListingSpells(at.channel, prices) {
			row.Channel, row.Currency = string(at.channel), at.currency.Code()
			row.ShownFrom, row.ShownUntil = moment(spell.From, "-infinity"), moment(spell.Until, "infinity")
			row.Price, row.CompareAt, row.Lowest30 = spell.Price.Micro(), mapping.MicroOf(spell.CompareAt), mapping.MicroOf(spell.Lowest30)
			row.SKUs, row.InStockUntil = skuTexts(spell.SKUs), h.inStockUntil(spell.SKUs)
			out = append(out, row)
		}
	}
	if len(out) > 0 {
		learn(vocabulary, words, brandWords)
	}
	return out
}

// inStockUntil is until when one of the SKUs can be sold.
func (h *shelf) inStockUntil(skus []ref.SKU) string {
	var until time.Time
	for _, sku := range skus {
		if h.stock[sku].ever {
			return "infinity"
		}
		if h.stock[sku].until.After(until) {
			until = h.stock[sku].until
		}
	}
	return moment(until, "-infinity")
}

// moment is a time as the database reads it, or the text for the zero time.
func moment(t time.Time, zero string) string {
	if t.IsZero() {
		return zero
	}
	return t.Format(time.RFC3339Nano)
}
