package ordering

import (
	"fmt"
	"math"
	"slices"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// StockFact is what can be had of a SKU, as Availability gives it. It is advice: what counts is the claim that comes
// with the order.
type StockFact struct {
	Available int64 // Is there and nobody's.
	Beyond    int64 // What can be promised beyond that, for goods that will come.
}

// Stocked gives the quote with a warning for each line of a SKU of which less is there than all lines together want.
// A SKU without a fact is warned about as one of which there is none. The cart can be ordered all the same: what is
// short today may be there when it is ordered, and then the claim decides.
func (q Quote) Stocked(facts map[ref.SKU]StockFact) Quote {
	wanted := make(map[ref.SKU]int64, len(q.Lines))
	for _, l := range q.Lines {
		if l.Available {
			wanted[l.SKU] += l.Quantity
		}
	}
	warnings := slices.Clone(q.Warnings)
	for i, l := range q.Lines {
		if !l.Available {
			continue
		}
		if n, short := shortOf(l.SKU, wanted[l.SKU], facts[l.SKU]); short {
			n.Step, n.Field, n.Line = StepCart, lineField(i, "quantity"), l.ID
			warnings = append(warnings, n)
		}
	}
	q.Warnings = warnings
	return q
}

// shortOf says what is short of a SKU.
func shortOf(sku ref.SKU, wanted int64, f StockFact) (Notice, bool) {
	there, beyond := max(f.Available, 0), max(f.Beyond, 0)
	most := there + min(beyond, math.MaxInt64-there)
	switch {
	case wanted <= there:
		return Notice{}, false
	case wanted <= most:
		return Notice{Code: NoticeBackordered, Message: fmt.Sprintf("%d of %s come later", wanted-there, sku)}, true
	case most == 0:
		return Notice{Code: NoticeOutOfStock, Message: fmt.Sprintf("%s is out of stock", sku)}, true
	default:
		return Notice{Code: NoticeNotEnough, Message: fmt.Sprintf("of %s %d can be ordered; %d are in the cart", sku, most, wanted)}, true
	}
}
