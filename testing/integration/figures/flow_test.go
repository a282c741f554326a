package figures_test

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/ipswich-retail/commerce/testing/integration/load"
)

// flow measures what a whole purchase of a guest takes of the processor: a cart with two lines, and its checkout.
func flow(b *bench) {
	var invoices []load.Invoice
	for i := range carts {
		x, y := pick(false)
		invoices = append(invoices, load.Invoice{Number: strconv.Itoa(i), Lines: []load.Line{{Code: sku(x), Quantity: 1}, {Code: sku(y), Quantity: 1}}})
	}
	var cpu, rates []float64
	for range 2 * b.rounds {
		b.renew(false)
		base, pid, stop := b.serve("--database-url", b.dsn)
		warm := load.Load{Base: base, Name: "warm", Invoices: invoices[:500], Together: true}
		_, err := warm.Run(b.t.Context())
		b.must(err)
		b.forget()
		pids := append(b.postgres.PIDs(b.t), pid)
		before, busy, mine, server := cpuOf(pids), machineCPU(b.t), childCPU(b.t), cpuOf([]int{pid})
		played, err := load.Load{Base: base, Name: "flow", Invoices: invoices, Together: true, For: b.duration}.Run(b.t.Context())
		b.must(err)
		r := run{ops: played.Counts()[load.Accepted], seconds: played.Elapsed.Seconds(), cpu: cpuOf(append(b.postgres.PIDs(b.t), pid)) - before, server: cpuOf([]int{pid}) - server}
		r.others = (machineCPU(b.t) - busy - r.cpu - (childCPU(b.t) - mine)).Seconds() / r.seconds
		b.report.add("flow", "shop", r)
		b.tell(r.ops)
		cpu, rates = append(cpu, r.cpuMillis()), append(rates, r.rate())
		if r.ops != len(played.Purchases) {
			b.t.Errorf("of %d purchases came %v", len(played.Purchases), played.Counts())
		}
		stop()
	}
	b.report.conclude("flow", "milliseconds of processor (server and PostgreSQL) a guest's purchase: cart with two lines, checkout", middle(cpu), 1.0, true,
		fmt.Sprintf("%.0f purchases/s", middle(rates)))
}

// monthCount is how many invoices are made when there is no file of them.
const monthCount = 1500

// month plays a month's invoices and compares what was answered with what is stored.
func month(b *bench) {
	invoices, err := load.Invoices(1, monthCount)
	b.must(err)
	dsn := b.postgres.Database(b.t)
	b.migrate(dsn)
	conn := b.connectTo(dsn)
	b.must(load.Shelve(b.t.Context(), conn, invoices))
	b.must(conn.Close(b.t.Context()))
	base, pid, stop := b.serve("--database-url", dsn)
	defer stop()
	pids := append(b.postgres.PIDs(b.t), pid)
	before, busy, mine := cpuOf(pids), machineCPU(b.t), childCPU(b.t)
	played, err := load.Load{Base: base, Name: "month", Invoices: invoices, Clients: listClients}.Run(b.t.Context())
	b.must(err)
	r := run{ops: played.Counts()[load.Accepted], seconds: played.Elapsed.Seconds(), cpu: cpuOf(append(b.postgres.PIDs(b.t), pid)) - before}
	r.others = (machineCPU(b.t) - busy - r.cpu - (childCPU(b.t) - mine)).Seconds() / r.seconds
	b.report.add("month", "shop", r)
	b.must(played.Settle(b.t.Context()))
	client := &http.Client{Timeout: time.Minute}
	stored, err := load.ReadStored(b.t.Context(), client, base, adminKey)
	b.must(err)
	reserved, err := load.ReadReserved(b.t.Context(), client, base, adminKey, load.Hottest(invoices, 100))
	b.must(err)
	client.CloseIdleConnections()
	for _, finding := range append(load.Check(played.Purchases, stored), load.CheckReserved(played.Purchases, reserved)...) {
		b.t.Error(finding)
	}
	lines := 0
	for _, i := range invoices {
		lines += len(i.Lines)
	}
	b.report.conclude("month", fmt.Sprintf("a month's %d invoices with %d lines as guest checkouts, a second", len(invoices), lines), r.rate(), 0, false,
		fmt.Sprintf("%.2f ms CPU each; half within %s, 99 %% within %s; %d accepted, %d stored, nothing differs", r.cpuMillis(),
			played.Quantile(0.5).Round(time.Millisecond), played.Quantile(0.99).Round(time.Millisecond), r.ops, len(stored)))
}
