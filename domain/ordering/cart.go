package ordering

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Cart is what a guest or a customer means to buy. What it costs is no part of it: prices are facts, read whenever it
// is shown; a line keeps only the price that its buyer last agreed to. Channel and currency are those of its making.
//
// A cart is a value: each change gives a new one, with the next version. Safe for concurrent use as long as nobody
// changes what it points to.
type Cart struct {
	ID       ref.CartID
	Version  ref.Version
	Status   CartStatus
	Channel  ref.Channel
	Currency money.Currency
	Customer ref.CustomerID // Whose it is; zero for a guest's, whose only credential is the id.
	Lines    []CartLine
	Note     string // Of the buyer, for the shop; at most NoteMax characters.
	Metadata Metadata
	Order    ref.OrderID // The live order of a completed cart.
	// Successor is the cart that a merged one went into.
	Successor ref.CartID
	// Reopened tells that a declined order gave the cart back, so that it may stand beside another open cart that its
	// customer began in the meantime.
	Reopened  bool
	CreatedAt time.Time
	UpdatedAt time.Time // When it was last changed, by whomever.
}

// CartLine is a quantity of one variant in one customisation; a cart has at most one line of each.
type CartLine struct {
	ID       ref.LineID    `json:"id"`
	Variant  ref.VariantID `json:"variant"`
	SKU      ref.SKU       `json:"sku"`
	Quantity int64         `json:"quantity"`
	// Agreed is what one unit cost when the buyer last agreed to it: when the line was made, or its price confirmed. Nil
	// until somebody saw a price.
	Agreed   *money.UnitPrice `json:"agreed,omitempty"`
	Custom   Customisation    `json:"custom,omitempty"`
	Note     string           `json:"note,omitempty"` // Of the buyer; at most NoteMax characters.
	Metadata Metadata         `json:"metadata,omitempty"`
}

// Addition is what is added to a cart: Quantity more of a variant, in a customisation. A note or metadata that are not
// empty replace those of the line.
type Addition struct {
	Quantity int64
	Custom   Customisation
	Note     string
	Metadata Metadata
}

// change copies the cart for a change, which revives it.
func (c Cart) change(now time.Time) (Cart, error) {
	c, err := c.revived()
	if err != nil {
		return Cart{}, err
	}
	c.Lines = slices.Clone(c.Lines)
	c.Version++
	c.UpdatedAt = now
	return c, nil
}

// Add puts more of a variant into the cart as it comes; see Put.
func (c Cart) Add(id ref.LineID, item Item, quantity int64, now time.Time) (Cart, error) {
	return c.Put(id, item, Addition{Quantity: quantity}, now)
}

// Put puts more of a variant into the cart, on the line that has it in the same customisation or on a new one, which
// gets the id. Errors: CartCompleted; CartSuperseded; Bad for a quantity outside the limits or the item's own rule, for
// too many lines and for texts that break a rule, with "quantity", "lines", "custom", "note" or "metadata" as field.
func (c Cart) Put(id ref.LineID, item Item, a Addition, now time.Time) (Cart, error) {
	c, err := c.put(id, item, a, now)
	if err != nil {
		return Cart{}, err
	}
	if rule := item.Quantity.Broken(c.quantityOf(item.Variant)); rule != "" {
		return Cart{}, one("quantity", rule)
	}
	return c, nil
}

// put is Put without the item's own rule, which is for all that is put at once.
func (c Cart) put(id ref.LineID, item Item, a Addition, now time.Time) (Cart, error) {
	c, err := c.change(now)
	if err != nil {
		return Cart{}, err
	}
	if err := fault.Collect(a.violations()); err != nil {
		return Cart{}, err
	}
	i := slices.IndexFunc(c.Lines, func(l CartLine) bool { return l.Variant == item.Variant && maps.Equal(l.Custom, a.Custom) })
	switch {
	case i >= 0:
		l := &c.Lines[i]
		if l.Quantity += a.Quantity; l.Quantity > QuantityMax {
			return Cart{}, badQuantity(1)
		}
		if a.Note != "" {
			l.Note = a.Note
		}
		if len(a.Metadata) > 0 {
			l.Metadata = maps.Clone(a.Metadata)
		}
	case len(c.Lines) >= LinesMax:
		return Cart{}, one("lines", fmt.Sprintf("a cart has at most %d lines", LinesMax))
	default:
		c.Lines = append(c.Lines, CartLine{
			ID: id, Variant: item.Variant, SKU: item.SKU, Quantity: a.Quantity, Custom: normal(a.Custom), Note: a.Note, Metadata: normal(a.Metadata),
		})
	}
	return c, c.roomy()
}

