package memory

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// catalogState holds the products and the ways to find them.
type catalogState struct {
	products  map[ref.ProductID]catalog.Product
	bySlug    map[string]ref.ProductID
	bySKU     map[ref.SKU]ref.ProductID
	byVariant map[ref.VariantID]ref.ProductID
	active    placeIndex
}

func newCatalogState() catalogState {
	return catalogState{
		products: map[ref.ProductID]catalog.Product{}, bySlug: map[string]ref.ProductID{},
		bySKU: map[ref.SKU]ref.ProductID{}, byVariant: map[ref.VariantID]ref.ProductID{},
	}
}

// catalogCommitter changes the catalogue of a store.
type catalogCommitter struct{ store *Store }

var _ catalog.Committer = catalogCommitter{}

// Catalog gives the port that changes products.
func (s *Store) Catalog() catalog.Committer { return catalogCommitter{s} }

// Commit makes the commit true, wholly or not at all.
func (c catalogCommitter) Commit(ctx context.Context, commit catalog.Commit) error {
	s := c.store
	return s.update(ctx, func() (func(), error) {
		if err := s.catalog.judge(commit.Products); err != nil {
			return nil, err
		}
		return func() {
			s.catalog.write(commit.Products)
			s.tell(commit.Events)
		}, nil
	})
}

// judge refuses writes against another version, or with a slug, SKU or variant of another product.
func (c *catalogState) judge(writes []catalog.Write[catalog.Product]) error {
	written := make(map[ref.ProductID]bool, len(writes))
	for _, w := range writes {
		if written[w.State.ID] || c.products[w.State.ID].Version != w.Expected {
			return fault.VersionConflict.New("the product was changed meanwhile; read it again").With("slug", w.State.Slug)
		}
		written[w.State.ID] = true
	}
	slugs := names[string]{c.bySlug, written, map[string]ref.ProductID{}}
	skus := names[ref.SKU]{c.bySKU, written, map[ref.SKU]ref.ProductID{}}
	variants := names[ref.VariantID]{c.byVariant, written, map[ref.VariantID]ref.ProductID{}}
	for _, w := range writes {
		p := w.State
		if !slugs.take(p.Slug, p.ID) {
			return catalog.SlugTaken.New("another product has this slug; choose another").At("slug").With("slug", p.Slug)
		}
		for _, v := range p.Variants {
			if !skus.take(v.SKU, p.ID) {
				return catalog.SKUTaken.New("another variant has this SKU; choose another").At("sku").With("sku", string(v.SKU))
			}
			if !variants.take(v.ID, p.ID) {
				return fault.VersionConflict.New("the variant belongs to another product; read both again").With("variant", v.ID.String())
			}
		}
	}
	return nil
}

// names are unique names of products: those that are stored, less those of the products that are written anew, and
// those that the writes take.
type names[K comparable] struct {
	stored  map[K]ref.ProductID
	written map[ref.ProductID]bool
	taken   map[K]ref.ProductID
}

// take tells whether the product may have the name.
func (n names[K]) take(name K, id ref.ProductID) bool {
	if owner, taken := n.taken[name]; taken {
		return owner == id
	}
	if owner, stored := n.stored[name]; stored && !n.written[owner] {
		return false
	}
	n.taken[name] = id
	return true
}

// write stores products that judge accepted. All old names go before any new one comes, so that products of one
// commit can exchange theirs.
func (c *catalogState) write(writes []catalog.Write[catalog.Product]) {
	for _, w := range writes {
		if old, known := c.products[w.State.ID]; known {
			c.forget(old)
		}
	}
	for _, w := range writes {
		p := copyProduct(w.State)
		c.products[p.ID] = p
		c.bySlug[p.Slug] = p.ID
		for _, v := range p.Variants {
			c.bySKU[v.SKU], c.byVariant[v.ID] = p.ID, p.ID
		}
		if p.Status == catalog.Active {
			c.active.insert(placeOf(p))
		}
	}
}

// forget removes the names of a product.
func (c *catalogState) forget(p catalog.Product) {
	delete(c.bySlug, p.Slug)
	for _, v := range p.Variants {
		delete(c.bySKU, v.SKU)
		delete(c.byVariant, v.ID)
	}
	if p.Status == catalog.Active {
		c.active.remove(placeOf(p))
	}
}
