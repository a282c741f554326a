package compose

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/apps/shop/demo"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// Seeds are what an empty catalogue is filled with.
type Seeds struct {
	Name string           // Of the file; "" for the demo catalogue, or for nothing.
	File *exchange.Source // Judged by itself; nil for nothing.
}

// ReadSeeds reads the file, or without its name the demo catalogue, which production does without. A file that is not
// there is a *SettingError, one that is refused an *exchange.FileError.
func ReadSeeds(s Settings, name string) (Seeds, error) {
	if name == "" && s.Production {
		return Seeds{}, nil
	}
	data := demo.Products()
	if name != "" {
		var err error
		if data, err = os.ReadFile(name); err != nil { //nolint:gosec // The operator names the file.
			if path := (*fs.PathError)(nil); errors.As(err, &path) {
				err = path.Err
			}
			return Seeds{}, wrong("--seed", fmt.Sprintf("%s cannot be read: %v", name, err))
		}
	}
	file, err := exchange.Open(bytes.NewReader(data), int64(len(data)), "", money.MustCurrency(s.Currency))
	if err == nil {
		err = file.Check(nil)
	}
	return Seeds{Name: name, File: file}, err
}

// Seed fills an empty catalogue when the shop starts. A catalogue that has products is left alone.
func Seed(seeds Seeds) fx.Option {
	return fx.Invoke(func(lc fx.Lifecycle, c *catalog.Service, importer *bridge.Importer, scope Scope, log *zap.Logger) {
		lc.Append(fx.StartHook(func(ctx context.Context) error {
			all, _, err := c.Count(ctx)
			if err != nil {
				return err
			}
			if all > 0 || seeds.File == nil {
				if all > 0 && seeds.Name != "" {
					// It tells what shop import products FILE is for.
					log.Warn(observe.NotSeeded, zap.String(observe.File, seeds.Name), zap.Int64(observe.Products, all))
				}
				return nil
			}
			report, err := importer.ImportFile(ctx, ref.Scope(scope), seeds.File, bridge.ImportRun{})
			if err != nil {
				return fmt.Errorf("seed: %w", err)
			}
			log.Info(observe.Seeded, seeds.fields(report)...)
			return nil
		}))
	})
}

// fields are what the log tells of a seed; of the demo catalogue nobody wants to know how it was read.
func (s Seeds) fields(r bridge.ImportReport) []zap.Field {
	out := []zap.Field{zap.Int(observe.Products, r.Products), zap.Int(observe.Variants, r.Variants)}
	if s.Name == "" {
		return out
	}
	return append(out, zap.String(observe.File, s.Name), zap.Int(observe.FileRows, s.File.Rows()), zap.Strings(observe.Ignored, s.File.Ignored()),
		zap.Any(observe.Notes, s.File.Notes()), zap.Strings(observe.Warnings, r.Warnings))
}
