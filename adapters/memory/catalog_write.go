package memory

import (
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// write stores a commit that Decide accepted.
func (c *catalogState) write(commit catalog.Commit) {
	c.giveUp(commit)
	for _, w := range commit.Brands {
		c.brands[w.State.ID] = copyBrand(w.State)
	}
	for _, w := range commit.Categories {
		c.categories[w.State.ID] = copyCategory(w.State)
	}
	for _, w := range commit.Collections {
		c.collections[w.State.ID] = copyCollection(w.State)
	}
	for _, r := range commit.Removals {
		delete(c.brands, r.Brand)
		delete(c.categories, r.Category)
		delete(c.collections, r.Collection)
		delete(c.members, r.Collection)
	}
	c.writeProducts(commit.Products)
	for _, w := range commit.Collections {
		if w.State.Rule == nil {
			c.list(w.State)
		}
	}
	c.forward(commit.Former)
	if commit.Structural() {
		c.structure++
	}
	if commit.Sweep != nil {
		c.sweep = *commit.Sweep
	}
}

// writeProducts stores products. All old names go before any new one comes, so that products of one commit can
// exchange theirs.
func (c *catalogState) writeProducts(writes []catalog.Write[catalog.Product]) {
	for _, w := range writes {
		if old, known := c.products[w.State.ID]; known {
			c.forget(old)
			if old.Slug != w.State.Slug {
				c.moved[old.Slug] = old.ID
			}
		}
	}
	for _, w := range writes {
		p := copyProduct(w.State)
		c.products[p.ID] = p
		c.remember(p)
	}
}

// remember adds the names and places of a product.
func (c *catalogState) remember(p catalog.Product) {
	words := p.Words()
	c.words[p.ID] = &words
	c.bySlug[p.Slug] = p.ID
	delete(c.moved, p.Slug)
	for _, v := range p.Variants {
		c.bySKU[v.SKU], c.byVariant[v.ID] = p.ID, p.ID
	}
	c.ids.insert(p.ID)
	if p.Status == catalog.Active {
		c.active++
	}
	if !p.Due.IsZero() {
		c.due[p.ID] = true
	}
	for _, channel := range p.Channels() {
		if c.shown[channel] == nil {
			c.shown[channel] = &index[catalog.Place]{compare: comparePlaces}
		}
		c.shown[channel].insert(placeOf(p))
	}
	if !p.BrandID.IsZero() {
		c.branded[p.BrandID]++
	}
	for _, id := range p.Categories {
		c.placed[id]++
	}
	for _, id := range p.Collections {
		c.membersOf(id).insert(catalog.MemberPlace{Place: placeOf(p)})
	}
}

// forget removes the names and places of a product.
func (c *catalogState) forget(p catalog.Product) {
	delete(c.bySlug, p.Slug)
	for _, v := range p.Variants {
		delete(c.bySKU, v.SKU)
		delete(c.byVariant, v.ID)
	}
	if p.Status == catalog.Active {
		c.active--
	}
	delete(c.due, p.ID)
	for _, channel := range p.Channels() {
		c.shown[channel].remove(placeOf(p))
	}
	if !p.BrandID.IsZero() {
		c.branded[p.BrandID]--
	}
	for _, id := range p.Categories {
		c.placed[id]--
	}
	for _, id := range p.Collections {
		c.membersOf(id).remove(catalog.MemberPlace{Place: placeOf(p)})
	}
}

// membersOf gives the places of a collection's products. Those of a removed collection stay until its products are
// written again; nobody can ask for them.
func (c *catalogState) membersOf(id ref.CollectionID) *index[catalog.MemberPlace] {
	if c.members[id] == nil {
		c.members[id] = &index[catalog.MemberPlace]{compare: compareMembers}
	}
	return c.members[id]
}

// list stores the products of a collection by hand.
func (c *catalogState) list(k catalog.Collection) {
	delete(c.members, k.ID)
	for i, id := range k.Products {
		c.membersOf(k.ID).insert(catalog.MemberPlace{Position: i, Place: placeOf(c.products[id])})
	}
}
