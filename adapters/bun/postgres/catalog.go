package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// Catalog is the store as catalog.Committer.
type Catalog struct{ s *Store }

var _ catalog.Committer = Catalog{}

// Catalog gives the port catalog.Committer.
func (s *Store) Catalog() Catalog { return Catalog{s} }

type productRow struct {
	bun.BaseModel `bun:"table:commerce.products,alias:p"`

	Shop        int32           `bun:"shop,pk"`
	ID          string          `bun:"id,pk,type:uuid"`
	Version     int64           `bun:"version"`
	Slug        string          `bun:"slug"`
	Title       string          `bun:"title"`
	Description string          `bun:"description"`
	Brand       string          `bun:"brand"`
	Type        string          `bun:"type"`
	Tags        json.RawMessage `bun:"tags,type:jsonb"`
	Status      string          `bun:"status"`
	Featured    bool            `bun:"featured"`
	Options     json.RawMessage `bun:"options,type:jsonb"`
	Media       json.RawMessage `bun:"media,type:jsonb"`
	CreatedAt   time.Time       `bun:"created_at"`
	UpdatedAt   time.Time       `bun:"updated_at"`
}

type variantRow struct {
	bun.BaseModel `bun:"table:commerce.variants,alias:v"`

	Shop      int32           `bun:"shop,pk"`
	ID        string          `bun:"id,pk,type:uuid"`
	ProductID string          `bun:"product_id,type:uuid"`
	Position  int32           `bun:"position"`
	SKU       string          `bun:"sku"`
	Options   json.RawMessage `bun:"options,type:jsonb"`
	Barcode   string          `bun:"barcode"`
	Grams     int64           `bun:"grams"`
	MediaID   *string         `bun:"media_id,type:uuid"`
}

type eventRow struct {
	bun.BaseModel `bun:"table:commerce.outbox,alias:e"`

	Shop      int32           `bun:"shop"`
	ID        string          `bun:"id,type:uuid"`
	Name      string          `bun:"name"`
	Aggregate string          `bun:"aggregate"`
	At        time.Time       `bun:"at"`
	Data      json.RawMessage `bun:"data,type:json"`
}

func (s *Store) productRow(p catalog.Product) *productRow {
	return &productRow{
		Shop: s.cfg.Shop, ID: p.ID.UUID().String(), Version: int64(p.Version), Slug: p.Slug, Title: p.Title, Description: p.Description,
		Brand: p.Brand, Type: p.Type, Tags: json.RawMessage(text(p.Tags)), Status: string(p.Status), Featured: p.Featured,
		Options: json.RawMessage(text(p.Options)), Media: json.RawMessage(text(p.Media)), CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
}

func (s *Store) variantRows(p catalog.Product) []variantRow {
	out := make([]variantRow, len(p.Variants))
	for i, v := range p.Variants {
		out[i] = variantRow{
			Shop: s.cfg.Shop, ID: v.ID.UUID().String(), ProductID: p.ID.UUID().String(), Position: int32(i), SKU: string(v.SKU),
			Options: json.RawMessage(text(v.Options)), Barcode: v.Barcode, Grams: v.Grams,
		}
		if !v.Media.IsZero() {
			id := v.Media.UUID().String()
			out[i].MediaID = &id
		}
	}
	return out
}

// Commit writes products with their variants.
func (c Catalog) Commit(ctx context.Context, commit catalog.Commit) error {
	err := c.s.inBunTransaction(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, w := range commit.Products {
			if err := c.write(ctx, tx, w); err != nil {
				return err
			}
		}
		return c.s.insertEvents(ctx, tx, commit.Events)
	})
	switch constraint, _ := violates(err); constraint {
	case "products_slug":
		return catalog.SlugTaken.New("another product has this slug").At("slug").Because(err)
	case "variants_sku":
		return catalog.SKUTaken.New("another variant has this SKU").At("variants").Because(err)
	}
	return err
}

func (c Catalog) write(ctx context.Context, tx bun.Tx, w catalog.Write[catalog.Product]) error {
	row := c.s.productRow(w.State)
	if w.Expected == 0 {
		if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
			return err
		}
	} else {
		res, err := tx.NewUpdate().Model(row).ExcludeColumn("shop", "id", "created_at").WherePK().Where("version = ?", int64(w.Expected)).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return fault.VersionConflict.New("the product was changed meanwhile; read it again").Because(err)
		}
		if _, err := tx.NewDelete().Model((*variantRow)(nil)).Where("shop = ?", c.s.cfg.Shop).Where("product_id = ?", row.ID).Exec(ctx); err != nil {
			return err
		}
	}
	rows := c.s.variantRows(w.State)
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

// insertEvents writes events in their order; it comes last in a transaction, while the aggregates are locked.
func (s *Store) insertEvents(ctx context.Context, tx bun.Tx, events []event.Event) error {
	if len(events) == 0 {
		return nil
	}
	rows := make([]eventRow, len(events))
	for i, e := range events {
		rows[i] = eventRow{Shop: s.cfg.Shop, ID: e.ID.UUID().String(), Name: e.Name, Aggregate: e.Aggregate, At: e.At, Data: e.Data}
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}
