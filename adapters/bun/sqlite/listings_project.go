package sqlite

import (
	"context"
	"database/sql"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// projectBatch is how many products are projected at once, so that what is read of them stays small.
const projectBatch = 200

// sqlDocs are the numbers of products, whose ids are one argument.
const sqlDocs = `(SELECT doc FROM products WHERE id IN ` + sqlSet + `)`

// sqlNextProducts walks through the products.
const sqlNextProducts = `SELECT id FROM products WHERE id > ?1 ORDER BY id LIMIT ?2`

var sqlPutListing = table{name: "listings", columns: []string{
	"doc", "channel", "currency", "shown_from", "shown_until", "created_at", "product_id", "price", "in_stock_until", "featured", "brand_id",
	"name_key", "compare_at", "lowest30", "title_words", "name_words", "detail_words", "categories", "skus",
}}.put()

// projectCommit writes what lists show of what a commit of the catalogue wrote: its products, and those whose brands it
// may have renamed.
func projectCommit(ctx context.Context, tx *sql.Tx, c catalog.Commit) error {
	products := make([]ref.ProductID, len(c.Products))
	for i, w := range c.Products {
		products[i] = w.State.ID
	}
	brands := []ref.BrandID{}
	for _, w := range c.Brands {
		if w.Expected > 0 {
			brands = append(brands, w.State.ID)
		}
	}
	if err := project(ctx, tx, products, true); err != nil || len(brands) == 0 {
		return err
	}
	branded, err := productsBy(ctx, tx, `SELECT product_id FROM product_brands WHERE brand_id IN `+sqlSet, idTexts(brands))
	if err != nil {
		return err
	}
	return project(ctx, tx, branded, true)
}

// projectPriced writes what lists show of the products of variants, whose prices the transaction wrote.
func (s *Store) projectPriced(ctx context.Context, tx *sql.Tx, variants []ref.VariantID) error {
	products, err := productsBy(ctx, tx, `SELECT DISTINCT product_id FROM variants WHERE id IN `+sqlSet, idTexts(variants))
	if err != nil {
		return err
	}
	return project(ctx, tx, products, false)
}

// projectStock corrects whether products are in stock, of which the SKUs can be sold now or no longer: those that
// mapping.Crossed gives for what the transaction wrote.
func (s *Store) projectStock(ctx context.Context, tx *sql.Tx, skus []string) error {
	if len(skus) == 0 {
		return nil
	}
	products, err := productsBy(ctx, tx, `SELECT DISTINCT product_id FROM variants WHERE sku IN `+sqlSet, jsonText(skus))
	if err != nil {
		return err
	}
	return inBatches(products, func(batch []ref.ProductID) error {
		stock, err := soldOf(ctx, tx, batch)
		if err != nil {
			return err
		}
		var rows [][]any
		var channel, currency string
		var doc, from, stored int64
		var of []ref.SKU
		err = eachRow(ctx, tx, `SELECT doc, channel, currency, shown_from, in_stock_until, skus FROM listings WHERE doc IN `+sqlDocs,
			[]any{idTexts(batch)}, []any{&doc, &channel, &currency, &from, &stored, intoList(&of)}, func() {
				if until := inStockUntil(stock, of); until != stored {
					rows = append(rows, []any{doc, channel, currency, from, until})
				}
			})
		if err != nil {
			return err
		}
		return each(ctx, tx, `UPDATE listings SET in_stock_until = ?5 WHERE doc = ?1 AND channel = ?2 AND currency = ?3 AND shown_from = ?4`, rows, itself)
	})
}

// project writes the rows of products, and their words too where those may have changed.
func project(ctx context.Context, tx *sql.Tx, products []ref.ProductID, words bool) error {
	return inBatches(products, func(batch []ref.ProductID) error {
		shelf, err := shelve(ctx, tx, batch)
		if err != nil {
			return err
		}
		var rows [][]any
		for _, id := range batch {
			rows = append(rows, shelf.rows(id)...)
		}
		if err := exec(ctx, tx, `DELETE FROM listings WHERE doc IN `+sqlDocs, idTexts(batch)); err != nil {
			return err
		}
		if err := each(ctx, tx, sqlPutListing, rows, itself); err != nil || !words {
			return err
		}
		return writeWords(ctx, tx, shelf)
	})
}

// productsBy reads ids of products.
func productsBy(ctx context.Context, db asked, query string, args ...any) ([]ref.ProductID, error) {
	return rowsOf(ctx, db, func(row scanned) (id ref.ProductID, err error) { return id, row.Scan(intoID(&id)) }, query, args...)
}

// inBatches does something with products, some at once.
func inBatches(products []ref.ProductID, do func([]ref.ProductID) error) error {
	for batch := range slices.Chunk(products, projectBatch) {
		if err := do(batch); err != nil {
			return err
		}
	}
	return nil
}

// ProjectListings writes the rows and the words of all products anew, in batches that each are a transaction, and gives
// the number of products. Every commit keeps them true by itself; this is for whoever changed tables by hand. It does no
// harm while the shop is open, and may be run again.
func (s *Store) ProjectListings(ctx context.Context) (int, error) {
	done := 0
	for last := ""; ; {
		var ids []ref.ProductID
		err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
			if ids, err = productsBy(ctx, tx, sqlNextProducts, last, projectBatch); err != nil {
				return err
			}
			return project(ctx, tx, ids, true)
		})
		if err != nil || len(ids) == 0 {
			return done, err
		}
		done, last = done+len(ids), ids[len(ids)-1].String()
	}
}