// Set makes a line's quantity what is given; 0 removes the line. The item's own rule is not asked here, for the cart
// does not know it: see Quote. Errors: CartCompleted; CartSuperseded; Missing for an unknown line; Bad for a quantity
// outside the limits.
func (c Cart) Set(line ref.LineID, quantity int64, now time.Time) (Cart, error) {
	c, i, err := c.changeLine(line, now)
	switch {
	case err != nil:
		return Cart{}, err
	case quantity < 0 || quantity > QuantityMax:
		return Cart{}, badQuantity(0)
	case quantity == 0:
		c.Lines = slices.Delete(c.Lines, i, i+1)
	default:
		c.Lines[i].Quantity = quantity
	}
	return c, nil
}

// Remarks are what can be said on a cart or a line besides what is bought; nil leaves what is there.
type Remarks struct {
	Note     *string
	Metadata *Metadata // Replaces all of it.
}

// Remark changes the cart's note and metadata. Errors: CartCompleted; CartSuperseded; Bad with "note" or "metadata".
func (c Cart) Remark(r Remarks, now time.Time) (Cart, error) {
	c, err := c.change(now)
	if err == nil {
		c.Note, c.Metadata, err = r.apply(c.Note, c.Metadata, MetadataMax)
	}
	if err == nil {
		err = c.roomy()
	}
	return c, err
}

// RemarkLine changes a line's note and metadata. Errors: as Remark; Missing for an unknown line.
func (c Cart) RemarkLine(line ref.LineID, r Remarks, now time.Time) (Cart, error) {
	c, i, err := c.changeLine(line, now)
	if err == nil {
		l := &c.Lines[i]
		l.Note, l.Metadata, err = r.apply(l.Note, l.Metadata, LineMetadataMax)
	}
	if err == nil {
		err = c.roomy()
	}
	return c, err
}

// changeLine copies the cart for a change of a line and finds it.
func (c Cart) changeLine(line ref.LineID, now time.Time) (Cart, int, error) {
	c, err := c.change(now)
	if err != nil {
		return Cart{}, 0, err
	}
	i := slices.IndexFunc(c.Lines, func(l CartLine) bool { return l.ID == line })
	if i < 0 {
		return Cart{}, 0, fault.Missing.New("the cart has no such line")
	}
	return c, i, nil
}

// apply gives the note and the metadata after the remarks.
func (r Remarks) apply(note string, data Metadata, most int) (string, Metadata, error) {
	var wrong []*fault.Error
	if r.Note != nil {
		note = *r.Note
		wrong = append(wrong, noteRules(note, "note")...)
	}
	if r.Metadata != nil {
		data = normal(*r.Metadata)
		wrong = append(wrong, mapRules(data, "metadata", most, ValueMax)...)
	}
	return note, data, fault.Collect(wrong)
}

// violations lists what is wrong with an addition whatever the cart.
func (a Addition) violations() []*fault.Error {
	var out []*fault.Error
	if a.Quantity < 1 || a.Quantity > QuantityMax {
		out = append(out, fault.Of(badQuantity(1)).Violations()...)
	}
	out = append(out, mapRules(a.Custom, "custom", CustomMax, ValueMax)...)
	out = append(out, noteRules(a.Note, "note")...)
	return append(out, mapRules(a.Metadata, "metadata", LineMetadataMax, ValueMax)...)
}

// roomy refuses a cart with more text than CartTextMax.
func (c Cart) roomy() error {
	if c.texts() <= CartTextMax {
		return nil
	}
	return one("lines", fmt.Sprintf("all notes, metadata and customisations of a cart have at most %d bytes", CartTextMax))
}

// badQuantity is the error of a quantity outside its limits.
func badQuantity(low int64) error {
	return one("quantity", fmt.Sprintf("a quantity is a whole number from %d to %d", low, int64(QuantityMax)))
}

// complete makes the cart that became the order.
func (c Cart) complete(order ref.OrderID, now time.Time) Cart {
	c.Status, c.Order, c.UpdatedAt = CartDone, order, now
	c.Version++
	return c
}

// reopen makes the cart active again, its order being dead.
func (c Cart) reopen(now time.Time) Cart {
	c.Status, c.Order, c.Reopened, c.UpdatedAt = CartActive, ref.OrderID{}, true, now
	c.Version++
	return c
}

// adopt makes a guest's cart the customer's own.
func (c Cart) adopt(customer ref.CustomerID, now time.Time) (Cart, error) {
	c, err := c.change(now)
	c.Customer, c.Reopened = customer, false
	return c, err
}
