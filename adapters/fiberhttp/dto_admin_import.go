package fiberhttp

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Importer takes files to import and tells how far they are. Begin keeps the content and has it imported soon, in the
// format as, or without one in that which it finds; the caller chooses the id, under which it begins once. Record gives an import as JSON with the members of its report. Errors:
// fault.Bad, fault.Missing; kinds Unavailable and Unknown.
type Importer interface {
	Begin(ctx context.Context, scope ref.Scope, id ref.ImportID, kind, as, file string, dryRun bool, content []byte) error
	// BeginOrders is Begin for orders of another system, read as the fields of the form say.
	BeginOrders(ctx context.Context, scope ref.Scope, id ref.ImportID, file string, dryRun bool, content []byte, fields map[string]string) error
	Record(ctx context.Context, id ref.ImportID) ([]byte, error)
}

type startImportInput struct {
	Kind    string `query:"kind" required:"true" enum:"products,orders" doc:"What the file holds: products, or order lines that another system sold, as CSV with the columns that map names."`
	As      string `query:"as" enum:"shopify,woocommerce,csv,jsonl" doc:"How a file of products is written: CSV of Shopify or of WooCommerce, or the shop's own CSV or JSON Lines. Without it that is found from its first line."`
	DryRun  bool   `query:"dry_run" doc:"Whether only to judge the file and show what would change."`
	RawBody []byte `contentType:"multipart/form-data"`

	contentType string
}

// Resolve keeps what the body says of itself.
func (in *startImportInput) Resolve(ctx huma.Context) []error {
	in.contentType = ctx.Header("Content-Type")
	return nil
}

type importInput struct {
	Import string `path:"import" doc:"Its id."`
}

type startImportAnswer struct {
	Location string `header:"Location" doc:"Address of the report."`
	Body     struct {
		ID string `json:"id" example:"imp_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	}
}

type importAnswer struct{ Body importBody }

// importReport tells how far an import of products is and what it did.
type importReport struct {
	ID         string            `json:"id" example:"imp_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Kind       string            `json:"kind" enum:"products"`
	DryRun     bool              `json:"dry_run"`
	State      string            `json:"state" enum:"waiting,running,done,refused,failed" doc:"A refused file breaks rules, and nothing of it was written. What failed on the way is told in message, and what was done stays."`
	CreatedAt  time.Time         `json:"created_at"`
	FinishedAt *time.Time        `json:"finished_at" doc:"Null until then."`
	File       string            `json:"file"`
	SHA256     string            `json:"sha256"`
	As         string            `json:"as" doc:"The format that was named; empty to find it."`
	Bytes      int64             `json:"bytes"`
	Phase      string            `json:"phase" enum:",reading,judging,writing,comparing" doc:"The file is gone through once in each: judged by itself, beside what the shop has, then written, or compared in a dry run."`
	RowsDone   int64             `json:"rows_done" doc:"Rows, or lines, of this phase so far."`
	BytesDone  int64             `json:"bytes_done" doc:"Bytes of this phase so far."`
	Total      int64             `json:"total" doc:"Products of the file, once it was judged; products tells how many of them are done."`
	Rows       int64             `json:"rows" doc:"Of the file, once it was read."`
	Products   int64             `json:"products" doc:"Done so far: created, updated and unchanged add up to it."`
	Variants   int64             `json:"variants"`
	Images     int64             `json:"images"`
	Created    int64             `json:"created"`
	Updated    int64             `json:"updated"`
	Unchanged  int64             `json:"unchanged"`
	Prices     int64             `json:"prices" doc:"That were written."`
	Stock      int64             `json:"stock" doc:"Levels that were made."`
	Policies   int64             `json:"policies" doc:"That were made, for variants that are sold on when none is left."`
	Structure  int64             `json:"structure" doc:"Locations, brands, categories and collections of the file that were made or changed."`
	Changes    []importChange    `json:"changes" doc:"Of a dry run that is done, in the order of the file; the first of them."`
	More       int64             `json:"changes_more" doc:"Changes that are not listed."`
	Warnings   []string          `json:"warnings" doc:"What may surprise."`
	Ignored    []string          `json:"ignored_columns"`
	Notes      []importNote      `json:"notes" doc:"What was read in another way than it stands."`
	Rejected   []importRejection `json:"rejected" doc:"Why the file is refused; the first reasons."`
	Reasons    int64             `json:"rejected_count" doc:"Of all reasons."`
	Message    string            `json:"message" doc:"Why it failed, or was interrupted."`
	Seconds    float64           `json:"seconds" doc:"Of the last attempt."`
}

// importChange tells what an import would do to one thing.
type importChange struct {
	Line   int64         `json:"line"`
	Kind   string        `json:"kind" enum:"product,location,brand,category,collection,moved"`
	Name   string        `json:"name" doc:"Its handle, code or slug."`
	What   string        `json:"what" enum:"created,changed,unchanged"`
	Fields []importField `json:"fields"`
}

type importField struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

type importNote struct {
	Line   int64  `json:"line"`
	Column string `json:"column"`
	Text   string `json:"text"`
}

type importRejection struct {
	Line   int64  `json:"line" doc:"In the file; 0 when nothing closer is known."`
	Column string `json:"column" doc:"As the file names it, or the path of the field."`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// importForm describes the body of a start.
type importForm struct {
	File string `json:"file" format:"binary" doc:"The file."`
	orderForm
}
