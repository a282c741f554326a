package fiberhttp

import (
	"context"
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Launcher makes a new product together with the prices of its variants in the scope and what is there of them. It judges
// all of it before it writes anything; a call that was cut off is finished by another one with the same ids. When not all
// was done it says so, with an error that has the detail product.
type Launcher interface {
	Launch(ctx context.Context, scope ref.Scope, p catalog.Product, prices []pricing.Price, stock []inventory.Adjustment) (catalog.Product, error)
}

type createProductInput struct {
	Body struct {
		ProductFields

		Status   string         `json:"status,omitempty" enum:"draft,active" default:"active" doc:"Active puts it on sale at once."`
		Variants []offerRequest `json:"variants" minItems:"1" maxItems:"2048" doc:"What can be bought of it; one for a product without options."`
	}
}

// offerRequest is a variant with what it costs and how many are there.
type offerRequest struct {
	VariantFields

	Price     *money.UnitPrice `json:"price,omitempty" doc:"What it costs, in the shop's currency; without it the variant is not sold yet."`
	CompareAt *money.UnitPrice `json:"compare_at,omitempty" doc:"A former or recommended price to show beside it."`
	Stock     *int64           `json:"stock,omitempty" minimum:"0" doc:"How many are there; without it nothing is counted."`
	Location  string           `json:"location,omitempty" doc:"Where they are; without it at the default location."`
}

type createdProductAnswer struct {
	Location string `header:"Location" doc:"Address of the product."`
	Body     adminProduct
}

// createProduct makes a product. All of its ids come from the attempt, so that a repeated one finishes what was begun.
func (r *routes) createProduct(ctx context.Context, in *createProductInput, a Attempt) (*createdProductAnswer, string, error) {
	p := catalog.Product{ID: ref.NewID[ref.ProductKind](a.ID("product")), Status: catalog.Status(in.Body.Status)}
	scope, err := r.scope(Scoped{})
	if err == nil {
		err = in.Body.ProductFields.apply(&p)
	}
	if err != nil {
		return nil, "", err
	}
	prices, stock, err := in.offers(&p, a)
	if err != nil {
		return nil, "", err
	}
	who := PrincipalOf(ctx)
	if err := requireAlso(who, access.PricesWrite, len(prices)); err != nil {
		return nil, "", err
	}
	if err := requireAlso(who, access.StockWrite, len(stock)); err != nil {
		return nil, "", err
	}
	subject := p.ID.String()
	p, err = audited(ctx, r, access.CatalogWrite, "catalog.product_created", subject, func(ctx context.Context) (catalog.Product, error) {
		return r.Launcher.Launch(ctx, scope, p, prices, stock)
	})
	if err != nil {
		return nil, "", err
	}
	return &createdProductAnswer{Location: adminProductsPath + "/" + subject, Body: adminProductOf(p)}, subject, nil
}

// requireAlso takes another permission for the parts of a request that are named.
func requireAlso(who access.Principal, perm access.Permission, named int) error {
	if named == 0 {
		return nil
	}
	return who.Require(perm)
}

// offers reads the variants into the product, and what they cost and how many are there beside it.
func (in *createProductInput) offers(p *catalog.Product, a Attempt) ([]pricing.Price, []inventory.Adjustment, error) {
	var prices []pricing.Price
	var stock []inventory.Adjustment
	var wrong []*fault.Error
	for i := range p.Media {
		p.Media[i].ID = ref.NewID[ref.MediaKind](a.ID(fmt.Sprintf("media %d", i)))
	}
	for i, request := range in.Body.Variants {
		at := fmt.Sprintf("variants[%d]", i)
		v := catalog.Variant{ID: ref.NewID[ref.VariantKind](a.ID(fmt.Sprintf("variant %d", i)))}
		if err := request.VariantFields.apply(&v); err != nil {
			wrong = append(wrong, err.Under(at))
		}
		switch {
		case request.Price != nil:
			prices = append(prices, pricing.Price{Key: pricing.Key{Variant: v.ID}, Amount: *request.Price, CompareAt: request.CompareAt})
		case request.CompareAt != nil:
			wrong = append(wrong, fault.Bad.New("a price to compare with stands beside a price; give that too").At(at+".compare_at"))
		}
		switch {
		case request.Stock != nil:
			stock = append(stock, inventory.Adjustment{
				Key: "launch:" + v.ID.String(), LevelKey: inventory.LevelKey{SKU: v.SKU, Location: inventory.Location(request.Location)},
				Kind: inventory.MoveCount, Quantity: *request.Stock, Reason: "launched",
			})
		case request.Location != "":
			wrong = append(wrong, fault.Bad.New("a location is of stock; give that too").At(at+".location"))
		}
		p.Variants = append(p.Variants, v)
	}
	return prices, stock, fault.Collect(wrong)
}

func (r *routes) showCreatedProduct(ctx context.Context, _ *createProductInput, subject string) (*createdProductAnswer, error) {
	p, err := r.product(ctx, subject)
	if err != nil {
		return nil, err
	}
	return &createdProductAnswer{Location: adminProductsPath + "/" + subject, Body: adminProductOf(p)}, nil
}

// applyVariants makes changes of variants that the product has.
func applyVariants(p *catalog.Product, changes []variantChange) error {
	var wrong []*fault.Error
	for i, change := range changes {
		at := fmt.Sprintf("variants[%d]", i)
		id, err := ref.ParseID[ref.VariantKind](change.ID)
		v, there := variantOf(*p, id)
		if err != nil || !there {
			wrong = append(wrong, catalog.UnknownReference.New("the product has no such variant").At(at+".id"))
			continue
		}
		if err := change.VariantFields.apply(v); err != nil {
			wrong = append(wrong, err.Under(at))
		}
	}
	return fault.Collect(wrong)
}

// variantOf gives one of the product's variants, to be changed in place.
func variantOf(p catalog.Product, id ref.VariantID) (*catalog.Variant, bool) {
	i := slices.IndexFunc(p.Variants, func(v catalog.Variant) bool { return v.ID == id })
	if i < 0 || id.IsZero() {
		return nil, false
	}
	return &p.Variants[i], true
}
