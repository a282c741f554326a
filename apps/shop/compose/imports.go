package compose

import (
	"io"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/corefx"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/ports"
)

// Imports provides who takes files to import over HTTP.
func Imports() fx.Option {
	return fx.Provide(func(i *bridge.Importer, orders *bridge.OrderImporter, blobs ports.Blobs, jobs ports.Jobs, clock ports.Clock, ids ports.IDs) *bridge.Imports {
		return bridge.NewImports(i, readProducts, orders, orderReader(), blobs, jobs, clock, ids)
	})
}

// importJobs works on the files that were taken.
func importJobs() fx.Option {
	return corefx.Job(bridge.ImportJob, func(i *bridge.Imports) system.JobHandler { return i.Handle })
}

// readProducts reads a product file as the bridge knows it.
func readProducts(r io.Reader, currency money.Currency) (bridge.ImportFile, error) {
	file, err := exchange.ReadShopify(r, currency)
	out := bridge.ImportFile{Products: file.Products, Rows: file.Rows, Ignored: file.Ignored}
	for _, n := range file.Notes {
		out.Notes = append(out.Notes, bridge.ImportNote(n))
	}
	return out, err
}
