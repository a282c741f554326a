package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

const (
	adminProductsTag  = "Admin: products"
	adminProductsPath = adminPath + "/products"
	adminProductPath  = adminProductsPath + "/{product}"
	adminVariantPath  = adminProductPath + "/variants/{variant}"
	// indexList is the name of the list of products for staff.
	indexList = "admin/products"
)

func (r *routes) mountAdminProducts() {
	changes := also(staffChanges, catalog.SlugTaken, catalog.SKUTaken, catalog.VariantKept, catalog.StructureChanged)
	Op(r.server, Route{
		ID: "admin-list-products", Method: http.MethodGet, Path: adminProductsPath, Tag: adminProductsTag, Permission: access.CatalogRead,
		Summary: "All products, newest first", Problems: also(staffReads, catalog.InvalidCursor, fault.Bad),
	}, r.adminListProducts)
	Command(r, Route{
		ID: "admin-create-product", Method: http.MethodPost, Path: adminProductsPath, Tag: adminProductsTag, Permission: access.CatalogWrite,
		Summary: "Make a product, with what its variants cost and how many are there", Success: http.StatusCreated,
		Description: "It is judged as a whole before anything is written. What has prices or stock is a draft until they are set, so that nothing is sold without; when that is cut off, `product_incomplete` or `outcome_unknown` names it, and the same `Idempotency-Key` finishes the work. Prices take the permission `prices.write` too, and stock `stock.write`.",
		Problems:    also(staffWrites, catalog.SlugTaken, catalog.SKUTaken, catalog.StructureChanged, catalog.Incomplete),
	}, r.createProduct, r.showCreatedProduct)
	Op(r.server, Route{
		ID: "admin-get-product", Method: http.MethodGet, Path: adminProductPath, Tag: adminProductsTag, Permission: access.CatalogRead,
		Summary: "A product, whatever its status", Problems: also(staffReads, fault.Missing),
	}, r.adminGetProduct)
	Op(r.server, Route{
		ID: "admin-change-product", Method: http.MethodPatch, Path: adminProductPath, Tag: adminProductsTag, Permission: access.CatalogWrite,
		Summary: "Change a product", Problems: changes,
	}, r.changeProduct)
	Op(r.server, Route{
		ID: "admin-archive-product", Method: http.MethodDelete, Path: adminProductPath, Tag: adminProductsTag, Permission: access.CatalogWrite,
		Summary:     "Archive a product",
		Description: "Products are never removed, since orders name them; the event `restore` takes it back.",
		Problems:    staffChanges,
	}, r.archiveProduct)
	Command(r, Route{
		ID: "admin-product-event", Method: http.MethodPost, Path: adminProductPath + "/status", Tag: adminProductsTag, Permission: access.CatalogWrite,
		Summary: "Publish, withdraw, archive or restore a product", Problems: also(staffChanges, statemachine.IllegalTransition),
	}, r.productEvent, showProduct(r, func(in *productEventInput) string { return in.Product }))
	Command(r, Route{
		ID: "admin-add-variant", Method: http.MethodPost, Path: adminProductPath + "/variants", Tag: adminProductsTag, Permission: access.CatalogWrite,
		Summary: "Add a variant to a product", Success: http.StatusCreated, Problems: changes,
		Description: "It is sold once it has a price and is in stock; see the calls for prices and stock.",
	}, r.addVariant, showProduct(r, func(in *addVariantInput) string { return in.Product }))
	Op(r.server, Route{
		ID: "admin-change-variant", Method: http.MethodPatch, Path: adminVariantPath, Tag: adminProductsTag, Permission: access.CatalogWrite,
		Summary: "Change a variant, retire or reinstate it", Problems: changes,
	}, r.changeVariant)
}

func (r *routes) adminListProducts(ctx context.Context, in *indexInput) (*indexAnswer, error) {
	query := catalog.IndexQuery{Text: in.Query, Status: catalog.Status(in.Status), Limit: in.Limit}
	if in.Cursor != "" {
		place, err := parseCursor(indexList, in.Cursor)
		if err != nil {
			return nil, err
		}
		query.After = &place
	}
	page, err := r.Catalog.Index(ctx, query)
	if err != nil {
		return nil, err
	}
	out := indexPage{Items: make([]indexedProduct, len(page.Items))}
	for i, p := range page.Items {
		out.Items[i] = indexedOf(p)
	}
	if page.Next != nil {
		next := formatCursor(indexList, *page.Next)
		out.NextCursor = &next
	}
	return &indexAnswer{Body: out}, nil
}

func (r *routes) adminGetProduct(ctx context.Context, in *adminProductInput) (*adminProductAnswer, error) {
	p, err := r.product(ctx, in.Product)
	return shownAdminProduct(p, err)
}

