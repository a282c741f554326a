package integration_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestMissingIsWordedAlike asks each store for what it does not have: whoever reads the answer cannot tell the stores
// apart by it.
func TestMissingIsWordedAlike(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	clock, ids := system.NewClock(), system.NewIDs()
	inMemory, inPostgres := memory.New(clock, nil), openPostgres(t, postgres.Config{DSN: database(t), Conns: 2})
	product, brand, collection := ref.NewID[ref.ProductKind](ids.New()), ref.NewID[ref.BrandKind](ids.New()), ref.NewID[ref.CollectionKind](ids.New())
	cart, order := ref.NewCartID([ref.SecretSize]byte{7}), ref.NewID[ref.OrderKind](ids.New())
	for what, asked := range map[string][2]error{
		"product":    {failure(inMemory.Products().Get(t.Context(), product)), failure(inPostgres.Products().Get(t.Context(), product))},
		"slug":       {failure(inMemory.Products().Find(t.Context(), "none")), failure(inPostgres.Products().Find(t.Context(), "none"))},
		"brand":      {failure(inMemory.Brands().Get(t.Context(), brand)), failure(inPostgres.Brands().Get(t.Context(), brand))},
		"collection": {failure(inMemory.Collections().Get(t.Context(), collection)), failure(inPostgres.Collections().Get(t.Context(), collection))},
		"cart":       {failure(inMemory.Carts().Cart(t.Context(), cart)), failure(inPostgres.Carts().Cart(t.Context(), cart))},
		"order":      {failureOf(inMemory.Orders().Order(t.Context(), order)), failureOf(inPostgres.Orders().Order(t.Context(), order))},
		"blob":       {failure(inMemory.Blobs().Get(t.Context(), "none")), failure(inPostgres.Blobs().Get(t.Context(), "none"))},
	} {
		one, other := fault.Of(asked[0]), fault.Of(asked[1])
		if one == nil || other == nil || one.Code() != other.Code() || one.Message() != other.Message() {
			t.Errorf("%s: %v in memory, %v in PostgreSQL", what, asked[0], asked[1])
		}
	}
}

func failure[T any](_ T, err error) error { return err }

func failureOf[T, U any](_ T, _ U, err error) error { return err }
