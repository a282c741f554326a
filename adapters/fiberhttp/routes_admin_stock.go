package fiberhttp

import (
	"context"
	"net/http"
	"strconv"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	adminStockTag  = "Admin: stock"
	adminStockPath = adminPath + "/stock"
	adminSKUPath   = adminStockPath + "/{sku}"
)

func (r *routes) mountAdminStock() {
	writes := also(staffWrites, inventory.UnknownLocation, inventory.LocationClosed, fault.Bad)
	Op(r.server, Route{
		ID: "admin-get-stock", Method: http.MethodGet, Path: adminSKUPath, Tag: adminStockTag, Permission: access.StockRead,
		Summary: "What is there of a SKU, and its ledger, newest first", Problems: also(staffReads, fault.Missing, catalog.InvalidCursor),
	}, r.getStock)
	Command(r, Route{
		ID: "admin-adjust-stock", Method: http.MethodPost, Path: adminStockPath + "/adjustments", Tag: adminStockTag, Permission: access.StockWrite,
		Summary: "Correct what is on hand by a difference", Problems: also(writes, inventory.BelowZero),
	}, r.adjustStock, showStock(r, func(in *adjustStockInput) string { return in.Body.SKU }))
	Command(r, Route{
		ID: "admin-count-stock", Method: http.MethodPost, Path: adminStockPath + "/counts", Tag: adminStockTag, Permission: access.StockWrite,
		Summary: "Correct what is on hand to what was counted", Problems: also(writes, inventory.CountChanged, inventory.BelowZero),
	}, r.countStock, showStock(r, func(in *countStockInput) string { return in.Body.SKU }))
	Command(r, Route{
		ID: "admin-receive-stock", Method: http.MethodPost, Path: adminStockPath + "/receipts", Tag: adminStockTag, Permission: access.StockWrite,
		Summary: "Take in goods", Problems: writes,
	}, r.receiveStock, showStock(r, func(in *receiveStockInput) string { return in.Body.SKU }))
	Command(r, Route{
		ID: "admin-damage-stock", Method: http.MethodPost, Path: adminStockPath + "/damages", Tag: adminStockTag, Permission: access.StockWrite,
		Summary: "Take out goods that are no longer fit to be sold", Problems: also(writes, inventory.BelowZero),
	}, r.damageStock, showStock(r, func(in *damageStockInput) string { return in.Body.SKU }))
	Command(r, Route{
		ID: "admin-transfer-stock", Method: http.MethodPost, Path: adminStockPath + "/transfers", Tag: adminStockTag, Permission: access.StockWrite,
		Summary: "Bring goods from one location to another", Problems: also(writes, inventory.BelowZero),
	}, r.transferStock, showStock(r, func(in *transferStockInput) string { return in.Body.SKU }))
}

func (r *routes) getStock(ctx context.Context, in *stockInput) (*stockAnswer, error) {
	sku, err := ref.ParseSKU(in.SKU)
	if err != nil {
		return nil, fault.Missing.New("there is no such SKU")
	}
	list := "admin/stock/" + in.SKU
	var before uint64
	if in.Cursor != "" {
		at, err := parsePlace[namedPlace](list, in.Cursor)
		if err == nil {
			before, err = strconv.ParseUint(at.Name, 10, 63)
		}
		if err != nil {
			return nil, catalog.InvalidCursor.New("the cursor is not one that this list gave; start again without it").At("cursor")
		}
	}
	out, next, err := r.stockOf(ctx, sku, before, in.Limit)
	if err != nil {
		return nil, err
	}
	if next > 0 {
		out.Body.NextCursor = namedCursor(list, strconv.FormatUint(next, 10))
	}
	return out, nil
}

// stockOf reads what is there of a SKU and a page of its ledger. A SKU that no variant has and of which nothing was ever
// counted is not there.
func (r *routes) stockOf(ctx context.Context, sku ref.SKU, before uint64, limit int) (*stockAnswer, uint64, error) {
	position, err := r.Inventory.Position(ctx, sku)
	if err != nil {
		return nil, 0, err
	}
	all, err := r.Inventory.Availability(ctx, []ref.SKU{sku})
	if err != nil {
		return nil, 0, err
	}
	if _, kept := all[sku]; !kept {
		if err := r.hasSKU(ctx, sku, fault.Missing.New("there is no such SKU")); err != nil {
			return nil, 0, err
		}
	}
	ledger, err := r.Inventory.Movements(ctx, sku, before, limit)
	if err != nil {
		return nil, 0, err
	}
	return &stockAnswer{Body: stockOfSKUOf(sku, position, all[sku], ledger)}, ledger.Next, nil
}

