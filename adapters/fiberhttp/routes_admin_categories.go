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
	adminCategoriesTag  = "Admin: categories"
	adminCategoriesPath = adminPath + "/categories"
	adminCategoryPath   = adminCategoriesPath + "/{category}"
)

func (r *routes) mountAdminCategories() {
	tree := []fault.Class{catalog.TreeTooDeep, catalog.TreeTooLarge}
	Op(r.server, Route{
		ID: "admin-list-categories", Method: http.MethodGet, Path: adminCategoriesPath, Tag: adminCategoriesTag, Permission: access.CatalogRead,
		Summary: "All categories", Problems: staffReads,
	}, r.adminListCategories)
	Command(r, Route{
		ID: "admin-create-category", Method: http.MethodPost, Path: adminCategoriesPath, Tag: adminCategoriesTag, Permission: access.CatalogWrite,
		Summary: "Make a category", Success: http.StatusCreated,
		Problems: also(also(staffWrites, tree...), catalog.CategoryTaken, catalog.StructureChanged),
	}, r.createCategory, func(ctx context.Context, _ *createCategoryInput, subject string) (*adminCategoryAnswer, error) {
		return shownAdminCategory(r.category(ctx, subject))
	})
	Op(r.server, Route{
		ID: "admin-get-category", Method: http.MethodGet, Path: adminCategoryPath, Tag: adminCategoriesTag, Permission: access.CatalogRead,
		Summary: "A category", Problems: also(staffReads, fault.Missing),
	}, func(ctx context.Context, in *adminCategoryInput) (*adminCategoryAnswer, error) {
		return shownAdminCategory(r.category(ctx, in.Category))
	})
	Op(r.server, Route{
		ID: "admin-change-category", Method: http.MethodPatch, Path: adminCategoryPath, Tag: adminCategoriesTag, Permission: access.CatalogWrite,
		Summary: "Change the texts or the slug of a category", Problems: also(staffChanges, catalog.CategoryTaken, catalog.StructureChanged),
	}, r.changeCategory)
	Command(r, Route{
		ID: "admin-move-category", Method: http.MethodPost, Path: adminCategoryPath + "/move", Tag: adminCategoriesTag, Permission: access.CatalogWrite,
		Summary:  "Move a category, with all below it",
		Problems: also(also(staffChanges, catalog.CategoryCycle, catalog.TreeTooDeep), catalog.StructureChanged),
	}, r.moveCategory, func(ctx context.Context, in *moveCategoryInput, _ string) (*adminCategoryAnswer, error) {
		return shownAdminCategory(r.category(ctx, in.Category))
	})
	Op(r.server, Route{
		ID: "admin-remove-category", Method: http.MethodDelete, Path: adminCategoryPath, Tag: adminCategoriesTag, Permission: access.CatalogWrite,
		Summary: "Remove a category that no product names and below which none stands", Success: http.StatusNoContent,
		Problems: also(staffChanges, catalog.InUse, catalog.StructureChanged),
	}, r.removeCategory)
}

func (r *routes) adminListCategories(ctx context.Context, _ *struct{}) (*adminCategoriesAnswer, error) {
	tree, err := r.Catalog.Tree(ctx, ref.Scope{})
	if err != nil {
		return nil, err
	}
	all := tree.Subtree(ref.CategoryID{})
	out := &adminCategoriesAnswer{Body: adminCategories{Items: make([]adminCategory, len(all))}}
	for i, c := range all {
		out.Body.Items[i] = adminCategoryOf(c)
	}
	return out, nil
}

// category reads the category that a path names.
func (r *routes) category(ctx context.Context, text string) (catalog.Category, error) {
	id, err := idOf[ref.CategoryKind](text, "category")
	if err != nil {
		return catalog.Category{}, err
	}
	tree, err := r.Catalog.Tree(ctx, ref.Scope{})
	if err != nil {
		return catalog.Category{}, err
	}
	c, known := tree.Get(id)
	if !known {
		return c, fault.Missing.New("there is no such category")
	}
	return c, nil
}

