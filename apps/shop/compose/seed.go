package compose

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/apps/shop/demo"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Seed fills an empty catalogue when the shop starts: from the file, else with the demo catalogue, which production
// does without. A catalogue that has products is left alone.
func Seed(s Settings, file string) fx.Option {
	return fx.Invoke(func(lc fx.Lifecycle, c *catalog.Service, importer *bridge.Importer, scope Scope, log *zap.Logger) {
		lc.Append(fx.StartHook(func(ctx context.Context) error {
			all, _, err := c.Count(ctx)
			if err != nil {
				return err
			}
			if all > 0 {
				if file != "" {
					log.Warn("the catalogue has products and is not seeded; use shop import products", zap.String("file", file), zap.Int64("products", all))
				}
				return nil
			}
			source, err := seedSource(s, file)
			if err != nil || source == nil {
				return err
			}
			read, err := exchange.ReadShopify(source, scope.Currency)
			if err != nil {
				return fmt.Errorf("seed: %w", err)
			}
			report, err := importer.Import(ctx, ref.Scope(scope), read.Products)
			if err != nil {
				return fmt.Errorf("seed: %w", err)
			}
			log.Info("seeded", zap.Int("products", report.Products), zap.Int("variants", report.Variants), zap.Int("rows", read.Rows),
				zap.Strings("warnings", report.Warnings))
			return nil
		}))
	})
}

// seedSource is what to seed from, or nil.
func seedSource(s Settings, file string) (io.Reader, error) {
	if file == "" {
		if s.Production {
			return nil, nil //nolint:nilnil // Nothing to read is an answer here.
		}
		return bytes.NewReader(demo.Products()), nil
	}
	data, err := os.ReadFile(file) //nolint:gosec // The operator names the file.
	if err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	return bytes.NewReader(data), nil
}