// hasSKU gives the error when no variant has the SKU.
func (r *routes) hasSKU(ctx context.Context, sku ref.SKU, missing error) error {
	owners, err := r.Catalog.SKUs(ctx, []ref.SKU{sku})
	if err != nil {
		return err
	}
	if _, known := owners[sku]; !known {
		return missing
	}
	return nil
}

// moveStock makes one change of what is on hand. The SKU must be a variant's, or one that was counted before: a slip in
// it must not make stock of nothing.
func (r *routes) moveStock(ctx context.Context, a inventory.Adjustment, action string) (*stockAnswer, string, error) {
	sku, err := ref.ParseSKU(string(a.SKU))
	if err != nil {
		return nil, "", fault.Collect([]*fault.Error{fault.Of(err).At("sku")})
	}
	out, err := audited(ctx, r, access.StockWrite, "inventory.stock_"+action, string(sku), func(ctx context.Context) (*stockAnswer, error) {
		kept, err := r.Inventory.Availability(ctx, []ref.SKU{sku})
		if err != nil {
			return nil, err
		}
		if _, counted := kept[sku]; !counted {
			unknown := fault.Collect([]*fault.Error{catalog.UnknownReference.New("no variant has this SKU").At("sku")})
			if err := r.hasSKU(ctx, sku, unknown); err != nil {
				return nil, err
			}
		}
		if err := r.Inventory.Adjust(ctx, []inventory.Adjustment{a}); err != nil {
			return nil, alone("adjustments[0]", err)
		}
		out, _, err := r.stockOf(ctx, sku, 0, ledgerShown)
		return out, err
	})
	return out, string(sku), err
}

// ledgerShown is how much of a ledger the answer to a change shows.
const ledgerShown = 20

func (r *routes) adjustStock(ctx context.Context, in *adjustStockInput, a Attempt) (*stockAnswer, string, error) {
	b := in.Body
	return r.moveStock(ctx, inventory.Adjustment{
		Key: a.Key("stock"), LevelKey: levelKey(b.SKU, b.Location), Kind: inventory.MoveAdjust, Delta: b.Delta, Reason: b.Reason,
	}, "adjusted")
}

func (r *routes) countStock(ctx context.Context, in *countStockInput, a Attempt) (*stockAnswer, string, error) {
	b := in.Body
	return r.moveStock(ctx, inventory.Adjustment{
		Key: a.Key("stock"), LevelKey: levelKey(b.SKU, b.Location), Kind: inventory.MoveCount, Expected: b.Expected, Quantity: b.Quantity, Reason: b.Reason,
	}, "counted")
}

func (r *routes) receiveStock(ctx context.Context, in *receiveStockInput, a Attempt) (*stockAnswer, string, error) {
	b := in.Body
	return r.moveStock(ctx, inventory.Adjustment{
		Key: a.Key("stock"), LevelKey: levelKey(b.SKU, b.Location), Kind: inventory.MoveReceive, Delta: b.Quantity, Reason: b.Reason,
	}, "received")
}

func (r *routes) damageStock(ctx context.Context, in *damageStockInput, a Attempt) (*stockAnswer, string, error) {
	b := in.Body
	return r.moveStock(ctx, inventory.Adjustment{
		Key: a.Key("stock"), LevelKey: levelKey(b.SKU, b.Location), Kind: inventory.MoveDamage, Delta: b.Quantity, Reason: b.Reason,
	}, "damaged")
}

func (r *routes) transferStock(ctx context.Context, in *transferStockInput, a Attempt) (*stockAnswer, string, error) {
	b := in.Body
	return r.moveStock(ctx, inventory.Adjustment{
		Key: a.Key("stock"), LevelKey: levelKey(b.SKU, b.From), Kind: inventory.MoveTransfer, Delta: b.Quantity,
		To: inventory.Location(b.To), Reason: b.Reason,
	}, "transferred")
}

func levelKey(sku, location string) inventory.LevelKey {
	return inventory.LevelKey{SKU: ref.SKU(sku), Location: inventory.Location(location)}
}

// showStock answers a command that is repeated with the stock as it is now.
func showStock[I any](r *routes, of func(in *I) string) func(context.Context, *I, string) (*stockAnswer, error) {
	return func(ctx context.Context, in *I, _ string) (*stockAnswer, error) {
		out, _, err := r.stockOf(ctx, ref.SKU(of(in)), 0, ledgerShown)
		return out, err
	}
}
