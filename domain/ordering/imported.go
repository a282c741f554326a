package ordering

import (
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ImportedKind tells what a row of another system's ledger is.
type ImportedKind string

// The kinds of imported rows.
const (
	ImportedSale       ImportedKind = "sale"       // A line of an order.
	ImportedRefund     ImportedKind = "refund"     // A line of a credit note.
	ImportedAdjustment ImportedKind = "adjustment" // Neither: postage, a fee, a correction of stock.
)

// AdjustmentReason tells by which rule a row is an adjustment.
type AdjustmentReason string

// The reasons for adjustments, in the order in which they are looked for.
const (
	AdjustsNoProduct AdjustmentReason = "not_product"    // Its code is none of a product.
	AdjustsByPrefix  AdjustmentReason = "prefix"         // Its invoice is one of adjustments.
	AdjustsNegative  AdjustmentReason = "negative_price" // Something is given back that is no goods.
	AdjustsUnpriced  AdjustmentReason = "unpriced"       // For nothing, and goods come back or nobody got them.
)

// ImportedRow is a row of the ledger that another system kept, as it is kept here: what that system said, and what it
// is taken for.
type ImportedRow struct {
	Invoice   string // As the other system numbers it.
	Ordinal   int    // Which row of its invoice it is, in the order of the file, from 1: with source and invoice its key.
	Kind      ImportedKind
	Reason    AdjustmentReason // Of an adjustment.
	Code      string           // Of what was sold, in capitals: codes compare without case.
	Title     string
	Quantity  int64
	UnitPrice money.UnitPrice
	Total     money.Money // UnitPrice × Quantity, rounded once by LineRounding.
	At        time.Time
	Customer  string // By which the other system knows who bought; "" for nobody.
	Country   string // In the other system's words.
	Order     ref.OrderID
	// What the shop knows of it, for its order; not kept with the row.
	Variant ref.VariantID
	Product ref.ProductID
	Buyer   ref.CustomerID
}

// ImportRules tell what the rows of a ledger are. A prefix that is empty is that of no invoice.
type ImportRules struct {
	CreditPrefix     string          // Of the invoices that are credit notes.
	AdjustmentPrefix string          // Of those that are adjustments.
	NotProducts      map[string]bool // Codes in capitals that are none of products.
}

// FoldCode is a code as it is compared: without space around it, in capitals.
func FoldCode(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }

// Classify tells what a row is, by the first of these rules that holds:
//
//   - an adjustment, when its code is none of a product, its invoice has the prefix of adjustments, or its price is
//     below zero;
//   - a refund, when its invoice has the prefix of credit notes or its quantity is below zero, and it has a price;
//   - an adjustment, when its price is zero and its quantity is below zero or nobody bought it;
//   - else a sale.
func (r ImportRules) Classify(row ImportedRow) (ImportedKind, AdjustmentReason) {
	price := row.UnitPrice.Sign()
	switch {
	case r.NotProducts[FoldCode(row.Code)]:
		return ImportedAdjustment, AdjustsNoProduct
	case r.AdjustmentPrefix != "" && strings.HasPrefix(row.Invoice, r.AdjustmentPrefix):
		return ImportedAdjustment, AdjustsByPrefix
	case price < 0:
		return ImportedAdjustment, AdjustsNegative
	case price > 0 && (row.Quantity < 0 || r.CreditPrefix != "" && strings.HasPrefix(row.Invoice, r.CreditPrefix)):
		return ImportedRefund, ""
	case price == 0 && (row.Quantity < 0 || row.Customer == ""):
		return ImportedAdjustment, AdjustsUnpriced
	default:
		return ImportedSale, ""
	}
}

// ImportKey is by what a row of a source is known.
type ImportKey struct {
	Invoice string
	Ordinal int
}

// Key is by what the row is known within its source.
func (r ImportedRow) Key() ImportKey { return ImportKey{r.Invoice, r.Ordinal} }

// says tells whether another row says the same of the same sale.
func (r ImportedRow) says(o ImportedRow) bool {
	return r.Kind == o.Kind && r.Reason == o.Reason && r.Code == o.Code && r.Title == o.Title && r.Quantity == o.Quantity &&
		r.UnitPrice == o.UnitPrice && r.At.Equal(o.At) && r.Customer == o.Customer && r.Country == o.Country
}