func (r *routes) createCategory(ctx context.Context, in *createCategoryInput, a Attempt) (*adminCategoryAnswer, string, error) {
	c := catalog.Category{ID: ref.NewID[ref.CategoryKind](a.ID("category"))}
	in.Body.apply(&c.Slug, &c.Text, &c.Translations)
	if in.Body.Parent != "" {
		var err error
		if c.Parent, err = parentOf(in.Body.Parent); err != nil {
			return nil, "", err
		}
	}
	subject := c.ID.String()
	c, err := audited(ctx, r, access.CatalogWrite, "catalog.category_created", subject, func(ctx context.Context) (catalog.Category, error) {
		made, err := r.Catalog.SaveCategory(ctx, c)
		if fault.Is(err, fault.VersionConflict) { // By an attempt that was cut off.
			return r.category(ctx, subject)
		}
		return made, unknownIn(err)
	})
	out, err := shownAdminCategory(c, err)
	return out, subject, err
}

func (r *routes) changeCategory(ctx context.Context, in *changeCategoryInput) (*adminCategoryAnswer, error) {
	return shownAdminCategory(r.editCategory(ctx, in.CategoryAddress, in.Expecting, in.Body.Version, "changed", func(ctx context.Context, c catalog.Category) (catalog.Category, error) {
		in.Body.apply(&c.Slug, &c.Text, &c.Translations)
		return r.Catalog.SaveCategory(ctx, c)
	}))
}

func (r *routes) moveCategory(ctx context.Context, in *moveCategoryInput, _ Attempt) (*adminCategoryAnswer, string, error) {
	place := catalog.CategoriesMax
	put(&place, in.Body.Position)
	c, err := r.editCategory(ctx, in.CategoryAddress, in.Expecting, in.Body.Version, "moved", func(ctx context.Context, c catalog.Category) (catalog.Category, error) {
		var parent ref.CategoryID
		if in.Body.Parent != "" {
			var err error
			if parent, err = parentOf(in.Body.Parent); err != nil {
				return c, err
			}
		}
		moved, err := r.Catalog.MoveCategory(ctx, c.ID, c.Version, parent, place)
		return moved, unknownIn(err)
	})
	out, err := shownAdminCategory(c, err)
	return out, in.Category, err
}

func (r *routes) removeCategory(ctx context.Context, in *removeCategoryInput) (*struct{}, error) {
	_, err := r.editCategory(ctx, in.CategoryAddress, in.Expecting, in.named(), "removed", func(ctx context.Context, c catalog.Category) (catalog.Category, error) {
		return c, r.Catalog.RemoveCategory(ctx, c.ID, c.Version)
	})
	return nil, err
}

// editCategory reads a category and changes it over the version that the caller expects.
func (r *routes) editCategory(ctx context.Context, at CategoryAddress, expected Expecting, version *int64, action string, change func(context.Context, catalog.Category) (catalog.Category, error)) (catalog.Category, error) {
	return edited[ref.CategoryKind](ctx, r, editing[catalog.Category]{
		noun: "category", id: at.Category, action: action, expected: expected, version: version, read: r.category,
		versionOf: func(present catalog.Category) ref.Version { return present.Version },
	}, change)
}

// parentOf reads the id of a parent in a body.
func parentOf(text string) (ref.CategoryID, error) {
	id, err := ref.ParseID[ref.CategoryKind](text)
	if err != nil || id.IsZero() {
		return id, fault.Collect([]*fault.Error{catalog.UnknownReference.New("there is no such parent category").At("parent")})
	}
	return id, nil
}

// unknownIn makes of a parent that is not there, which the tree calls missing, a field of the body that is wrong: what
// the path names is there.
func unknownIn(err error) error {
	if known := fault.Of(err); fault.Is(err, fault.Missing) && known.Field() != "" {
		return fault.Collect([]*fault.Error{catalog.UnknownReference.New(known.Message()).At(known.Field())})
	}
	return err
}

func adminCategoryOf(c catalog.Category) adminCategory {
	out := adminCategory{
		ShownNames: shownNamesOf(c.Slug, c.Text, c.Translations), ID: c.ID.String(), Version: int64(c.Version), Position: c.Position,
		CreatedAt: c.CreatedAt.UTC(), UpdatedAt: c.UpdatedAt.UTC(),
	}
	if !c.Parent.IsZero() {
		out.Parent = c.Parent.String()
	}
	return out
}

func shownAdminCategory(c catalog.Category, err error) (*adminCategoryAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &adminCategoryAnswer{Body: adminCategoryOf(c)}, nil
}
