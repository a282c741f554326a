package catalog_test

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// A product is put on sale in two channels and then renamed; a collection by rule finds it.
func Example() {
	ctx := context.Background()
	shop := catalog.NewService(partsOf(memory.New(&ticking{}, nil)))

	rule := catalog.Rule{Op: catalog.RuleTag, Value: "stoneware"}
	table, _ := shop.SaveCollection(ctx, catalog.Collection{Text: catalog.Text{Name: "For the table"}, Rule: &rule})
	mug, err := shop.Save(ctx, catalog.Product{
		Title: "Mug", Brand: "Ebb Lane", Tags: []string{"Stoneware"}, Status: catalog.Active,
		Variants:     []catalog.Variant{{ID: ref.NewID[ref.VariantKind](ref.UUID{1}), SKU: "MUG"}},
		Listings:     []catalog.Listing{{Channel: "web", Published: true}, {Channel: "trade", Published: true}},
		Translations: map[string]catalog.Translation{"fr": {Title: "Tasse"}},
	})
	fmt.Println(mug.Slug, mug.Brand, mug.Channels(), err)

	mug.Slug = "stoneware-mug"
	_, err = shop.Save(ctx, mug)
	fmt.Println(err)
	_, err = shop.Product(ctx, web(), "mug")
	fmt.Println(fault.CodeOf(err), fault.Of(err).Details()["slug"])

	page, err := shop.Members(ctx, ref.Scope{Channel: "trade", Locale: "fr-CA", At: day}, table.ID, catalog.MemberQuery{Limit: 10})
	fmt.Println(len(page.Items), page.Items[0].Title, err)
	// Output:
	// mug Ebb Lane [trade web] <nil>
	// <nil>
	// slug_moved stoneware-mug
	// 1 Tasse <nil>
}
