package fiberhttp

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// importsOrders is the kind of imports that bring in what another system sold.
const importsOrders = "orders"

// orderForm are the fields of a form that say how a file of order lines is read. Those that are left out have the
// defaults of the command line.
type orderForm struct {
	Map              string `json:"map,omitempty" doc:"For orders: which column holds which field, as FIELD=COLUMN separated by commas. The fields are invoice, sku, quantity, at and unit_price, and title, customer and country, which may be left out. Files of products name their columns themselves." example:"invoice=InvoiceNo,sku=StockCode,quantity=Quantity,at=InvoiceDate,unit_price=UnitPrice"`
	Source           string `json:"source,omitempty" doc:"For orders: the name of the system that the file comes from. A row is known by it, its invoice and its place there, so files of one system have one name. Without it the file's name."`
	Timezone         string `json:"timezone,omitempty" doc:"For orders: where times are of that do not name their zone; UTC without." example:"Europe/London"`
	Dates            string `json:"dates,omitempty" enum:"iso,dmy,mdy" doc:"For orders: how dates with slashes are written."`
	CreditPrefix     string `json:"credit_prefix,omitempty" doc:"For orders: how the numbers of credit notes begin; C without."`
	AdjustmentPrefix string `json:"adjustment_prefix,omitempty" doc:"For orders: how the numbers of adjustments begin; A without."`
	NotProducts      string `json:"not_products,omitempty" doc:"For orders: codes of what is no product, separated by commas."`
	CreateProducts   string `json:"create_products,omitempty" enum:"true,false" doc:"For orders: whether an archived product is made of each code that no variant has."`
	FailOnReject     string `json:"fail_on_reject,omitempty" enum:"true,false" doc:"For orders: whether nothing is written when a row is rejected."`
}

// orderFields are the names of the fields of orderForm.
var orderFields = func() []string {
	var out []string
	for i, t := 0, reflect.TypeFor[orderForm](); i < t.NumField(); i++ {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		out = append(out, name)
	}
	return out
}()

// withoutFields refuses a form of products that says how a file of orders is read.
func withoutFields(form upload) error {
	var wrong []*fault.Error
	for _, name := range orderFields {
		if form.fields[name] != "" {
			wrong = append(wrong, fault.Bad.New("files of products name their columns themselves; leave it out").At(name))
		}
	}
	return fault.Collect(wrong)
}

// importBody is the report of an import, of whichever kind.
type importBody struct{ report any }

// importBodyOf reads a report.
func importBodyOf(text []byte) (importBody, error) {
	var kind struct{ Kind string }
	if err := json.Unmarshal(text, &kind); err != nil {
		return importBody{}, err
	}
	out := importBody{report: &importReport{Changes: []importChange{}}}
	if kind.Kind == importsOrders {
		out.report = &orderImportReport{}
	}
	return out, json.Unmarshal(text, out.report)
}

// MarshalJSON writes the report.
func (b importBody) MarshalJSON() ([]byte, error) { return json.Marshal(b.report) }

// Schema is that of either.
func (importBody) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		r.Schema(reflect.TypeFor[importReport](), true, ""), r.Schema(reflect.TypeFor[orderImportReport](), true, ""),
	}}
}

// orderImportReport tells how far an import of orders is and what it did.
type orderImportReport struct {
	ID               string           `json:"id" example:"imp_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Kind             string           `json:"kind" enum:"orders"`
	DryRun           bool             `json:"dry_run"`
	State            string           `json:"state" enum:"waiting,running,done,refused,failed" doc:"A refused file breaks rules, and nothing of it was written. What failed on the way is told in message, and what was done stays."`
	CreatedAt        time.Time        `json:"created_at"`
	FinishedAt       *time.Time       `json:"finished_at" doc:"Null until then."`
	File             string           `json:"file"`
	SHA256           string           `json:"sha256"`
	Bytes            int64            `json:"bytes"`
	Source           string           `json:"source" doc:"The system that the file comes from."`
	Currency         string           `json:"currency" example:"GBP" doc:"Of all sums, which are exact decimals."`
	Rows             int64            `json:"rows" doc:"Of the file, as far as it was read."`
	Done             int64            `json:"done" doc:"Rows that were dealt with."`
	Sum              string           `json:"sum" example:"748957.02" doc:"Of sales, refunds, adjustments and rejected rows; once it is done also of stored_sum, rounding and rejected rows."`
	Sales            orderSales       `json:"sales"`
	Refunds          orderRefunds     `json:"refunds"`
	Adjustments      orderAdjustments `json:"adjustments"`
	Rejected         orderRejected    `json:"rejected"`
	Rounding         string           `json:"rounding" doc:"What the stored rows come to exactly, less stored_sum: a row is rounded once."`
	StoredSum        string           `json:"stored_sum"`
	ProductsCreated  int64            `json:"products_created"`
	CustomersCreated int64            `json:"customers_created"`
	AlreadyPresent   int64            `json:"already_present" doc:"Rows that were imported before; they change nothing."`
	Differing        int64            `json:"differing" doc:"Of those: rows that say something else than what is kept, which was left."`
	Message          string           `json:"message" doc:"Why it failed, or was interrupted."`
	Seconds          float64          `json:"seconds" doc:"Of the last attempt."`
}

type orderSales struct {
	Rows   int64  `json:"rows"`
	Sum    string `json:"sum"`
	Orders int64  `json:"orders"`
}

type orderRefunds struct {
	Rows        int64  `json:"rows"`
	Sum         string `json:"sum"`
	CreditNotes int64  `json:"credit_notes"`
}

type orderAdjustments struct {
	Rows  int64                `json:"rows"`
	Sum   string               `json:"sum"`
	Kinds map[string]orderPart `json:"kinds" doc:"By the reason for which they are: not_product, prefix, negative_price, unpriced."`
}

type orderPart struct {
	Rows int64  `json:"rows"`
	Sum  string `json:"sum"`
}

type orderRejected struct {
	Rows  int64             `json:"rows"`
	Sum   string            `json:"sum"`
	Items []importRejection `json:"items" doc:"Why; the first reasons."`
}
