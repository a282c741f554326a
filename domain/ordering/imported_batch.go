package ordering

import (
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The limits of imported rows. They keep what an order adds up to within 64 bits: ImportOrdinalMax × ImportLineMax.
const (
	ImportSourceMax  = 64                // Bytes of the name of a source, as of a customer's reference.
	ImportInvoiceMax = 64                // Bytes of an invoice's number.
	ImportCodeMax    = ref.SKUMax        // Bytes of a code, which may become a SKU.
	ImportTextMax    = 1000              // Bytes of a title.
	ImportNameMax    = 255               // Bytes of a customer's reference and of a country.
	ImportRowsMax    = 5000              // Of one batch.
	ImportOrdinalMax = 20_000            // Rows of an invoice: real ones have up to 1,114.
	ImportUnitsMax   = 1_000_000_000     // Of a quantity, either way.
	ImportLineMax    = 1_000_000_000_000 // Minor units of a row's total, either way.
)

// ImportBatch is rows of another system's ledger that are to be kept, and to become orders where they are sales. It is
// wholly true or not at all; rows that are kept already change nothing.
type ImportBatch struct {
	Source   string // The name of the other system.
	Channel  ref.Channel
	Currency money.Currency
	At       time.Time // When it is decided.
	Rows     []ImportedRow
	Try      bool // Only tell what would come of it.
}

// ImportResult tells what came of a batch.
type ImportResult struct {
	Present   int // Rows that were kept before.
	Differing int // Of those: they say something else than the batch, and were left as they are.
}

// ImportSums are what the rows of a source add up to, as they are kept.
type ImportSums struct {
	Currency  money.Currency // Zero for a source of which nothing is kept.
	Sales     ImportPart
	Refunds   ImportPart
	Adjusted  map[AdjustmentReason]ImportPart
	Stored    *ExactSum // Of the orders' totals and those of the other rows, each rounded once.
	Customers int64     // References of customers that the rows name.
}

// ImportPart is what rows of one kind add up to.
type ImportPart struct {
	Rows      int64
	Documents int64 // Orders, or credit notes: one for each invoice.
	Sum       *ExactSum
}

// The errors of imports.
var (
	ImportCurrency    = fault.Define(fault.Conflict, "import_currency", "The source was imported in another currency before; a source has one.")
	ImportUnsupported = fault.Define(fault.Conflict, "import_unsupported", "The store keeps no orders of other systems.")
	UnknownSource     = fault.Define(fault.NotFound, "unknown_source", "Nothing was imported from a source of that name.")
)

// ImportRowRule names the rule that a row breaks and the field that does, or "" twice. Its total is not looked at.
func ImportRowRule(r ImportedRow) (field, rule string) {
	_, badCode := ref.ParseSKU(r.Code)
	switch {
	case textRule(r.Invoice, true, ImportInvoiceMax) != "":
		return "invoice", fmt.Sprintf("an invoice's number has 1 to %d bytes and no control characters", ImportInvoiceMax)
	case r.Ordinal < 1 || r.Ordinal > ImportOrdinalMax:
		return "invoice", fmt.Sprintf("an invoice has at most %d rows", ImportOrdinalMax)
	case badCode != nil:
		return "sku", fmt.Sprintf("a code has 1 to %d bytes, printable ones alone", ImportCodeMax)
	case textRule(r.Title, false, ImportTextMax) != "":
		return "title", fmt.Sprintf("a title has at most %d bytes and no control characters", ImportTextMax)
	case r.Quantity > ImportUnitsMax || r.Quantity < -ImportUnitsMax:
		return "quantity", fmt.Sprintf("a quantity is at most %d, either way", ImportUnitsMax)
	case r.At.IsZero() || r.At.Year() < 1900 || r.At.Year() > 9999:
		return "at", "a time lies between the years 1900 and 9999"
	case textRule(r.Customer, false, ImportNameMax) != "":
		return "customer", fmt.Sprintf("a customer's reference has at most %d bytes and no control characters", ImportNameMax)
	case textRule(r.Country, false, ImportNameMax) != "":
		return "country", fmt.Sprintf("a country has at most %d bytes and no control characters", ImportNameMax)
	}
	if total, err := r.UnitPrice.Mul(r.Quantity, LineRounding); err != nil || total.Minor() > ImportLineMax || total.Minor() < -ImportLineMax {
		return "unit_price", fmt.Sprintf("price times quantity is at most %d minor units, either way", int64(ImportLineMax))
	}
	return "", ""
}

// ImportSourceRule names the rule that the name of a source breaks, or "".
func ImportSourceRule(source string) string { return textRule(source, true, ImportSourceMax) }

// Validate refuses a batch that contradicts itself, with MalformedCommit.
func (b ImportBatch) Validate() error {
	if rule := ImportSourceRule(b.Source); rule != "" {
		return MalformedCommit.New("the source of a batch: " + rule)
	}
	if b.Currency.IsZero() || b.At.IsZero() || len(b.Rows) > ImportRowsMax {
		return MalformedCommit.Newf("a batch has a currency, a time and at most %d rows", ImportRowsMax)
	}
	seen := make(map[ImportKey]bool, len(b.Rows))
	for _, r := range b.Rows {
		if field, rule := ImportRowRule(r); rule != "" {
			return MalformedCommit.Newf("a row breaks a rule of %s: %s", field, rule)
		}
		total, err := r.UnitPrice.Mul(r.Quantity, LineRounding)
		switch {
		case err != nil || r.UnitPrice.Currency() != b.Currency || r.Total != total:
			return MalformedCommit.New("the total of a row is not its price times its quantity in the batch's currency")
		case seen[r.Key()]:
			return MalformedCommit.New("a row stands twice in a batch")
		case r.Code != FoldCode(r.Code):
			return MalformedCommit.New("codes are in capitals")
		case r.Kind != ImportedSale && r.Kind != ImportedRefund && r.Kind != ImportedAdjustment,
			(r.Kind == ImportedAdjustment) != (r.Reason != ""),
			r.Kind == ImportedSale && (r.Quantity < 0 || r.UnitPrice.IsNegative()):
			return MalformedCommit.New("a row is a sale of nothing below zero, a refund, or an adjustment for a reason")
		}
		seen[r.Key()] = true
	}
	return nil
}
