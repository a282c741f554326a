package fiberhttp

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// Exporter writes the catalogue as a file, in the format csv, jsonl, shopify or woocommerce, piece by piece. Errors: those of the writer; kinds
// Unavailable and Unknown.
type Exporter interface {
	ExportProducts(ctx context.Context, scope ref.Scope, as string, to io.Writer) error
}

// The bounds of exports. Their answers go on when their operations are done, so they hold no place among requests.
const (
	exportsMost  = 2           // At once; each keeps a connection to the database busy.
	exportTime   = time.Minute // Of one; an answer has less, so it never ends one that is still taken.
	exportBuffer = 1 << 16
)

const (
	csvType   = "text/csv; charset=utf-8; header=present"
	linesType = "application/jsonl"
)

type exportInput struct {
	As string `query:"as" enum:"csv,jsonl,shopify,woocommerce" default:"jsonl" doc:"The form: CSV for spreadsheets, or JSON Lines, which lose nothing; or the CSV of another shop system, as far as that has a place for things. An import takes all."`
}

type exportAnswer struct {
	ContentType        string `header:"Content-Type"`
	ContentDisposition string `header:"Content-Disposition" doc:"A name for the file."`
	Body               func(huma.Context)
}

func (r *routes) mountAdminExports() {
	const path = adminPath + "/exports/products"
	Op(r.server, Route{
		ID: "admin-export-products", Method: http.MethodGet, Path: path, Tag: "Admin: exports", Permission: access.ExportsRun,
		Summary: "The whole catalogue as a file",
		Description: "Locations, brands, categories, collections and products with their prices and stock, as `shop export products` writes them; an import of `csv` or `jsonl` into an empty shop gives the same shop. " +
			"The answer is a stream: one that breaks off is cut short, without the line of the kind `end` of JSON Lines. An answer has half a minute; take a larger catalogue by the command.",
		Problems: staffReads,
	}, r.exportProducts)
	content := map[string]*huma.MediaType{}
	for _, kind := range []string{csvType, linesType} {
		content[strings.Split(kind, ";")[0]] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	}
	r.server.api.OpenAPI().Paths[path].Get.Responses["200"].Content = content
}

func (r *routes) exportProducts(ctx context.Context, in *exportInput) (*exportAnswer, error) {
	scope, err := r.scope(Scoped{})
	if err != nil {
		return nil, err
	}
	select {
	case r.exports <- struct{}{}:
	default:
		return nil, fault.Down.Newf("%d exports are running; try again when one has ended", exportsMost)
	}
	file := r.export(RequestID(ctx), scope, in.As)
	if err := file.begun(ctx); err != nil {
		return nil, err
	}
	name, kind := "products."+in.As, csvType
	switch in.As {
	case "jsonl":
		kind = linesType
	case "csv":
	default:
		name = "products-" + in.As + ".csv"
	}
	out := &exportAnswer{ContentType: kind, ContentDisposition: `attachment; filename="` + name + `"`}
	out.Body = func(ctx huma.Context) {
		if ctx.Method() == http.MethodHead {
			_ = file.Close()
			return
		}
		humafiber.Unwrap(ctx).Context().SetBodyStream(file, -1)
	}
	return out, nil
}

// exported is a file that is being written while it is read.
type exported struct {
	*bufio.Reader
	io.Closer

	failed chan error // Has why the file was not begun, or nil once it was.
}

// export begins to write a file. It ends with the file, with its first error, or when nobody reads on.
func (r *routes) export(id string, scope ref.Scope, as string) *exported {
	from, to := io.Pipe()
	file := &exported{Reader: bufio.NewReaderSize(from, exportBuffer), Closer: from, failed: make(chan error, 1)}
	go func() {
		defer func() { <-r.exports }()
		ctx, cancel := context.WithTimeout(context.Background(), exportTime) //nolint:forbidigo // The answer is read when its request is over.
		defer cancel()
		err := r.Exports.ExportProducts(ctx, scope, as, to)
		if err != nil && !errors.Is(err, io.ErrClosedPipe) {
			r.server.options.Logger.Warn(observe.ExportBroke, zap.String(observe.RequestID, id), zap.String(observe.Error, observe.Reason(err)))
		}
		_ = to.CloseWithError(err) // The answer is cut off where it is.
	}()
	go func() {
		_, err := file.Peek(1)
		file.failed <- err
	}()
	return file
}

// begun waits until there is something to read: what fails before is a problem like any other.
func (e *exported) begun(ctx context.Context) error {
	select {
	case err := <-e.failed:
		if err != nil {
			_ = e.Close()
		}
		return err
	case <-ctx.Done():
		_ = e.Close()
		return ctx.Err()
	}
}
