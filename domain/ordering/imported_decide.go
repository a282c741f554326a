package ordering

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ProviderExternal is the provider of payments that another system took. No shop has one of that name: nothing can be
// asked of it.
const ProviderExternal = "external"

// The metadata of an imported order.
const (
	ImportedFrom     = "imported_from"
	ImportedCustomer = "imported_customer"
	ImportedCountry  = "imported_country"
)

// ImportFacts are what a store read, under its locks, of what a batch names.
type ImportFacts struct {
	Currency money.Currency            // Of the source; zero for a new one.
	Rows     map[ImportKey]ImportedRow // Those of the batch that are kept already.
	Orders   map[string]StandingImport // The orders of the batch's invoices, by invoice.
	Numbers  map[string]bool           // Of ImportNumbers, those that some order has.
}

// StandingImport is an order of an earlier batch.
type StandingImport struct {
	Order   Order // Without its lines.
	Lines   int   // How many it has.
	Payment Payment
}

// ImportDecision is what a store is to write.
type ImportDecision struct {
	ImportResult

	Orders []ImportedOrder // By the order of the batch.
	Rows   []ImportedRow
}

// ImportedOrder is an order to be written with its one payment, new or longer than it was.
type ImportedOrder struct {
	Order    Order       // With the lines that are new alone.
	Expected ref.Version // 0 for a new order.
	Before   int         // Lines that it has already; the new ones come behind.
	Payment  Payment
}

// ImportNumbers are the numbers that an invoice's order may get: its own, or, where an order of this shop or of another
// source has that, with the source behind it.
func ImportNumbers(source, invoice string) [2]string {
	return [2]string{invoice, invoice + "@" + source}
}

// DecideImport tells what a batch means, for every store; pure. A row whose key is kept changes nothing. The sales of an
// invoice are one completed order at the time of its first row, paid outside and sent by others; what came in another
// batch is added to it. It claims no stock, tells no events and has no jobs. Errors: MalformedCommit, ImportCurrency.
func DecideImport(b ImportBatch, f ImportFacts) (ImportDecision, error) {
	var out ImportDecision
	if err := b.Validate(); err != nil {
		return out, err
	}
	if !f.Currency.IsZero() && f.Currency != b.Currency {
		return out, ImportCurrency.Newf("%s was imported in %s before", b.Source, f.Currency)
	}
	index := map[string]int{}
	for _, row := range b.Rows {
		if stored, known := f.Rows[row.Key()]; known {
			out.Present++
			if !stored.says(row) {
				out.Differing++
			}
			continue
		}
		if row.Kind == ImportedSale {
			i, begun := index[row.Invoice]
			if !begun {
				i = len(out.Orders)
				index[row.Invoice] = i
				out.Orders = append(out.Orders, b.begin(row, f))
			}
			if err := out.Orders[i].add(b, row); err != nil {
				return ImportDecision{}, err
			}
			row.Order = out.Orders[i].Order.ID
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

// nowhere is the address of an imported order, of which a ledger says no more than a country in words of its own, kept in
// the metadata: an address all the same, as whoever reads orders expects one. ZZ is the code of an unknown country.
var nowhere = Address{Name: "-", Line1: "-", City: "-", PostalCode: "-", Country: "ZZ"}

// begin makes the order of a row's invoice, or goes on with the one that stands.
func (b ImportBatch) begin(row ImportedRow, f ImportFacts) ImportedOrder {
	if s, stands := f.Orders[row.Invoice]; stands {
		o := ImportedOrder{Order: s.Order, Expected: s.Order.Version, Before: s.Lines, Payment: s.Payment}
		o.Order.Version++
		o.Payment.Version++
		o.Order.Timeline = slices.Clone(o.Order.Timeline)
		return o
	}
	zero := money.Zero(b.Currency)
	o := Order{
		ID: ref.NewID[ref.OrderKind](importID(row.At, b.Source, row.Invoice, "order")), Version: 1,
		Status: Completed, Channel: b.Channel, Holding: HoldingElsewhere, CreatedAt: row.At,
		Totals:   Totals{Subtotal: zero, Discount: zero, Shipping: zero, Tax: zero, Total: zero},
		Timeline: []TimelineEntry{{At: row.At, Kind: TimelinePlaced}, {At: b.At, Kind: TimelineImported, Message: b.Source, Staff: true}},
		Metadata: Metadata{ImportedFrom: b.Source}, ShippingAddress: nowhere,
	}
	o.Number = orderNumber(o.ID, row.At)
	for _, number := range ImportNumbers(b.Source, row.Invoice) {
		if !f.Numbers[number] {
			o.Number = number
			break
		}
	}
	pay := Payment{ID: ref.NewID[ref.PaymentKind](importID(row.At, b.Source, row.Invoice, "payment")), Version: 1, Order: o.ID, Provider: ProviderExternal}
	return ImportedOrder{Order: o, Payment: pay}
}

// add puts a row into the order. Errors: money.Overflow.
func (o *ImportedOrder) add(b ImportBatch, row ImportedRow) error {
	total, err := o.Order.Totals.Total.Add(row.Total)
	if err != nil {
		return err
	}
	x := &o.Order
	x.Totals.Subtotal, x.Totals.Total, x.UpdatedAt = total, total, b.At
	if row.At.Before(x.CreatedAt) {
		x.CreatedAt, x.Timeline[0].At = row.At, row.At
	}
	if x.Customer.IsZero() {
		x.Customer = row.Buyer
	}
	for name, value := range map[string]string{ImportedCustomer: row.Customer, ImportedCountry: row.Country} {
		if _, has := x.Metadata[name]; !has && value != "" {
			x.Metadata = x.Metadata.with(name, value)
		}
	}
	x.Lines = append(x.Lines, OrderLine{
		ID:      ref.NewID[ref.LineKind](importID(row.At, b.Source, row.Invoice, strconv.Itoa(row.Ordinal))),
		Variant: row.Variant, Product: row.Product, SKU: ref.SKU(row.Code), Title: row.titled(),
		Quantity: row.Quantity, UnitPrice: row.UnitPrice, Total: row.Total,
	})
	o.Payment.Amount = total
	o.Payment.Entries = []PaymentEntry{{Kind: EntryCaptured, Amount: total, At: x.CreatedAt, Reference: row.Invoice}}
	return nil
}

// titled is what the row calls what was sold.
func (r ImportedRow) titled() string {
	if r.Title == "" {
		return r.Code
	}
	return r.Title
}

// with is the metadata with one fact more, a map of its own.
func (m Metadata) with(name, value string) Metadata {
	out := Metadata{name: value}
	for k, v := range m {
		out[k] = v
	}
	return out
}

// importID makes the id of what an import makes: the time of its row, so that ids follow each other as the sales did,
// and a digest of its key, so that whoever decides makes the same. It has the form of a UUID of version 7.
func importID(at time.Time, key ...string) ref.UUID {
	h := sha256.New()
	for _, part := range key {
		var size [4]byte
		binary.BigEndian.PutUint32(size[:], uint32(len(part))) //nolint:gosec // A part is a name of bounded length.
		h.Write(size[:])
		h.Write([]byte(part))
	}
	var id ref.UUID
	copy(id[:], h.Sum(nil))
	var stamp [8]byte
	binary.BigEndian.PutUint64(stamp[:], uint64(max(at.UnixMilli(), 0))<<16)
	copy(id[:6], stamp[:6])
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}
