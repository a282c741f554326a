package bridge_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/shoptest"
)

// rows is a file of order lines in memory.
type rows struct {
	all    []bridge.OrderRow
	at     int
	digest string
	breaks int // The row behind which it cannot be read on; 0 for none.
	closed *int
}

var errBroken = errors.New("the disk is gone")

func (r *rows) Next() (bridge.OrderRow, error) {
	if r.at == len(r.all) {
		return bridge.OrderRow{}, io.EOF
	}
	if r.breaks > 0 && r.at == r.breaks {
		return bridge.OrderRow{}, fault.Down.New("the file cannot be read").Because(errBroken)
	}
	r.at++
	return r.all[r.at-1], nil
}

func (r *rows) SHA256() string { return r.digest }

func (r *rows) Close() error {
	*r.closed++
	return nil
}

// sold is a row of a sale.
func sold(invoice string, ordinal int, code string, quantity, micro int64, customer string) bridge.OrderRow {
	r := ordering.ImportedRow{
		Invoice: invoice, Ordinal: ordinal, Kind: ordering.ImportedSale, Code: code, Title: "the " + code, Quantity: quantity,
		UnitPrice: money.NewUnitPrice(micro, money.GBP), At: time.Date(2010, 12, 1, 8, 26, 0, 0, time.UTC), Customer: customer,
	}
	return bridge.OrderRow{Line: 2, Row: r, Valued: true}
}

// desk imports into a shop.
type desk struct {
	*testing.T
	*shoptest.Shop

	orders *bridge.OrderImporter
	opened int
	closed int
	told   []bridge.OrderReport
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	s := shoptest.New(t, nil)
	return &desk{T: t, Shop: s, orders: bridge.NewOrderImporter(s.Ordering, s.Catalog, s.Customers, s.Clock)}
}

// bring imports a file; every changes it before it is opened.
func (d *desk) bring(o bridge.OrderImport, all []bridge.OrderRow, every func(time int, r *rows)) (bridge.OrderReport, error) {
	if o.Source == "" {
		o.Source = "old"
	}
	o.Scope = d.Scope()
	times := 0
	return d.orders.Import(d.Context(), o, func() (bridge.OrderFile, error) {
		times++
		d.opened++
		r := &rows{all: all, digest: "d", closed: &d.closed}
		if every != nil {
			every(times, r)
		}
		return r, nil
	}, func(r bridge.OrderReport) { d.told = append(d.told, r) })
}

// must requires an import without an error.
func (d *desk) must(o bridge.OrderImport, all ...bridge.OrderRow) bridge.OrderReport {
	d.Helper()
	r, err := d.bring(o, all, nil)
	if err != nil || r.Done != int64(len(all)) || d.opened != d.closed {
		d.Fatalf("importing: %+v, %v; %d files opened and %d closed", r, err, d.opened, d.closed)
	}
	return r
}

// listed are the orders of the shop by their numbers.
func (d *desk) listed() map[string]ordering.Sale {
	d.Helper()
	out := map[string]ordering.Sale{}
	for q := (ordering.OrderQuery{Limit: 100}); ; {
		page, err := d.Plain.Orders.List(d.Context(), q)
		if err != nil {
			d.Fatal(err)
		}
		for _, s := range page.Items {
			out[s.Order.Number] = s
		}
		if q.After = page.Next; page.Next == nil {
			return out
		}
	}
}

