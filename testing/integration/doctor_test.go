package integration_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bridge/doctor"
	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/apps/shop/cli"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/testing/containers"
)

// bought fills a database with orders of each kind: paid, to be paid in other ways, declined; and a cart.
func bought(t *testing.T) *containers.Template {
	t.Helper()
	return containers.Postgres(t).Template(t, "bought", func(ctx context.Context, dsn string) error {
		if err := migrate(ctx, dsn); err != nil {
			return err
		}
		s := newTill(t, openPostgres(t, small(dsn)), nil)
		defer s.store.Close()
		mug, lid := s.stock(t, "MUG", 100), s.stock(t, "LID", 100)
		for _, token := range []string{payments.TokenOK, "", payments.TokenDecline} {
			cart, err := s.cart(ctx, mug, lid)
			if err != nil {
				return err
			}
			if _, err := s.checkout(ctx, cart, "k", token); err != nil && !fault.Is(err, ordering.PaymentDeclined) {
				return err
			}
		}
		_, err := s.cart(ctx, mug)
		return err
	})
}

// plantedRows are what each check must find, written below the ports. Some break more than one thing.
var plantedRows = []struct{ check, sql string }{
	{doctor.LevelBounds, `ALTER TABLE commerce.stock_levels DROP CONSTRAINT stock_levels_claimed; UPDATE commerce.stock_levels SET reserved = on_hand + 1`},
	{doctor.LevelLedger, `DELETE FROM commerce.stock_movements WHERE kind = 'receive'`},
	{doctor.LevelHeld, `UPDATE commerce.stock_levels SET reserved = reserved + 1`},
	{doctor.LevelGone, `UPDATE commerce.stock_movements SET kind = 'consume' WHERE kind = 'receive'`},
	{doctor.PromiseOwed, `INSERT INTO commerce.stock_policies (shop, sku, version, kind, most, owed) SELECT shop, sku, 1, 'backorder', 5, 3 FROM commerce.stock_levels`},
	{doctor.ClaimShape, `UPDATE commerce.stock_claims SET back = 1 WHERE state = 'held'`},
	{doctor.LineClaim, `DELETE FROM commerce.stock_claims WHERE state = 'held'`},
	{doctor.ClaimState, `UPDATE commerce.stock_claims SET state = 'released' WHERE state = 'held'`},
	{doctor.ClaimLine, `DELETE FROM commerce.order_lines WHERE sku = 'LID'`},
	{doctor.PaymentBounds, `UPDATE commerce.payments SET amount = amount + 1`},
	{doctor.PaymentDue, `UPDATE commerce.payments SET entries = jsonb_build_array(entries->0) WHERE provider = 'test'`},
	{doctor.PaymentLeft, `UPDATE commerce.payments p SET entries = entries || jsonb_build_array(jsonb_set(entries->0, '{kind}', '"captured"'))
		FROM commerce.orders o WHERE o.id = p.order_id AND o.status = 'cancelled'`},
	{doctor.OrderTotal, `UPDATE commerce.orders SET tax = tax + 1`},
	{doctor.CartOrder, `UPDATE commerce.carts SET status = 'active' WHERE status = 'completed'`},
	{doctor.OrderEvents, `DELETE FROM commerce.outbox WHERE name = 'ordering.order_placed'`},
	{doctor.EventOrder, `UPDATE commerce.outbox SET aggregate = 'ord_00000000000000000000000004' WHERE name = 'ordering.order_placed'`},
	{doctor.PriceVariant, `INSERT INTO commerce.prices (shop, variant_id, channel, currency, version, amount) VALUES (1, '01010101-0101-7101-8101-010101010101', 'web', 'GBP', 1, 1)`},
	{doctor.OrderOverdue, `UPDATE commerce.orders SET due = now() - interval '1 hour' WHERE status = 'placed'`},
	{doctor.ClaimOverdue, `UPDATE commerce.orders SET status = 'pending' WHERE status = 'placed'; UPDATE commerce.stock_claims SET until = now() - interval '1 hour' WHERE state = 'held'`},
}

// TestDoctorFindsPlantedRows plants a fault for each check into a database of its own.
func TestDoctorFindsPlantedRows(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	template := bought(t)
	for _, c := range doctor.Checks() {
		if !slices.ContainsFunc(plantedRows, func(p struct{ check, sql string }) bool { return p.check == c.Name }) {
			t.Errorf("nothing is planted for %s", c.Name)
		}
	}
	for _, tc := range plantedRows {
		t.Run(tc.check, func(t *testing.T) {
			t.Parallel()
			dsn := template.Clone(t)
			if tc.check == doctor.LevelBounds {
				wantCommand(t, dsn, "doctor --log-level error", cli.ExitDone, "examined 3 orders, 4 carts, 2 levels, 0 promises, 6 claims, ", "")
			}
			if _, err := connect(t, dsn).Exec(t.Context(), tc.sql); err != nil {
				t.Fatal(err)
			}
			code, out, failure := shopCommand(t, dsn, "doctor --format json --log-level error")
			var r doctor.Report
			if err := json.Unmarshal([]byte(out), &r); err != nil || code != cli.ExitFindings || !strings.Contains(failure, "finding") {
				t.Fatalf("exit %d, %v: %s%s", code, err, out, failure)
			}
			if !slices.ContainsFunc(r.Findings, func(f doctor.Finding) bool { return f.Check == tc.check }) {
				t.Errorf("not found; found are %+v", r.Findings)
			}
			code, out, _ = shopCommand(t, dsn, "doctor --log-level error")
			if code != cli.ExitFindings || !strings.Contains(out, " "+tc.check+": ") {
				t.Errorf("exit %d: %s", code, out)
			}
		})
	}
}

// TestDoctorWhileTheShopIsOpen examines over and over while many buy: what is compared is of one moment, so that nothing
// looks like a fault that is a change.
func TestDoctorWhileTheShopIsOpen(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	s := newTill(t, openPostgres(t, small(dsn)), nil)
	variant := s.stock(t, "MUG", 10_000)
	outside := openPostgres(t, small(dsn))
	d, err := doctor.New(doctor.Sources{
		Orders: outside.Orders(), Stock: outside.Stock(), Outbox: outside.Outbox(), Clock: system.NewClock(),
		Providers: []ordering.PaymentProvider{payments.Manual{}, payments.NewTest()},
	}, &doctor.Options{Page: 7})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := range 60 {
			cart, err := s.cart(t.Context(), variant)
			if err != nil {
				t.Error(err)
				return
			}
			token := []string{payments.TokenOK, "", payments.TokenDecline}[n%3]
			if _, err := s.checkout(t.Context(), cart, "k", token); err != nil && !fault.Is(err, ordering.PaymentDeclined) {
				t.Error(err)
				return
			}
		}
	}()
	for open := true; open; {
		select {
		case <-done:
			open = false
		default:
		}
		r, err := d.Examine(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !r.Clean() {
			t.Fatalf("found %+v", r.Findings)
		}
	}
}
