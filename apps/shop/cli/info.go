package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// versionCmd prints the version.
type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(p Process) error {
	_, err := fmt.Fprintf(p.Stdout, "shop %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// openapiCmd prints the API's document.
type openapiCmd struct{}

// Run composes a shop without starting it and prints the document that it would serve.
func (openapiCmd) Run(_ context.Context, p Process) error {
	s := compose.Settings{Currency: "GBP", Locale: "en-GB", Country: "GB", Place: compose.Place{Store: compose.StoreMemory}} // The document names none of them.
	var server *fiberhttp.Server
	app := fx.New(
		compose.Core(s, []string{compose.ProviderManual, compose.ProviderTest}, nil, ordering.DefaultLease, zap.NewNop()),
		compose.HTTP(s, version(), 0),
		fx.Populate(&server),
	)
	if err := app.Err(); err != nil {
		return fmt.Errorf("compose: %w", rootCause(err))
	}
	document, err := server.Document()
	if err != nil {
		return fmt.Errorf("the document: %w", err)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, document, "", "  "); err != nil {
		return fmt.Errorf("the document: %w", err)
	}
	_, err = fmt.Fprintf(p.Stdout, "%s\n", pretty.Bytes())
	return err
}
