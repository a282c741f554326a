package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Relic is a thing that was sold once, known by little more than its code.
type Relic struct {
	SKU   ref.SKU
	Title string // The SKU when empty; cut where it is longer than a title.
}

// Variants gives the variants that have these SKUs, whatever the status of their product; it leaves out those that none
// has.
func (s *Service) Variants(ctx context.Context, skus []ref.SKU) (map[ref.SKU]Sellable, error) {
	found, err := s.parts.Products.SKUs(ctx, skus)
	if err != nil {
		return nil, err
	}
	out, seen := make(map[ref.SKU]Sellable, len(found)), map[ref.ProductID]bool{}
	for _, id := range found {
		if seen[id] {
			continue
		}
		seen[id] = true
		p, err := s.parts.Products.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, v := range p.Variants {
			if _, asked := found[v.SKU]; asked {
				out[v.SKU] = p.Sellable(v)
			}
		}
	}
	return out, nil
}

// Remember makes an archived product for each relic, all of them in one commit, so that what names their SKUs has a
// product to lead to. None of them is shown or sold; who wants to sell one again publishes it. Errors: Bad with the
// fields; SKUTaken.
func (s *Service) Remember(ctx context.Context, relics []Relic) (map[ref.SKU]Sellable, error) {
	if len(relics) == 0 {
		return map[ref.SKU]Sellable{}, nil
	}
	now := s.parts.Clock.Now()
	products := make([]Product, len(relics))
	for i, r := range relics {
		if r.Title == "" {
			r.Title = string(r.SKU)
		}
		p := s.identified(Product{
			ID: ref.NewID[ref.ProductKind](s.parts.IDs.New()), Version: 1, Title: shortened(r.Title, TitleMax), Status: Archived,
			Variants: []Variant{{SKU: r.SKU}}, CreatedAt: now, UpdatedAt: now,
		})
		p.Slug = s.relicSlug(p)
		products[i] = p.normal()
	}
	out := make(map[ref.SKU]Sellable, len(products))
	err := s.decided(ctx, func(on *placing) (Commit, error) {
		var c Commit
		for _, p := range products {
			p.Collections = collectionsOf(p, on.tree, on.Ruled)
			if err := p.Validate(); err != nil {
				return Commit{}, err
			}
			out[p.Variants[0].SKU] = p.Sellable(p.Variants[0])
			c.Products = append(c.Products, Write[Product]{State: p})
			c.Events = append(c.Events, s.tell(p.ID.String(), now, told(nil, p, now)...)...)
		}
		return c, nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// relicSlug is a slug of title and SKU that no other product has but by intent: it ends in a digest of the SKU.
func (s *Service) relicSlug(p Product) string {
	sku := string(p.Variants[0].SKU)
	digest := sha256.Sum256([]byte(sku))
	end := "-" + hex.EncodeToString(digest[:6])
	stem := s.slug(p.Title, p.ID.String())
	return stem[:min(len(stem), SlugMax-len(end))] + end
}

// shortened is a text of at most so many bytes, with no character cut in two.
func shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}
