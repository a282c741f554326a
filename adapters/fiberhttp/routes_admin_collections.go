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
	adminCollectionsTag  = "Admin: collections"
	adminCollectionsPath = adminPath + "/collections"
	adminCollectionPath  = adminCollectionsPath + "/{collection}"
	// allCollections is the name of the list of collections for staff.
	allCollections = "admin/collections"
)

func (r *routes) mountAdminCollections() {
	changes := also(staffChanges, catalog.CollectionTaken, catalog.StructureChanged)
	Op(r.server, Route{
		ID: "admin-list-collections", Method: http.MethodGet, Path: adminCollectionsPath, Tag: adminCollectionsTag, Permission: access.CatalogRead,
		Summary: "All collections, by slug", Problems: also(staffReads, catalog.InvalidCursor),
	}, r.adminListCollections)
	Command(r, Route{
		ID: "admin-create-collection", Method: http.MethodPost, Path: adminCollectionsPath, Tag: adminCollectionsTag, Permission: access.CatalogWrite,
		Summary: "Make a collection, by hand or by rule", Success: http.StatusCreated,
		Description: "Who is in one by rule follows within a minute, and at once for products that are saved meanwhile.",
		Problems:    also(staffWrites, catalog.CollectionTaken, catalog.StructureChanged),
	}, r.createCollection, func(ctx context.Context, _ *createCollectionInput, subject string) (*adminCollectionAnswer, error) {
		return shownAdminCollection(r.collection(ctx, subject))
	})
	Op(r.server, Route{
		ID: "admin-get-collection", Method: http.MethodGet, Path: adminCollectionPath, Tag: adminCollectionsTag, Permission: access.CatalogRead,
		Summary: "A collection, whatever its window", Problems: also(staffReads, fault.Missing),
	}, func(ctx context.Context, in *adminCollectionInput) (*adminCollectionAnswer, error) {
		return shownAdminCollection(r.collection(ctx, in.Collection))
	})
	Op(r.server, Route{
		ID: "admin-change-collection", Method: http.MethodPatch, Path: adminCollectionPath, Tag: adminCollectionsTag, Permission: access.CatalogWrite,
		Summary: "Change a collection", Problems: changes,
	}, r.changeCollection)
	Op(r.server, Route{
		ID: "admin-remove-collection", Method: http.MethodDelete, Path: adminCollectionPath, Tag: adminCollectionsTag, Permission: access.CatalogWrite,
		Summary: "Remove a collection; its products stay", Success: http.StatusNoContent, Problems: also(staffChanges, catalog.StructureChanged),
	}, r.removeCollection)
}

func (r *routes) adminListCollections(ctx context.Context, in *adminCollectionsInput) (*adminCollectionsAnswer, error) {
	after, err := in.after(allCollections)
	if err != nil {
		return nil, err
	}
	page, err := r.Catalog.Collections(ctx, ref.Scope{}, catalog.CollectionQuery{All: true, Limit: in.Limit, After: after})
	if err != nil {
		return nil, err
	}
	out := adminCollectionPage{Items: make([]SummedCollection, len(page.Items)), NextCursor: namedCursor(allCollections, page.Next)}
	for i, c := range page.Items {
		out.Items[i] = summedOf(c)
	}
	return &adminCollectionsAnswer{Body: out}, nil
}

// collection reads the collection that a path names.
func (r *routes) collection(ctx context.Context, text string) (catalog.Collection, error) {
	id, err := idOf[ref.CollectionKind](text, "collection")
	if err != nil {
		return catalog.Collection{}, err
	}
	return r.Catalog.GetCollection(ctx, id)
}

func (r *routes) createCollection(ctx context.Context, in *createCollectionInput, a Attempt) (*adminCollectionAnswer, string, error) {
	c := catalog.Collection{ID: ref.NewID[ref.CollectionKind](a.ID("collection"))}
	if err := in.Body.apply(&c); err != nil {
		return nil, "", err
	}
	subject := c.ID.String()
	c, err := audited(ctx, r, access.CatalogWrite, "catalog.collection_created", subject, func(ctx context.Context) (catalog.Collection, error) {
		made, err := r.Catalog.SaveCollection(ctx, c)
		if fault.Is(err, fault.VersionConflict) { // By an attempt that was cut off.
			return r.collection(ctx, subject)
		}
		return made, err
	})
	out, err := shownAdminCollection(c, err)
	return out, subject, err
}

