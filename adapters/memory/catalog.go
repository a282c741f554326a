package memory

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// catalogState holds the products, what they belong to, and the ways to find them.
type catalogState struct {
	products  map[ref.ProductID]catalog.Product
	words     map[ref.ProductID]*catalog.Words
	bySlug    map[string]ref.ProductID
	bySKU     map[ref.SKU]ref.ProductID
	byVariant map[ref.VariantID]ref.ProductID
	moved     map[string]ref.ProductID // Slugs that were given up, and by whom.
	gave      map[givenSlug]ref.UUID   // The same of what products belong to.
	ids       index[ref.ProductID]     // The last first.
	shown     map[ref.Channel]*index[catalog.Place]
	due       map[ref.ProductID]bool
	active    int64

	structure   ref.Version
	sweep       catalog.Sweep
	brands      map[ref.BrandID]catalog.Brand
	categories  map[ref.CategoryID]catalog.Category
	collections map[ref.CollectionID]catalog.Collection
	members     map[ref.CollectionID]*index[catalog.MemberPlace]
	branded     map[ref.BrandID]int // Products that name it.
	placed      map[ref.CategoryID]int
}

func newCatalogState() catalogState {
	return catalogState{
		products: map[ref.ProductID]catalog.Product{}, words: map[ref.ProductID]*catalog.Words{}, bySlug: map[string]ref.ProductID{},
		bySKU: map[ref.SKU]ref.ProductID{}, byVariant: map[ref.VariantID]ref.ProductID{}, moved: map[string]ref.ProductID{},
		gave:  map[givenSlug]ref.UUID{},
		ids:   index[ref.ProductID]{compare: func(a, b ref.ProductID) int { return b.Compare(a) }},
		shown: map[ref.Channel]*index[catalog.Place]{}, due: map[ref.ProductID]bool{},
		brands: map[ref.BrandID]catalog.Brand{}, categories: map[ref.CategoryID]catalog.Category{},
		collections: map[ref.CollectionID]catalog.Collection{}, members: map[ref.CollectionID]*index[catalog.MemberPlace]{},
		branded: map[ref.BrandID]int{}, placed: map[ref.CategoryID]int{},
	}
}

// catalogCommitter changes the catalogue of a store.
type catalogCommitter struct{ store *Store }

var _ catalog.Committer = catalogCommitter{}

// Catalog gives the port that changes the catalogue.
func (s *Store) Catalog() catalog.Committer { return catalogCommitter{s} }

// Commit makes the commit true, wholly or not at all.
func (c catalogCommitter) Commit(ctx context.Context, commit catalog.Commit) error {
	s := c.store
	return s.update(ctx, func() (func(), error) {
		if err := catalog.Decide(commit, s.catalog.facts(commit)); err != nil {
			return nil, err
		}
		return func() {
			s.catalog.write(commit)
			s.tell(commit.Events)
		}, nil
	})
}