func TestImportedOrdersNameTheirGoodsAndBuyers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	mug := d.Product(t, shoptest.Product{Title: "Mug", Price: "9.99", Stock: 5})
	known := mug.Variants[0]
	small, err := d.Catalog.Save(t.Context(), catalog.Product{Title: "Lid", Status: catalog.Draft, Variants: []catalog.Variant{{SKU: "lid-1"}}})
	if err != nil {
		t.Fatal(err)
	}
	postage := sold("500", 4, "POST", 1, 18_000_000, "")
	postage.Row.Kind, postage.Row.Reason = ordering.ImportedAdjustment, ordering.AdjustsNoProduct
	back := sold("C501", 1, "85123A", -1, 2_550_000, "18000")
	back.Row.Kind = ordering.ImportedRefund
	file := []bridge.OrderRow{
		sold("500", 1, strings.ToUpper(string(known.SKU)), 1, 9_990_000, ""), sold("500", 2, "LID-1", 2, 1_000, "17850"),
		sold("500", 3, "85123A", 1, 2_550_000, "17850"), postage, back,
	}
	tried := d.must(bridge.OrderImport{CreateProducts: true, DryRun: true}, file...)
	r := d.must(bridge.OrderImport{CreateProducts: true}, file...)
	if r.ProductsCreated != 1+int64(len(missing(known.SKU))) || r.CustomersCreated != 2 || tried.ProductsCreated != r.ProductsCreated || tried.CustomersCreated != 2 || tried.Sum != r.Sum || tried.StoredSum != r.StoredSum {
		t.Errorf("made %+v, tried %+v", r, tried)
	}
	o := d.listed()["500"].Order
	made, err := d.Catalog.Variants(t.Context(), []ref.SKU{"85123A"})
	if err != nil || len(made) != 1 || o.Lines[1].Variant != small.Variants[0].ID || o.Lines[2].Variant != made["85123A"].Variant || o.Lines[2].Product != made["85123A"].Product {
		t.Errorf("the lines are %+v, of %+v, %v", o.Lines, made, err)
	}
	relic, err := d.Catalog.Get(t.Context(), made["85123A"].Product)
	if err != nil || relic.Status != catalog.Archived || relic.Title != "the 85123A" {
		t.Errorf("the product is %+v, %v", relic, err)
	}
	buyers, err := d.Customers.ByReferences(t.Context(), "old", []string{"17850", "18000"})
	if err != nil || len(buyers) != 2 || o.Customer != buyers["17850"] {
		t.Errorf("the order is of %s, not %v, %v", o.Customer, buyers, err)
	}
	buyer, err := d.Customers.Customer(t.Context(), o.Customer)
	if err != nil || !buyer.Email.IsZero() {
		t.Errorf("the buyer is %+v, %v", buyer, err)
	}
	again := d.must(bridge.OrderImport{CreateProducts: true}, file...)
	if again.ProductsCreated != 0 || again.CustomersCreated != 0 || again.AlreadyPresent != 5 || again.StoredSum != r.StoredSum {
		t.Errorf("again: %+v", again)
	}
	kept, err := d.orders.Report(t.Context(), "old")
	if err != nil || kept.Sum != r.Sum || kept.StoredSum != r.StoredSum || kept.Adjustments.Kinds["not_product"].Sum != "18.00" {
		t.Errorf("stored is %+v, %v; imported %+v", kept, err, r)
	}
	if _, err := d.orders.Report(t.Context(), "new"); !fault.Is(err, ordering.UnknownSource) {
		t.Errorf("an unknown source: %v", err)
	}
}

// missing are those of the SKUs that neither capitals nor small letters find.
func missing(skus ...ref.SKU) []ref.SKU {
	return slices.DeleteFunc(skus, func(s ref.SKU) bool {
		return strings.ToUpper(string(s)) == string(s) || strings.ToLower(string(s)) == string(s)
	})
}

// TestImportedOrdersWithoutProducts: who makes no products has lines that lead to none.
func TestImportedOrdersWithoutProducts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	r := d.must(bridge.OrderImport{}, sold("500", 1, "85123A", 1, 2_550_000, ""))
	o := d.listed()["500"].Order
	if all, _, err := d.Catalog.Count(t.Context()); r.ProductsCreated != 0 || all != 0 || err != nil || !o.Lines[0].Variant.IsZero() || !o.Customer.IsZero() {
		t.Errorf("%+v with %d products, %v: %+v", r, all, err, o)
	}
}

