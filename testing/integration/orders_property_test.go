package integration_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/testing/shoptest"
)

// errCut ends an import where a test wants it.
var errCut = errors.New("cut off")

// cutFile cannot be read on behind a row.
type cutFile struct {
	bridge.OrderFile
	left int
}

func (c *cutFile) Next() (bridge.OrderRow, error) {
	if c.left == 0 {
		return bridge.OrderRow{}, errCut
	}
	c.left--
	return c.OrderFile.Next()
}

// ordersShop imports a ledger into a shop in memory, cut off behind so many rows of the second reading; below zero it is
// not.
func ordersShop(r *rapid.T, s *shoptest.Shop, text string, cut int) (bridge.OrderReport, error) {
	options, err := compose.DefaultOrderForm().Options(money.GBP)
	if err != nil {
		r.Fatal(err)
	}
	times := 0
	importer := bridge.NewOrderImporter(s.Ordering, s.Catalog, s.Customers, s.Clock)
	return importer.Import(context.Background(), bridge.OrderImport{Source: "old", Scope: s.Scope(), CreateProducts: true}, func() (bridge.OrderFile, error) {
		file, err := compose.OpenOrders(io.NopCloser(strings.NewReader(text)), options)
		if times++; err == nil && times == 2 && cut >= 0 {
			file = &cutFile{file, cut}
		}
		return file, err
	}, func(bridge.OrderReport) {})
}

// sameReport compares what an import tells with what is known.
func sameReport(r *rapid.T, what string, got bridge.OrderReport, wanted ordersReport) {
	text, err := json.Marshal(got)
	if err != nil {
		r.Fatal(err)
	}
	var seen ordersReport
	if err := json.Unmarshal(text, &seen); err != nil {
		r.Fatal(err)
	}
	if seen != wanted {
		r.Fatalf("%s\ngot  %+v\nwant %+v", what, seen, wanted)
	}
}

// TestImportedOrdersProperties: whatever the ledger, and wherever imports of it are cut off, in the end it is all there
// once, and adds up; the same rows in another order change nothing.
func TestImportedOrdersProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		l := ledgerOf(rapid.Uint64().Draw(r, "seed"), rapid.IntRange(1, 3000).Draw(r, "rows"))
		text, stored := l.text(t), l.wanted.withoutRejected(t)
		s := shoptest.Make(nil)
		for range rapid.IntRange(0, 2).Draw(r, "interruptions") {
			if _, err := ordersShop(r, s, text, rapid.IntRange(0, len(l.rows)).Draw(r, "cut")); err != nil && !errors.Is(err, errCut) {
				r.Fatal(err)
			}
		}
		report, err := ordersShop(r, s, text, -1)
		if err != nil {
			r.Fatal(err)
		}
		sameReport(r, "imported", report, l.wanted)
		importer := bridge.NewOrderImporter(s.Ordering, s.Catalog, s.Customers, s.Clock)
		kept, err := importer.Report(context.Background(), "old")
		if err != nil && stored.Rows > 0 {
			r.Fatal(err)
		}
		if err == nil {
			sameReport(r, "stored", kept, stored)
		}
		rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "order"), 1)).Shuffle(len(l.rows), func(i, j int) { //nolint:gosec // It is to be the same each time.
			l.rows[i], l.rows[j] = l.rows[j], l.rows[i]
		})
		again, err := ordersShop(r, s, l.text(t), -1)
		if err != nil {
			r.Fatal(err)
		}
		if before := kept.StoredSum; stored.Rows > 0 && l.wanted.Rejected.Rows == 0 {
			after, err := importer.Report(context.Background(), "old")
			if err != nil || after.StoredSum != before || again.AlreadyPresent != stored.Rows {
				r.Fatalf("in another order %d of %d rows were there, and %s is stored instead of %s, %v", again.AlreadyPresent, stored.Rows, after.StoredSum, before, err)
			}
		}
	})
}
