package compose

import (
	"context"
	"io"
	"strings"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/corefx"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Imports provides who takes files to import over HTTP.
func Imports() fx.Option {
	return fx.Provide(func(i *bridge.Importer, orders *bridge.OrderImporter, blobs ports.Blobs, jobs ports.Jobs, clock ports.Clock, ids ports.IDs) *bridge.Imports {
		return bridge.NewImports(i, OpenProducts, orders, orderReader(), blobs, jobs, clock, ids)
	})
}

// importJobs works on the files that were taken.
func importJobs() fx.Option {
	return corefx.Job(bridge.ImportJob, func(i *bridge.Imports) system.JobHandler { return i.Handle })
}

// OpenProducts opens a product file as the bridge takes it. Errors: fault.Bad for a format that is not known; those of
// exchange.Open.
func OpenProducts(in io.ReaderAt, size int64, as string, currency money.Currency) (bridge.ImportSource, error) {
	if as != "" && !exchange.Format(as).Known() {
		return nil, fault.Collect([]*fault.Error{fault.Bad.New("a product file is one of " + FormatNames()).At("as")})
	}
	return exchange.Open(in, size, exchange.Format(as), currency)
}

// FormatNames lists the formats of product files for people.
func FormatNames() string {
	names := make([]string, len(exchange.Formats))
	for i, f := range exchange.Formats {
		names[i] = string(f)
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// exports is who writes files for HTTP.
type exports struct{ *bridge.Exporter }

// ExportProducts writes the catalogue in one of our formats.
func (e exports) ExportProducts(ctx context.Context, scope ref.Scope, as string, to io.Writer) error {
	return e.Export(ctx, scope, exchange.NewWriter(to, exchange.Format(as), scope.Currency), nil)
}