// TestLongImports: batches end behind invoices and in the midst of long ones, and rows of one invoice may lie anywhere.
func TestLongImports(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var file []bridge.OrderRow
	ordinals := map[string]int{}
	for i := range 5200 {
		invoice := "long"
		if i%3 == 0 {
			invoice = fmt.Sprint("n", i%7)
		}
		ordinals[invoice]++
		file = append(file, sold(invoice, ordinals[invoice], fmt.Sprint("S", i%11), 1, 1_001_000, ""))
	}
	r := d.must(bridge.OrderImport{CreateProducts: true}, file...)
	orders := d.listed()
	if r.Sales.Orders != 8 || len(orders) != 8 || r.ProductsCreated != 11 || r.Sum != "5205.20" || r.StoredSum != "5200.00" || r.Rounding != "5.20" {
		t.Errorf("%d orders of %+v", len(orders), r)
	}
	for number, s := range orders {
		if len(s.Order.Lines) != ordinals[number] || s.PaymentStatus() != ordering.PaymentPaid {
			t.Errorf("order %s has %d lines and is %s, want %d", number, len(s.Order.Lines), s.PaymentStatus(), ordinals[number])
		}
	}
	if len(d.told) < 3 || d.told[0].Done != 0 {
		t.Errorf("%d times was told how far it is", len(d.told))
	}
}

// TestImportsThatBreakOff: whatever ends an import in the midst, begun anew it comes to the same.
func TestImportsThatBreakOff(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var file []bridge.OrderRow
	for i := range 3000 {
		file = append(file, sold(strconv.Itoa(i/5), i%5+1, "A", 1, 1_000_000, "1"))
	}
	first, err := d.bring(bridge.OrderImport{}, file, func(time int, r *rows) {
		if time == 2 {
			r.breaks = 2500
		}
	})
	if !errors.Is(err, errBroken) || first.Done == 0 || first.Done == 3000 || first.Rows != 3000 {
		t.Fatalf("it broke off with %v, %+v", err, first)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	none, err := d.orders.Import(ctx, bridge.OrderImport{Source: "old", Scope: d.Scope()}, func() (bridge.OrderFile, error) {
		return &rows{all: file, closed: new(int)}, nil
	}, func(bridge.OrderReport) {})
	if !errors.Is(err, context.Canceled) || none.Done != 0 {
		t.Errorf("who is gone: %+v, %v", none, err)
	}
	r := d.must(bridge.OrderImport{}, file...)
	if r.AlreadyPresent != first.Done || r.StoredSum != "3000.00" || len(d.listed()) != 600 {
		t.Errorf("begun anew %+v, after %+v", r, first)
	}
	changed, err := d.bring(bridge.OrderImport{}, file, func(time int, r *rows) { r.digest = strconv.Itoa(time) })
	if !fault.Is(err, bridge.FileChanged) || changed.Done != 3000 {
		t.Errorf("a file that changes: %+v, %v", changed, err)
	}
}

func TestRejectedRowsOfImports(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	bad := sold("500", 2, "A", 3, 1_000_000, "")
	bad.Code, bad.Column, bad.Reason = "bad_time", "When", "no time"
	worse := bridge.OrderRow{Line: 4, Code: "field_count", Reason: "cells"}
	file := []bridge.OrderRow{sold("500", 1, "A", 1, 1_000_000, ""), bad, worse}
	refused, err := d.bring(bridge.OrderImport{FailOnReject: true}, file, nil)
	if !fault.Is(err, bridge.OrdersRejected) || refused.Rejected.Rows != 2 || len(d.listed()) != 0 {
		t.Errorf("no row may be rejected: %+v, %v", refused, err)
	}
	r := d.must(bridge.OrderImport{}, file...)
	if r.Rejected.Rows != 2 || r.Rejected.Sum != "3.00" || len(r.Rejected.Items) != 2 || r.Sum != "4.00" || r.StoredSum != "1.00" || r.Rounding != "0.00" {
		t.Errorf("%+v", r)
	}
	many := slices.Repeat([]bridge.OrderRow{worse}, 150)
	if r := d.must(bridge.OrderImport{}, many...); r.Rejected.Rows != 150 || len(r.Rejected.Items) != 100 {
		t.Errorf("%d of %d rejections are listed", len(r.Rejected.Items), r.Rejected.Rows)
	}
	if _, err := d.bring(bridge.OrderImport{Source: " "}, file, nil); !fault.Is(err, fault.Bad) {
		t.Errorf("a source without a name: %v", err)
	}
	if _, err := d.orders.Import(t.Context(), bridge.OrderImport{Source: "old", Scope: d.Scope()}, func() (bridge.OrderFile, error) { return nil, errBroken }, nil); !errors.Is(err, errBroken) {
		t.Errorf("a file that does not open: %v", err)
	}
}
