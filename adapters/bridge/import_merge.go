package bridge

import (
	"maps"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// plan is what the import of one product comes to.
type plan struct {
	index    int // Among the products to import.
	source   ImportProduct
	stored   *catalog.Product // As the shop has it; nil when it is new.
	target   catalog.Product  // As it should be. Its first variants and media are the source's, in their order.
	known    []bool           // Which of the source's variants the shop has.
	warnings []string

	adopts  []pricing.Plan         // To take over, before its prices are set.
	prices  []pricing.Price        // Standing ones to set.
	windows []pricing.Price        // Those of windows to plan.
	counts  []inventory.Adjustment // Levels to make.
	rules   []inventory.Policy     // To set.
	fields  []FieldChange          // What changes of prices and stock.
	unknown []ref.SKU              // Without a quantity and without a level.
	saved   bool                   // The product itself was written.
}

// changed tells whether anything is to be written.
func (p *plan) changed() bool {
	return p.stored == nil || len(p.adopts)+len(p.prices)+len(p.windows)+len(p.counts)+len(p.rules) > 0 || !sameProduct(*p.stored, p.target)
}

// merge makes the target of what the source says and the shop has. It fails when the shop's variants do not fit in.
func (p *plan) merge(ids ports.IDs) *fault.Error {
	src, t := p.source, &p.target
	if p.stored != nil {
		*t = *p.stored
	} else {
		if t.ID, t.Status = src.ID, catalog.Active; t.ID.IsZero() {
			t.ID = ref.NewID[ref.ProductKind](ids.New())
		}
	}
	t.Slug = src.Handle
	if src.Title != "" {
		t.Title = src.Title
	}
	if !src.SameOptions {
		t.Options = slices.Clone(src.Options)
	}
	set(&t.Description, src.Description)
	if src.Brand != nil && catalog.NameKey(*src.Brand) != catalog.NameKey(t.Brand) {
		t.Brand = *src.Brand
	}
	set(&t.Type, src.Type)
	if src.Tags != nil {
		t.Tags = slices.Clone(src.Tags)
	}
	if src.Status != "" {
		t.Status = src.Status
	}
	if src.Also != nil {
		p.owned()
		src.Also(t)
	}
	p.mergeMedia(ids)
	return p.mergeVariants(ids)
}

// owned makes what the source may set in the target its own, so that the stored product stays to compare with.
func (p *plan) owned() {
	t := &p.target
	t.Metadata, t.Translations, t.Listings = maps.Clone(t.Metadata), maps.Clone(t.Translations), slices.Clone(t.Listings)
}

// set takes what a source says, if it does.
func set[T any](to, said *T) {
	if said != nil {
		*to = *said
	}
}

// mergeMedia puts the source's pictures first and keeps the others that the shop has.
func (p *plan) mergeMedia(ids ports.IDs) {
	var before []catalog.Media
	if p.stored != nil {
		before = p.stored.Media
	}
	used := make([]bool, len(before))
	media := make([]catalog.Media, 0, len(p.source.Images))
	for _, img := range p.source.Images {
		m := catalog.Media{Key: img.Key, SourceURL: img.URL}
		at := slices.IndexFunc(before, func(b catalog.Media) bool {
			return img.URL != "" && b.SourceURL == img.URL || img.Key != "" && b.Key == img.Key
		})
		if at >= 0 && !used[at] {
			used[at] = true
			m = before[at]
			if img.Key != "" {
				m.Key = img.Key
			}
		} else {
			m.ID = ref.NewID[ref.MediaKind](ids.New())
		}
		m.Alt = img.Alt
		media = append(media, m)
	}
	kept := 0
	for i, m := range before {
		if !used[i] {
			media = append(media, m)
			kept++
		}
	}
	if kept > 0 && len(p.source.Images) > 0 {
		p.warn("kept pictures that the source does not have", kept)
	}
	p.target.Media = media
}

// mergeVariants puts the source's variants first and keeps the others that the shop has.
func (p *plan) mergeVariants(ids ports.IDs) *fault.Error {
	var before []catalog.Variant
	if p.stored != nil {
		before = p.stored.Variants
	}
	matches, rest := p.match(before)
	variants := make([]catalog.Variant, 0, len(p.source.Variants)+len(rest))
	p.known = make([]bool, len(p.source.Variants))
	for i, src := range p.source.Variants {
		v := catalog.Variant{SKU: src.SKU}
		if at := matches[i]; at >= 0 {
			v, p.known[i] = before[at], true
		} else {
			if v.ID = src.ID; v.ID.IsZero() || p.stored != nil { // What the shop gave ids to has none of elsewhere.
				v.ID = ref.NewID[ref.VariantKind](ids.New())
			}
		}
		if src.Spare == "" && v.SKU != src.SKU {
			p.warnings = append(p.warnings, "the SKU "+string(v.SKU)+" became "+string(src.SKU)+"; what is in stock is still under the old one")
			v.SKU = src.SKU
		}
		if !p.source.SameOptions {
			v.Options = slices.Clone(src.Options)
		}
		set(&v.Barcode, src.Barcode)
		set(&v.Grams, src.Grams)
		if src.Also != nil {
			v.Metadata, v.Channels = maps.Clone(v.Metadata), slices.Clone(v.Channels)
			src.Also(&v)
		}
		if src.Picture != nil {
			v.Media = ref.MediaID{}
			if at := *src.Picture; at >= 0 && at < len(p.source.Images) {
				v.Media = p.target.Media[at].ID
			}
		}
		variants = append(variants, v)
	}
	for _, at := range rest {
		if len(before[at].Options) != len(p.target.Options) {
			return ImportConflict.Newf("the shop's variant %s has the options %s and the source has %s; change the product in one of them first",
				before[at].SKU, quoted(p.stored.Options), quoted(p.source.Options)).At("options")
		}
		variants = append(variants, before[at])
	}
	if len(rest) > 0 {
		p.warn("kept variants that the source does not have", len(rest))
	}
	p.target.Variants = variants
	return nil
}

// match finds the shop's variant of each of the source's, -1 for none, and those of the shop that are left over.
func (p *plan) match(before []catalog.Variant) (matches, rest []int) {
	used := make([]bool, len(before))
	byOptions, bySKU := make(map[string]int, len(before)), make(map[ref.SKU]int, len(before))
	for i, v := range before {
		byOptions[combination(v.Options)], bySKU[v.SKU] = i, i
	}
	matches = make([]int, len(p.source.Variants))
	for i, v := range p.source.Variants {
		matches[i] = -1
		if p.source.SameOptions {
			continue
		}
		if at, found := byOptions[combination(v.Options)]; found && !used[at] {
			matches[i], used[at] = at, true
		}
	}
	for i, v := range p.source.Variants {
		if matches[i] >= 0 || v.Spare != "" {
			continue
		}
		if at, found := bySKU[v.SKU]; found && !used[at] {
			matches[i], used[at] = at, true
		}
	}
	for i := range before {
		if !used[i] {
			rest = append(rest, i)
		}
	}
	return matches, rest
}

// combination is what variants are matched by.
func combination(options []string) string {
	return strings.ToLower(strings.Join(options, "\x00"))
}

// quoted lists names for a message.
func quoted(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return `"` + strings.Join(names, `", "`) + `"`
}
