package exchange

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// product registers a product that starts on a line, and gives the line of another one with its slug. A slug is known only
// while the file is learnt.
func (p *pass) product(slug string, line int) (first int, known bool) {
	if p.stage != learn {
		return 0, false
	}
	if first, known = p.index.handles[slug]; !known {
		p.index.handles[slug] = line
	}
	return first, known
}

// stated registers a SKU that the file says, and gives the line of another variant that says it too.
func (p *pass) stated(sku ref.SKU, line int) (first int, known bool) {
	if p.stage != learn {
		return 0, false
	}
	w := p.index.skus[sku]
	if w.stated {
		return w.line, true
	}
	p.index.clashes = p.index.clashes || w.count > 0
	p.index.skus[sku] = wish{line: line, stated: true, count: w.count + 1}
	return 0, false
}

// generated gives a variant without a SKU one, and what to take when another product of the shop has it. Whoever would
// share one within the file takes the spare one, all of them, so that it does not matter in which order they stand. That is
// known once the whole file was learnt; until then the variant has the SKU that it asks for. Refused is where the SKU that
// it gets is that of another variant.
func (p *pass) generated(handle string, values []string, line int) (sku, spare ref.SKU, refused string) {
	sku, spare = generateSKU(handle, values)
	w, known := p.index.skus[sku]
	if p.stage == learn {
		p.index.clashes = p.index.clashes || known
		if !known {
			w.line = line
		}
		w.count++
		p.index.skus[sku] = w
		return sku, spare, ""
	}
	if w.count < 2 {
		return sku, spare, ""
	}
	if p.stage == settle {
		first, taken := p.settled[spare]
		if other, known := p.index.skus[spare]; known && (other.stated || other.count == 1 && sku != spare) {
			first, taken = other.line, true
		}
		if taken {
			refused = fmt.Sprintf("the SKU %q that this variant gets is that of line %d; give this one a SKU of its own", spare, first)
		}
		p.settled[spare] = line
	}
	return spare, spare, refused
}
