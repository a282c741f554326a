package ordering

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// OrderQuantity is how many of a variant one order may have, all of its lines together, so that two engravings do not
// make two rules. A zero is no rule.
type OrderQuantity struct {
	Min  int64 // The fewest, of an order that has any.
	Max  int64 // The most.
	Step int64 // What the number is a multiple of: 6 for what is sold by the half dozen.
}

// Broken names the rule that a number of pieces breaks, or is "". None at all breaks none.
func (r OrderQuantity) Broken(quantity int64) string {
	switch {
	case quantity <= 0:
		return ""
	case r.Min > 0 && quantity < r.Min:
		return fmt.Sprintf("at least %d are sold at once", r.Min)
	case r.Max > 0 && quantity > r.Max:
		return fmt.Sprintf("at most %d are sold at once", r.Max)
	case r.Step > 1 && quantity%r.Step != 0:
		return fmt.Sprintf("it is sold in multiples of %d", r.Step)
	}
	return ""
}

// quantityOf adds up the lines of a variant.
func (c Cart) quantityOf(variant ref.VariantID) int64 {
	var n int64
	for _, l := range c.Lines {
		if l.Variant == variant {
			n += l.Quantity
		}
	}
	return n
}
