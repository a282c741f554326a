package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	adminBrandsTag  = "Admin: brands"
	adminBrandsPath = adminPath + "/brands"
	adminBrandPath  = adminBrandsPath + "/{brand}"
)

func (r *routes) mountAdminBrands() {
	Op(r.server, Route{
		ID: "admin-list-brands", Method: http.MethodGet, Path: adminBrandsPath, Tag: adminBrandsTag, Permission: access.CatalogRead,
		Summary: "The brands, by name", Problems: also(staffReads, catalog.InvalidCursor),
	}, r.adminListBrands)
	Command(r, Route{
		ID: "admin-create-brand", Method: http.MethodPost, Path: adminBrandsPath, Tag: adminBrandsTag, Permission: access.CatalogWrite,
		Summary: "Make a brand", Success: http.StatusCreated, Problems: also(staffWrites, catalog.BrandTaken),
	}, r.createBrand, func(ctx context.Context, _ *createBrandInput, subject string) (*adminBrandAnswer, error) {
		return shownAdminBrand(r.brand(ctx, subject))
	})
	Op(r.server, Route{
		ID: "admin-get-brand", Method: http.MethodGet, Path: adminBrandPath, Tag: adminBrandsTag, Permission: access.CatalogRead,
		Summary: "A brand", Problems: also(staffReads, fault.Missing),
	}, func(ctx context.Context, in *adminBrandInput) (*adminBrandAnswer, error) {
		return shownAdminBrand(r.brand(ctx, in.Brand))
	})
	Op(r.server, Route{
		ID: "admin-change-brand", Method: http.MethodPatch, Path: adminBrandPath, Tag: adminBrandsTag, Permission: access.CatalogWrite,
		Summary: "Change a brand; its products show the new name from then on", Problems: also(staffChanges, catalog.BrandTaken),
	}, r.changeBrand)
	Op(r.server, Route{
		ID: "admin-remove-brand", Method: http.MethodDelete, Path: adminBrandPath, Tag: adminBrandsTag, Permission: access.CatalogWrite,
		Summary: "Remove a brand that no product names", Success: http.StatusNoContent, Problems: also(staffChanges, catalog.InUse),
	}, r.removeBrand)
}

func (r *routes) adminListBrands(ctx context.Context, in *adminBrandsInput) (*adminBrandsAnswer, error) {
	page, err := r.brands(ctx, ref.Scope{}, in.Paged)
	if err != nil {
		return nil, err
	}
	out := adminBrandPage{Items: make([]adminBrand, len(page.Items)), NextCursor: namedCursor(brandList, page.Next)}
	for i, b := range page.Items {
		out.Items[i] = adminBrandOf(b)
	}
	return &adminBrandsAnswer{Body: out}, nil
}

// brand reads the brand that a path names.
func (r *routes) brand(ctx context.Context, text string) (catalog.Brand, error) {
	id, err := idOf[ref.BrandKind](text, "brand")
	if err != nil {
		return catalog.Brand{}, err
	}
	return r.Catalog.GetBrand(ctx, id)
}

func (r *routes) createBrand(ctx context.Context, in *createBrandInput, a Attempt) (*adminBrandAnswer, string, error) {
	b := catalog.Brand{ID: ref.NewID[ref.BrandKind](a.ID("brand"))}
	in.Body.apply(&b.Slug, &b.Text, &b.Translations)
	subject := b.ID.String()
	b, err := audited(ctx, r, access.CatalogWrite, "catalog.brand_created", subject, func(ctx context.Context) (catalog.Brand, error) {
		made, err := r.Catalog.SaveBrand(ctx, b)
		if fault.Is(err, fault.VersionConflict) { // By an attempt that was cut off.
			return r.brand(ctx, subject)
		}
		return made, err
	})
	out, err := shownAdminBrand(b, err)
	return out, subject, err
}

func (r *routes) changeBrand(ctx context.Context, in *changeBrandInput) (*adminBrandAnswer, error) {
	return shownAdminBrand(r.editBrand(ctx, in.BrandAddress, in.Expecting, in.Body.Version, "changed", func(ctx context.Context, b catalog.Brand) (catalog.Brand, error) {
		in.Body.apply(&b.Slug, &b.Text, &b.Translations)
		return r.Catalog.SaveBrand(ctx, b)
	}))
}

func (r *routes) removeBrand(ctx context.Context, in *removeBrandInput) (*struct{}, error) {
	_, err := r.editBrand(ctx, in.BrandAddress, in.Expecting, in.named(), "removed", func(ctx context.Context, b catalog.Brand) (catalog.Brand, error) {
		return b, r.Catalog.RemoveBrand(ctx, b.ID, b.Version)
	})
	return nil, err
}

// editBrand reads a brand and changes it over the version that the caller expects.
func (r *routes) editBrand(ctx context.Context, at BrandAddress, expected Expecting, version *int64, action string, change func(context.Context, catalog.Brand) (catalog.Brand, error)) (catalog.Brand, error) {
	return edited[ref.BrandKind](ctx, r, editing[catalog.Brand]{
		noun: "brand", id: at.Brand, action: action, expected: expected, version: version, read: r.brand,
		versionOf: func(present catalog.Brand) ref.Version { return present.Version },
	}, change)
}

func adminBrandOf(b catalog.Brand) adminBrand {
	return adminBrand{
		ShownNames: shownNamesOf(b.Slug, b.Text, b.Translations), ID: b.ID.String(), Version: int64(b.Version),
		CreatedAt: b.CreatedAt.UTC(), UpdatedAt: b.UpdatedAt.UTC(),
	}
}

func shownAdminBrand(b catalog.Brand, err error) (*adminBrandAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &adminBrandAnswer{Body: adminBrandOf(b)}, nil
}
