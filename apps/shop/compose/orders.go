package compose

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // The image has no time zones of its own.

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// OrderForm says in texts how a file of order lines is read, as the command line and a form over HTTP take it. The tags
// are read by the command line.
type OrderForm struct {
	Map              string `help:"Which column holds which field, as FIELD=COLUMN separated by commas; a pair with a comma in it stands in double quotes. The fields are invoice, sku, quantity, at and unit_price, and title, customer and country, which may be left out. Without a map the columns are InvoiceNo, StockCode, Quantity, InvoiceDate, UnitPrice, Description, CustomerID and Country." placeholder:"MAP" group:"Orders"`
	Timezone         string `help:"Where times are of that do not name their zone themselves, such as Europe/London." default:"UTC" placeholder:"ZONE" group:"Orders"`
	Dates            string `help:"How dates with slashes are written: dmy for 1/12/2010, mdy for 12/1/2010; iso for none." default:"iso" placeholder:"FORM" group:"Orders"`
	CreditPrefix     string `help:"How the numbers of credit notes begin." default:"C" placeholder:"TEXT" group:"Orders"`
	AdjustmentPrefix string `help:"How the numbers of adjustments begin." default:"A" placeholder:"TEXT" group:"Orders"`
	NotProducts      string `help:"Codes of what is no product, separated by commas; their rows are adjustments. Codes compare without case." default:"${not_products}" placeholder:"CODES" group:"Orders"`
}

// defaultNotProducts are the codes of the documented example.
const defaultNotProducts = "POST,DOT,M,C2,D,S,B,CRUK,PADS,AMAZONFEE,BANK CHARGES"

// prefixMax is how long a prefix can be: as an invoice's number.
const prefixMax = ordering.ImportInvoiceMax

// DefaultOrderForm is a form of which nothing was said.
func DefaultOrderForm() OrderForm {
	return OrderForm{
		Timezone: "UTC", Dates: string(exchange.DatesISO), CreditPrefix: "C", AdjustmentPrefix: "A", NotProducts: defaultNotProducts,
	}
}

// Options judges the form. Errors: fault.Bad with a violation for each field that breaks a rule.
func (f OrderForm) Options(currency money.Currency) (exchange.OrderOptions, error) {
	out := exchange.OrderOptions{
		Currency: currency, Dates: exchange.DateForm(f.Dates),
		Rules: ordering.ImportRules{CreditPrefix: f.CreditPrefix, AdjustmentPrefix: f.AdjustmentPrefix, NotProducts: map[string]bool{}},
	}
	var wrong []*fault.Error
	refuse := func(field, format string, args ...any) {
		wrong = append(wrong, fault.Bad.Newf(format, args...).At(field))
	}
	var err error
	if f.Map == "" {
		f.Map = exchange.DefaultOrderMap
	}
	if out.Map, err = exchange.ParseOrderMap(f.Map); err != nil {
		wrong = append(wrong, fault.Of(err).Violations()...)
	}
	if out.Location, err = time.LoadLocation(f.Timezone); err != nil || f.Timezone == "Local" || f.Timezone == "" {
		refuse("timezone", "a time zone of the IANA list, such as Europe/London or UTC")
	}
	if !slices.Contains(exchange.DateForms, out.Dates) {
		refuse("dates", "iso, dmy or mdy")
	}
	for _, p := range []struct{ field, text string }{{"credit_prefix", f.CreditPrefix}, {"adjustment_prefix", f.AdjustmentPrefix}} {
		if len(p.text) > prefixMax {
			refuse(p.field, "a prefix has at most %d bytes", prefixMax)
		}
	}
	if f.CreditPrefix != "" && f.CreditPrefix == f.AdjustmentPrefix {
		refuse("adjustment_prefix", "credit notes and adjustments have prefixes of their own")
	}
	for code := range strings.SplitSeq(f.NotProducts, ",") {
		if code = ordering.FoldCode(strings.Trim(strings.TrimSpace(code), `'"`)); code != "" {
			out.Rules.NotProducts[code] = true
		}
	}
	return out, fault.Collect(wrong)
}

// OrderReading reads a file of order lines and knows its digest. It closes what it reads, if that can be closed.
type OrderReading struct {
	*exchange.OrderReader

	in   io.Reader
	hash hash.Hash
}

var _ bridge.OrderFile = (*OrderReading)(nil)

// ReadOrders begins to read a file. Errors: those of exchange.NewOrderReader.
func ReadOrders(in io.Reader, o exchange.OrderOptions) (*OrderReading, error) {
	out := &OrderReading{in: in, hash: sha256.New()}
	var err error
	if out.OrderReader, err = exchange.NewOrderReader(io.TeeReader(in, out.hash), o); err != nil {
		_ = out.Close()
		return nil, err
	}
	return out, nil
}

// SHA256 is the digest of what was read so far.
func (r *OrderReading) SHA256() string { return hex.EncodeToString(r.hash.Sum(nil)) }

// Close closes the file.
func (r *OrderReading) Close() error {
	if c, ok := r.in.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// SourceOf is the name of a source when none is given: that of the file, without its end and as far as a name goes.
func SourceOf(file string) string {
	name := strings.TrimSpace(file)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	if stem, _, found := strings.Cut(name, "."); found && stem != "" {
		name = stem
	}
	if name == "" || ordering.ImportSourceRule(name) != "" {
		return ""
	}
	return name
}
