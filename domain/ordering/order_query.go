package ordering

import (
	"strings"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// OrderQuery asks for a page of orders.
type OrderQuery struct {
	Status Status // Empty for all.
	Prefix string // Of the number or the e-mail address, see ByNumber; empty for all.
	After  *OrderCursor
	Limit  int // At least 1.
}

// OrderCursor is the last order of a page. Without a prefix orders follow each other by id, the newest first; with one by
// Key, which is what the prefix matches, and then by id.
type OrderCursor struct {
	Key string
	ID  ref.OrderID
}

// OrderListing is a page of orders with their payments. Next is nil on the last one.
type OrderListing struct {
	Items []Sale
	Next  *OrderCursor
}

// ByNumber tells whether the prefix is one of a number: digits, which an e-mail address rarely begins with, as far as the
// day goes, and then what numbers are made of; or digits alone, as other systems number their invoices.
func (q OrderQuery) ByNumber() bool {
	if q.Prefix != "" && strings.Trim(q.Prefix, "0123456789") == "" {
		return true
	}
	for i, r := range q.Prefix {
		switch {
		case i < 6 && (r < '0' || r > '9'), i == 6 && r != '-', i > 6 && !strings.ContainsRune(numberAlphabet, r), i >= 15:
			return false
		}
	}
	return q.Prefix != ""
}

// Key is what of the order the query's prefix is compared with: its number, or its e-mail address in canonical form.
func (q OrderQuery) Key(o Order) string {
	switch {
	case q.Prefix == "":
		return ""
	case q.ByNumber():
		return o.Number
	default:
		return ref.CanonicalEmail(o.Email)
	}
}

// Compared is the prefix as it is compared.
func (q OrderQuery) Compared() string {
	if q.ByNumber() {
		return q.Prefix
	}
	return ref.CanonicalEmail(q.Prefix)
}

// Matches tells whether an order is asked for, on whichever page.
func (q OrderQuery) Matches(o Order) bool {
	return (q.Status == "" || o.Status == q.Status) && strings.HasPrefix(q.Key(o), q.Compared())
}

// CompareTo orders two orders as the query's pages do.
func (q OrderQuery) CompareTo(a, b OrderCursor) int {
	if q.Prefix == "" {
		return b.ID.Compare(a.ID)
	}
	if c := strings.Compare(a.Key, b.Key); c != 0 {
		return c
	}
	return a.ID.Compare(b.ID)
}

// Cursor is the place of an order in the query's pages.
func (q OrderQuery) Cursor(o Order) OrderCursor { return OrderCursor{Key: q.Key(o), ID: o.ID} }