func (r *routes) changeCollection(ctx context.Context, in *changeCollectionInput) (*adminCollectionAnswer, error) {
	return shownAdminCollection(r.editCollection(ctx, in.CollectionAddress, in.Expecting, in.Body.Version, "changed", func(ctx context.Context, c catalog.Collection) (catalog.Collection, error) {
		if err := in.Body.apply(&c); err != nil {
			return c, err
		}
		return r.Catalog.SaveCollection(ctx, c)
	}))
}

func (r *routes) removeCollection(ctx context.Context, in *removeCollectionInput) (*struct{}, error) {
	_, err := r.editCollection(ctx, in.CollectionAddress, in.Expecting, in.named(), "removed", func(ctx context.Context, c catalog.Collection) (catalog.Collection, error) {
		return c, r.Catalog.RemoveCollection(ctx, c.ID, c.Version)
	})
	return nil, err
}

// editCollection reads a collection and changes it over the version that the caller expects.
func (r *routes) editCollection(ctx context.Context, at CollectionAddress, expected Expecting, version *int64, action string, change func(context.Context, catalog.Collection) (catalog.Collection, error)) (catalog.Collection, error) {
	return edited[ref.CollectionKind](ctx, r, editing[catalog.Collection]{
		noun: "collection", id: at.Collection, action: action, expected: expected, version: version, read: r.collection,
		versionOf: func(present catalog.Collection) ref.Version { return present.Version },
	}, change)
}

// apply makes the changes to a collection. Its errors name the fields.
func (f CollectionFields) apply(c *catalog.Collection) error {
	f.NamedFields.apply(&c.Slug, &c.Text, &c.Translations)
	var wrong, errs []*fault.Error
	if f.Rule != nil {
		rule := f.Rule.rule()
		c.Rule = &rule
	}
	if f.Products != nil {
		c.Products, errs = idsIn[ref.ProductKind]("products", "product", f.Products)
		wrong = append(wrong, errs...)
	}
	if f.Publication != nil {
		c.Publication, errs = window("publication", f.Publication.From, f.Publication.Until)
		wrong = append(wrong, errs...)
	}
	if f.Listings != nil {
		c.Listings, errs = listingsOf(f.Listings)
		wrong = append(wrong, errs...)
	}
	if f.Metadata != nil {
		c.Metadata = f.Metadata
	}
	return fault.Collect(wrong)
}

// rule is the rule in the words of the catalogue.
func (c collectionRule) rule() catalog.Rule {
	out := catalog.Rule{Op: catalog.RuleOp(c.Op), Value: c.Value}
	for _, o := range c.Rules {
		out.Rules = append(out.Rules, o.rule())
	}
	return out
}

func ruleOf(r catalog.Rule) collectionRule {
	out := collectionRule{Op: string(r.Op), Value: r.Value}
	for _, o := range r.Rules {
		out.Rules = append(out.Rules, ruleOf(o))
	}
	return out
}

func summedOf(c catalog.Collection) SummedCollection {
	out := SummedCollection{
		ShownNames: shownNamesOf(c.Slug, c.Text, c.Translations), ID: c.ID.String(), Version: int64(c.Version),
		Publication: shownWindowOf(c.Publication), Listings: shownListingsOf(c.Listings), Metadata: metadataOf(c.Metadata),
		CreatedAt: c.CreatedAt.UTC(), UpdatedAt: c.UpdatedAt.UTC(),
	}
	if c.Rule != nil {
		rule := ruleOf(*c.Rule)
		out.Rule = &rule
	}
	return out
}

func shownAdminCollection(c catalog.Collection, err error) (*adminCollectionAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &adminCollectionAnswer{Body: adminCollection{SummedCollection: summedOf(c), Products: textsOf(c.Products)}}, nil
}
