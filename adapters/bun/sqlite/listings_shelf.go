package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/mapping"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	sqlListedProducts = `SELECT p.doc, p.id, p.title, p.description, p.type, p.tags, p.status, p.featured, p.categories, p.publication, p.listings, p.translations,
		p.created_at, p.brand, p.brand_id, b.id, b.name, b.translations
		FROM products p LEFT JOIN brands b ON b.id = p.brand_id WHERE p.id IN ` + sqlSet
	sqlListedVariants = `SELECT product_id, id, sku, options, barcode, retired, channels FROM variants WHERE product_id IN ` + sqlSet + ` ORDER BY product_id, position`
	sqlListedPlans    = `SELECT x.variant_id, x.channel, x.currency, x.version, x.since, x.amount, x.compare_at, x.windows, x.noted_by, x.noted_why, x.past
		FROM variants v CROSS JOIN prices x ON x.variant_id = v.id WHERE v.product_id IN ` + sqlSet
	// What is there of each SKU, and what may be sold of it beyond that.
	sqlListedStock = `SELECT v.sku, COALESCE((SELECT sum(on_hand) FROM stock_levels l WHERE l.sku = v.sku), 0),
			COALESCE((SELECT sum(reserved) FROM stock_levels l WHERE l.sku = v.sku), 0), COALESCE(p.kind, ''), COALESCE(p.most, 0), p.until, COALESCE(p.owed, 0)
		FROM variants v LEFT JOIN stock_policies p ON p.sku = v.sku WHERE v.product_id IN ` + sqlSet
)

// shelf is what the rows of products are made of.
type shelf struct {
	products map[ref.ProductID]*shelved
	prices   map[place]map[ref.VariantID][]catalog.PriceSpell
	stock    map[ref.SKU]inventory.Availability
}

// shelved is a product with its words, by their classes, and the number of their document.
type shelved struct {
	catalog.Candidate

	doc   int64
	words map[catalog.WordClass][]string
}

// place is where something has a price.
type place struct {
	channel  ref.Channel
	currency money.Currency
}

// shelve reads what the rows of products are made of.
func shelve(ctx context.Context, tx *sql.Tx, products []ref.ProductID) (*shelf, error) {
	out := &shelf{products: map[ref.ProductID]*shelved{}, prices: map[place]map[ref.VariantID][]catalog.PriceSpell{}}
	ids := idTexts(products)
	all, err := rowsOf(ctx, tx, scanShelved, sqlListedProducts, ids)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		out.products[p.Product.ID] = p
	}
	variants, err := rowsOf(ctx, tx, func(row scanned) (placedVariant, error) {
		var v placedVariant
		return v, row.Scan(intoID(&v.product), intoID(&v.ID), &v.SKU, intoJSON(&v.Options), &v.Barcode, &v.Retired, intoList(&v.Channels))
	}, sqlListedVariants, ids)
	if err != nil {
		return nil, err
	}
	for _, v := range variants {
		if p := out.products[v.product]; p != nil {
			p.Product.Variants = append(p.Product.Variants, v.Variant)
		}
	}
	for _, p := range all {
		p.words = classed(p.Product.Words(), p.BrandWords())
	}
	plans, err := rowsOf(ctx, tx, scanListedPlan, sqlListedPlans, ids)
	if err != nil {
		return nil, err
	}
	for _, plan := range plans {
		out.price(plan)
	}
	out.stock, err = soldOf(ctx, tx, products)
	return out, err
}

func scanShelved(row scanned) (*shelved, error) {
	out := &shelved{}
	p := &out.Product
	var b catalog.Brand
	var name *string
	err := row.Scan(&out.doc, intoID(&p.ID), &p.Title, &p.Description, &p.Type, intoJSON(&p.Tags), &p.Status, &p.Featured, intoList(&p.Categories),
		intoJSON(&p.Publication), intoJSON(&p.Listings), intoJSON(&p.Translations), intoTime(&p.CreatedAt), &p.Brand, intoID(&p.BrandID),
		intoID(&b.ID), &name, intoJSON(&b.Translations))
	if name != nil {
		b.Name = *name
		out.Brand = &b
	}
	return out, err
}

func scanListedPlan(row scanned) (pricing.Plan, error) {
	var key pricing.Key
	var currency string
	var plan mapping.Plan
	err := row.Scan(intoID(&key.Variant), &key.Channel, &currency, &plan.Version, intoTime(&plan.Since), &plan.Amount, &plan.CompareAt,
		&plan.Windows, &plan.By, &plan.Why, &plan.Past)
	if err != nil {
		return pricing.Plan{}, err
	}
	if key.Currency, err = money.CurrencyOf(currency); err != nil {
		return pricing.Plan{}, err
	}
	return plan.Of(key)
}

// price notes what a variant costs.
func (h *shelf) price(plan pricing.Plan) {
	at := place{plan.Channel, plan.Currency}
	if h.prices[at] == nil {
		h.prices[at] = map[ref.VariantID][]catalog.PriceSpell{}
	}
	for _, spell := range plan.Spells() {
		h.prices[at][plan.Variant] = append(h.prices[at][plan.Variant], catalog.PriceSpell{
			Window:       catalog.Window{From: spell.Window.From, Until: spell.Window.Until},
			VariantPrice: catalog.VariantPrice{Price: spell.Price.Amount, CompareAt: spell.Price.CompareAt, Lowest30: spell.Price.Lowest30},
		})
	}
}

// soldOf reads what can be sold of the SKUs of products.
func soldOf(ctx context.Context, tx *sql.Tx, products []ref.ProductID) (map[ref.SKU]inventory.Availability, error) {
	out := map[ref.SKU]inventory.Availability{}
	var a inventory.Availability
	err := eachRow(ctx, tx, sqlListedStock, []any{idTexts(products)},
		[]any{&a.SKU, &a.OnHand, &a.Reserved, &a.Kind, &a.Limit, intoTime(&a.Until), &a.Owed}, func() { out[a.SKU] = a })
	return out, err
}

// inStockUntil is until when one of the SKUs can be sold, as a row has it.
func inStockUntil(stock map[ref.SKU]inventory.Availability, skus []ref.SKU) int64 {
	until := int64(always)
	for _, sku := range skus {
		end, ever := stock[sku].SoldUntil()
		switch {
		case ever:
			return never
		case !end.IsZero():
			until = max(until, microsOf(end))
		}
	}
	return until
}

// rows makes the rows of a product.
func (h *shelf) rows(id ref.ProductID) [][]any {
	p := h.products[id]
	if p == nil {
		return nil
	}
	var out [][]any
	for at, prices := range h.prices {
		for _, spell := range p.Product.ListingSpells(at.channel, prices) {
			from, until := bounds(spell.Window, true)
			out = append(out, []any{
				p.doc, at.channel, at.currency.Code(), from, until, microsOf(p.Product.CreatedAt), idText(id), spell.Price.Micro(),
				inStockUntil(h.stock, spell.SKUs), p.Product.Featured, idText(p.Product.BrandID), catalog.NameKey(p.Product.Title),
				mapping.MicroOf(spell.CompareAt), mapping.MicroOf(spell.Lowest30), spaced(p.words[catalog.TitleWord]),
				spaced(p.words[catalog.BrandWord], p.words[catalog.CodeWord]), spaced(p.words[catalog.DetailWord]), idTexts(p.Product.Categories),
				jsonText(spell.SKUs),
			})
		}
	}
	return out
}
