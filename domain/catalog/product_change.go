package catalog

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Changed is the product after an event of its status. Errors: statemachine.IllegalTransition.
func (p Product) Changed(on StatusEvent) (Product, error) {
	to, err := ProductMachine.Apply(p.Status, on)
	if err != nil {
		return Product{}, err
	}
	p.Status = to
	return p, nil
}

// Retired is the product with one of its variants no longer sold, which is always possible. Errors: Missing.
func (p Product) Retired(id ref.VariantID) (Product, error) { return p.sold(id, false) }

// Reinstated is the product with a retired variant sold again. Errors: Missing.
func (p Product) Reinstated(id ref.VariantID) (Product, error) { return p.sold(id, true) }

func (p Product) sold(id ref.VariantID, sold bool) (Product, error) {
	i, err := p.variant(id)
	if err != nil {
		return Product{}, err
	}
	p.Variants = slices.Clone(p.Variants)
	p.Variants[i].Retired = !sold
	return p, nil
}

// Removed is the product without one of its variants. Ordered tells whether an order ever named it: whoever asks finds
// that out after the variant was retired, from when on no order can begin to. Errors: Missing, VariantKept.
func (p Product) Removed(id ref.VariantID, ordered bool) (Product, error) {
	i, err := p.variant(id)
	switch {
	case err != nil:
		return Product{}, err
	case ordered:
		return Product{}, VariantKept.New("orders name the variant, so it stays, retired")
	case !p.Variants[i].Retired:
		return Product{}, VariantKept.New("retire the variant first, so that nobody orders it while it goes")
	}
	p.Variants = slices.Delete(slices.Clone(p.Variants), i, i+1)
	return p, nil
}

// variant finds one of the product's variants.
func (p Product) variant(id ref.VariantID) (int, error) {
	i := slices.IndexFunc(p.Variants, func(v Variant) bool { return v.ID == id })
	if i < 0 {
		return 0, fault.Missing.New("the product has no such variant")
	}
	return i, nil
}

// keeps checks that a new state of the product leaves out none of its variants.
func (p Product) keeps(after Product) error {
	for _, v := range p.Variants {
		if _, err := after.variant(v.ID); err != nil {
			return VariantKept.Newf("the variant %s is missing; retire it instead", v.SKU).At("variants").With("variant", v.ID.String())
		}
	}
	return nil
}

// normal gives the product with empty lists as none, in which form two of the same content are equal.
func (p Product) normal() Product {
	p.Tags, p.Options, p.Media, p.Listings = orNone(p.Tags), orNone(p.Options), orNone(p.Media), orNone(p.Listings)
	p.Categories, p.Collections = orNone(p.Categories), orNone(p.Collections)
	if len(p.Metadata) == 0 {
		p.Metadata = nil
	}
	if len(p.Translations) == 0 {
		p.Translations = nil
	}
	p.Variants = slices.Clone(p.Variants)
	for i := range p.Variants {
		v := &p.Variants[i]
		v.Options, v.Channels = orNone(v.Options), orNone(v.Channels)
		if len(v.Metadata) == 0 {
			v.Metadata = nil
		}
	}
	return p
}

func orNone[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
