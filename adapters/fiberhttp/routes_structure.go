package fiberhttp

import (
	"context"
	"net/http"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	structureTag   = "Categories, brands and collections"
	categoryPath   = apiPath + "/categories/"
	brandPath      = apiPath + "/brands/"
	collectionPath = apiPath + "/collections/"

	// The names of lists, for their cursors.
	brandList      = "brands"
	collectionList = "collections"
)

type treeInput struct {
	Scoped
	Conditional
}

type categoryInput struct {
	Scoped
	Conditional

	Category string `path:"category" doc:"Its slug."`
}

type brandInput struct {
	Scoped
	Conditional

	Brand string `path:"brand" doc:"Its slug."`
}

// Paged is embedded in the input of lists.
type Paged struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Most items of the page."`
	Cursor string `query:"cursor" doc:"The next_cursor of the page before; without it the first page."`
}

type pagedInput struct {
	Scoped
	Conditional
	Paged
}

type collectionInput struct {
	Scoped
	Conditional
	Paged

	Collection string `path:"collection" doc:"Its slug."`
}

func (r *routes) mountStructure() {
	reads := []fault.Class{fault.Unexpected, fault.Down}
	pages := append([]fault.Class{catalog.InvalidCursor}, reads...)
	named := append([]fault.Class{fault.Missing}, reads...)
	Op(r.server, Route{
		ID: "list-categories", Method: http.MethodGet, Path: apiPath + "/categories", Tag: structureTag,
		Summary: "All categories as a tree", Body: categoryTree{}, Also: unchanged, Problems: reads,
	}, r.listCategories)
	Op(r.server, Route{
		ID: "get-category", Method: http.MethodGet, Path: categoryPath + "{category}", Tag: structureTag,
		Summary: "A category with what stands above and below it", Body: categoryDetail{}, Also: movedOrUnchanged, Problems: named,
	}, r.getCategory)
	Op(r.server, Route{
		ID: "list-brands", Method: http.MethodGet, Path: apiPath + "/brands", Tag: structureTag,
		Summary: "The brands, by name", Body: brandPage{}, Also: unchanged, Problems: pages,
	}, r.listBrands)
	Op(r.server, Route{
		ID: "get-brand", Method: http.MethodGet, Path: brandPath + "{brand}", Tag: structureTag,
		Summary: "A brand", Body: brandDetail{}, Also: movedOrUnchanged, Problems: named,
	}, r.getBrand)
	Op(r.server, Route{
		ID: "list-collections", Method: http.MethodGet, Path: apiPath + "/collections", Tag: structureTag,
		Summary: "The collections that are shown, by slug", Body: collectionPage{}, Also: unchanged, Problems: pages,
	}, r.listCollections)
	Op(r.server, Route{
		ID: "get-collection", Method: http.MethodGet, Path: collectionPath + "{collection}", Tag: structureTag,
		Summary: "A collection with a page of its products", Body: collectionDetail{}, Also: movedOrUnchanged,
		Problems: append([]fault.Class{fault.Missing}, pages...),
	}, r.getCollection)
}

func (r *routes) listCategories(ctx context.Context, in *treeInput) (*catalogueRead, error) {
	scope, err := r.scope(in.Scoped)
	if err != nil {
		return nil, err
	}
	tree, err := r.Catalog.Tree(ctx, scope)
	if err != nil {
		return nil, err
	}
	return r.server.readOf(ctx, in.Conditional, categoryTree{Items: nodesOf(tree, tree.Children(ref.CategoryID{}))}, catalog.TagCatalogue)
}

func (r *routes) getCategory(ctx context.Context, in *categoryInput) (*catalogueRead, error) {
	scope, err := r.scope(in.Scoped)
	if err != nil {
		return nil, err
	}
	c, err := r.Catalog.Branch(ctx, scope, in.Category)
	if fault.Is(err, catalog.SlugMoved) {
		return movedTo(categoryPath, err), nil
	}
	if err != nil {
		return nil, err
	}
	return r.server.readOf(ctx, in.Conditional, categoryDetail{
		LinkedCategory: linkedOf([]catalog.Category{c.Category})[0], Description: c.Description, SEO: seoTexts(c.SEO),
		Path: linkedOf(c.Path), Children: linkedOf(c.Children),
	}, catalog.TagCatalogue)
}