// product reads the product that a path names.
func (r *routes) product(ctx context.Context, text string) (catalog.Product, error) {
	id, err := idOf[ref.ProductKind](text, "product")
	if err != nil {
		return catalog.Product{}, err
	}
	return r.Catalog.Get(ctx, id)
}

// editProduct reads a product, changes it over the version that the caller expects, and saves it.
func (r *routes) editProduct(ctx context.Context, at string, expected Expecting, version *int64, action string, change func(p *catalog.Product) error) (catalog.Product, error) {
	id, err := idOf[ref.ProductKind](at, "product")
	if err != nil {
		return catalog.Product{}, err
	}
	return audited(ctx, r, access.CatalogWrite, "catalog.product_"+action, at, func(ctx context.Context) (catalog.Product, error) {
		p, err := r.Catalog.Get(ctx, id)
		if err != nil {
			return catalog.Product{}, err
		}
		if _, err := expected.over(p.Version, version); err != nil {
			return catalog.Product{}, err
		}
		if err := change(&p); err != nil {
			return catalog.Product{}, err
		}
		return r.Catalog.Save(ctx, p)
	})
}

func (r *routes) changeProduct(ctx context.Context, in *changeProductInput) (*adminProductAnswer, error) {
	p, err := r.editProduct(ctx, in.Product, in.Expecting, in.Body.Version, "changed", func(p *catalog.Product) error {
		if err := in.Body.ProductFields.apply(p); err != nil {
			return err
		}
		return applyVariants(p, in.Body.Variants)
	})
	return shownAdminProduct(p, err)
}

func (r *routes) archiveProduct(ctx context.Context, in *archiveProductInput) (*adminProductAnswer, error) {
	p, err := r.turnProduct(ctx, in.Product, in.Expecting, in.named(), catalog.Archive)
	return shownAdminProduct(p, err)
}

func (r *routes) productEvent(ctx context.Context, in *productEventInput, _ Attempt) (*adminProductAnswer, string, error) {
	p, err := r.turnProduct(ctx, in.Product, in.Expecting, in.Body.Version, catalog.StatusEvent(in.Body.Event))
	out, err := shownAdminProduct(p, err)
	return out, in.Product, err
}

// turnProduct gives a product's status an event. One that is archived already is not archived again.
func (r *routes) turnProduct(ctx context.Context, at string, expected Expecting, version *int64, on catalog.StatusEvent) (catalog.Product, error) {
	id, err := idOf[ref.ProductKind](at, "product")
	if err != nil {
		return catalog.Product{}, err
	}
	return audited(ctx, r, access.CatalogWrite, "catalog.product_"+string(on), at, func(ctx context.Context) (catalog.Product, error) {
		p, err := r.Catalog.Get(ctx, id)
		if err != nil {
			return catalog.Product{}, err
		}
		over, err := expected.over(p.Version, version)
		if err != nil || on == catalog.Archive && p.Status == catalog.Archived {
			return p, err
		}
		return r.Catalog.Change(ctx, id, over, on)
	})
}

func (r *routes) addVariant(ctx context.Context, in *addVariantInput, a Attempt) (*adminProductAnswer, string, error) {
	id := ref.NewID[ref.VariantKind](a.ID("variant"))
	p, err := r.editProduct(ctx, in.Product, in.Expecting, in.Body.Version, "variant_added", func(p *catalog.Product) error {
		if _, there := variantOf(*p, id); there {
			return nil // By an attempt that was cut off.
		}
		v := catalog.Variant{ID: id}
		if err := in.Body.VariantFields.apply(&v); err != nil {
			return fault.Collect([]*fault.Error{err})
		}
		p.Variants = append(p.Variants, v)
		return nil
	})
	out, err := shownAdminProduct(p, err)
	return out, in.Product, err
}

func (r *routes) changeVariant(ctx context.Context, in *changeVariantInput) (*adminProductAnswer, error) {
	id, err := idOf[ref.VariantKind](in.Variant, "variant")
	if err != nil {
		return nil, err
	}
	p, err := r.editProduct(ctx, in.Product, in.Expecting, in.Body.Version, "variant_changed", func(p *catalog.Product) error {
		v, there := variantOf(*p, id)
		if !there {
			return fault.Missing.New("the product has no such variant")
		}
		if err := in.Body.VariantFields.apply(v); err != nil {
			return fault.Collect([]*fault.Error{err})
		}
		return nil
	})
	return shownAdminProduct(p, err)
}

// showProduct answers a command that is repeated with the product as it is now.
func showProduct[I any](r *routes, at func(in *I) string) func(context.Context, *I, string) (*adminProductAnswer, error) {
	return func(ctx context.Context, in *I, _ string) (*adminProductAnswer, error) {
		p, err := r.product(ctx, at(in))
		return shownAdminProduct(p, err)
	}
}

func shownAdminProduct(p catalog.Product, err error) (*adminProductAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &adminProductAnswer{Body: adminProductOf(p)}, nil
}
