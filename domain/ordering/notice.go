package ordering

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Notice is a requirement or a warning. A requirement is what a cart lacks to be ordered, and checkout refuses without
// it; a warning is what its buyer should know and may leave as it is.
type Notice struct {
	Step    string // Where in a checkout it is dealt with, such as StepCart.
	Code    string // Stable.
	Field   string // The path in the cart or the request, such as "lines[0].quantity".
	Message string
	Line    ref.LineID // The line that it is about; zero for the cart itself.
}

// The steps of a checkout.
const (
	StepCart     = "cart"
	StepAddress  = "address"
	StepDelivery = "delivery"
	StepPayment  = "payment"
)

// The codes of notices. The first three are requirements, the first of them and the others warnings.
const (
	NoticeUnavailable  = "unavailable"      // The variant is not on sale, or has no price.
	NoticeQuantityRule = "quantity_rule"    // The item's own rule; a requirement and a warning.
	NoticeEmpty        = "empty"            // The cart has no lines.
	NoticeOutOfStock   = "out_of_stock"     // There is none.
	NoticeNotEnough    = "not_enough_stock" // There are fewer than wanted.
	NoticeBackordered  = "backordered"      // Some come later.
	NoticePriceChanged = "price_changed"    // The buyer agreed to another price.
	NoticeBounded      = "merge_bounded"    // A merge had to cut a quantity.
	NoticeDropped      = "merge_dropped"    // A merge had no room for a line.
	NoticeMissing      = "missing"          // Checkout needs it; a requirement.
)

// Requirement is an adopter's own rule of what an order needs, such as a purchase order number of trade customers.
// Details are what the buyer has said at checkout so far, nil while the cart is only looked at. Pure; a cart that it has
// notices for cannot be ordered.
type Requirement func(q Quote, details *Details) []Notice

// With gives the quote with the notices of more rules among its requirements.
func (q Quote) With(rules []Requirement, details *Details) Quote {
	found := q.Requirements[:len(q.Requirements):len(q.Requirements)]
	for _, rule := range rules {
		found = append(found, rule(q, details)...)
	}
	q.Requirements = found
	return q
}

// CheckoutNeeds lists all that is still missing before the cart can be ordered with what the buyer has said so far: the
// quote's own requirements and what is wrong with the details, in the order of the steps.
func CheckoutNeeds(q Quote, d Details) []Notice {
	out := q.Requirements[:len(q.Requirements):len(q.Requirements)]
	for _, v := range d.violations() {
		n := Notice{Step: StepAddress, Code: NoticeMissing, Field: v.Field(), Message: v.Message()}
		if v.Field() == "shipping_option" {
			n.Step = StepDelivery
		}
		out = append(out, n)
	}
	return out
}

// unmet is the error of a cart that lacks something, or nil.
func unmet(requirements []Notice) error {
	if len(requirements) == 0 {
		return nil
	}
	e := RequirementsUnmet.New("the cart cannot be ordered yet")
	for _, r := range requirements {
		e = e.Listing(RequirementsUnmet.New(r.Message).At(r.Field).With("requirement", r.Code))
	}
	return e
}

// lineField is the path of a line, or of a part of it.
func lineField(i int, part string) string {
	if part == "" {
		return fmt.Sprintf("lines[%d]", i)
	}
	return fmt.Sprintf("lines[%d].%s", i, part)
}

// mergeNotices tells what a merge could not keep.
func mergeNotices(m Merged) []Notice {
	var out []Notice
	for _, l := range m.Bounded {
		out = append(out, Notice{
			Step: StepCart, Code: NoticeBounded, Field: "lines", Line: l.ID,
			Message: fmt.Sprintf("of %s at most %d can be in a cart; %d were wanted", l.SKU, int64(QuantityMax), l.Quantity),
		})
	}
	for _, l := range m.Dropped {
		out = append(out, Notice{Step: StepCart, Code: NoticeDropped, Field: "lines", Message: fmt.Sprintf("the cart had no room for %d × %s", l.Quantity, l.SKU)})
	}
	return out
}