func (r *routes) listBrands(ctx context.Context, in *pagedInput) (*catalogueRead, error) {
	scope, err := r.scope(in.Scoped)
	if err != nil {
		return nil, err
	}
	page, err := r.brands(ctx, scope, in.Paged)
	if err != nil {
		return nil, err
	}
	out := brandPage{Items: make([]BrandSummary, len(page.Items)), NextCursor: namedCursor(brandList, page.Next)}
	for i, b := range page.Items {
		out.Items[i] = brandOf(b)
	}
	return r.server.readOf(ctx, in.Conditional, out, catalog.TagCatalogue)
}

// brands reads a page of brands.
func (r *routes) brands(ctx context.Context, scope ref.Scope, in Paged) (catalog.BrandPage, error) {
	after, err := in.after(brandList)
	if err != nil {
		return catalog.BrandPage{}, err
	}
	return r.Catalog.Brands(ctx, scope, catalog.BrandQuery{Limit: in.Limit, After: after})
}

func (r *routes) getBrand(ctx context.Context, in *brandInput) (*catalogueRead, error) {
	scope, err := r.scope(in.Scoped)
	if err != nil {
		return nil, err
	}
	b, err := r.Catalog.Brand(ctx, scope, in.Brand)
	if fault.Is(err, catalog.SlugMoved) {
		return movedTo(brandPath, err), nil
	}
	if err != nil {
		return nil, err
	}
	return r.server.readOf(ctx, in.Conditional, brandDetail{BrandSummary: brandOf(b), Description: b.Description, SEO: seoTexts(b.SEO)}, catalog.TagCatalogue)
}

func (r *routes) listCollections(ctx context.Context, in *pagedInput) (*catalogueRead, error) {
	scope, err := r.scope(in.Scoped)
	if err != nil {
		return nil, err
	}
	after, err := in.after(collectionList)
	if err != nil {
		return nil, err
	}
	page, err := r.Catalog.Collections(ctx, scope, catalog.CollectionQuery{Limit: in.Limit, After: after})
	if err != nil {
		return nil, err
	}
	out := collectionPage{Items: make([]CollectionSummary, len(page.Items)), NextCursor: namedCursor(collectionList, page.Next)}
	for i, c := range page.Items {
		out.Items[i] = collectionOf(c)
	}
	return r.server.readOf(ctx, in.Conditional, out, catalog.TagCatalogue)
}

func (r *routes) getCollection(ctx context.Context, in *collectionInput) (*catalogueRead, error) {
	scope, err := r.scope(in.Scoped)
	if err != nil {
		return nil, err
	}
	c, err := r.Catalog.Collection(ctx, scope, in.Collection)
	if fault.Is(err, catalog.SlugMoved) {
		return movedTo(collectionPath, err), nil
	}
	if err != nil {
		return nil, err
	}
	page, err := r.members(ctx, scope, c.ID, in.Paged)
	if err != nil {
		return nil, err
	}
	page.CollectionSummary = collectionOf(c)
	return r.server.readOf(ctx, in.Conditional, page, catalog.TagCatalogue, catalog.TagTurns)
}

// members reads a page of the products of a collection, with what they cost and whether they are there.
func (r *routes) members(ctx context.Context, scope ref.Scope, id ref.CollectionID, in Paged) (collectionDetail, error) {
	query := catalog.MemberQuery{Limit: in.Limit}
	list := collectionList + "/" + id.String()
	if in.Cursor != "" {
		at, err := parsePlace[memberPlace](list, in.Cursor)
		if err != nil {
			return collectionDetail{}, err
		}
		query.After = &catalog.MemberPlace{Position: at.Position, Place: catalog.Place{CreatedAt: time.UnixMicro(at.At).UTC(), ID: at.ID}}
	}
	page, err := r.Catalog.Members(ctx, scope, id, query)
	if err != nil {
		return collectionDetail{}, err
	}
	facts, err := r.offers(ctx, scope, page.Items)
	if err != nil {
		return collectionDetail{}, err
	}
	out := collectionDetail{Items: make([]ProductSummary, len(page.Items))}
	for i, p := range page.Items {
		out.Items[i] = summaryOf(p, facts)
	}
	if page.Next != nil {
		next := formatPlace(list, memberPlace{Position: page.Next.Position, At: page.Next.CreatedAt.UnixMicro(), ID: page.Next.ID})
		out.NextCursor = &next
	}
	return out, nil
}

// after is the text behind which a page of a list by name begins.
func (p Paged) after(list string) (string, error) {
	if p.Cursor == "" {
		return "", nil
	}
	at, err := parsePlace[namedPlace](list, p.Cursor)
	return at.Name, err
}

// namedCursor is the cursor of a list by name, or nil at its end.
func namedCursor(list, next string) *string {
	if next == "" {
		return nil
	}
	out := formatPlace(list, namedPlace{Name: next})
	return &out
}
