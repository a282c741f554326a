package fiberhttp

import (
	"context"
	"net/http"
	"net/url"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	productsTag = "Products"
	productPath = apiPath + "/products/"
)

type productInput struct {
	Scoped
	Conditional

	Product string `path:"product" doc:"Its id or its slug."`
}

// catalogueRead is the answer to a read of the catalogue: Raw, and on what it depends.
type catalogueRead struct {
	Status       int
	ContentType  string `header:"Content-Type"`
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Vary         string `header:"Vary"`
	Location     string `header:"Location"`
	Body         []byte
}

// unchanged documents the answer to a caller who holds the present state.
var unchanged = map[int]string{http.StatusNotModified: "The caller holds the present state"}

// movedOrUnchanged documents also the answer to a caller who has an old slug.
var movedOrUnchanged = map[int]string{
	http.StatusNotModified: unchanged[http.StatusNotModified], http.StatusMovedPermanently: "It has another slug now; Location has it",
}

func (r *routes) mountProducts() {
	Op(r.server, Route{
		ID: "list-products", Method: http.MethodGet, Path: apiPath + "/products", Tag: productsTag,
		Summary: "The products on sale", Body: productPage{}, Also: unchanged,
		Problems: []fault.Class{catalog.InvalidCursor, fault.Unexpected, fault.Down},
	}, r.listProducts)
	Op(r.server, Route{
		ID: "get-product", Method: http.MethodGet, Path: apiPath + "/products/{product}", Tag: productsTag,
		Summary: "A product on sale, by its id or slug", Body: productDetail{}, Also: movedOrUnchanged,
		Problems: []fault.Class{fault.Missing, fault.Unexpected, fault.Down},
	}, r.getProduct)
}

func (r *routes) getProduct(ctx context.Context, in *productInput) (*catalogueRead, error) {
	scope, err := r.scope(in.Scoped)
	if err != nil {
		return nil, err
	}
	p, err := r.Catalog.Product(ctx, scope, in.Product)
	if fault.Is(err, catalog.SlugMoved) {
		return movedTo(productPath, err), nil
	}
	if err != nil {
		return nil, err
	}
	facts, err := r.offers(ctx, scope, []catalog.Product{p})
	if err != nil {
		return nil, err
	}
	categories, err := r.Catalog.CategoriesOf(ctx, scope, p)
	if err != nil {
		return nil, err
	}
	out := detailOf(p, categories, facts)
	if !p.BrandID.IsZero() {
		brand, err := r.Catalog.GetBrand(ctx, p.BrandID)
		if err != nil && fault.KindOf(err) != fault.NotFound { // It may go meanwhile; then the product has none.
			return nil, err
		}
		out.BrandSlug = brand.Slug
	}
	return r.server.readOf(ctx, in.Conditional, out, shownOf(p)...)
}

// movedTo answers who has a slug that was given up, below the path. Slugs may be taken again, so caches must ask each
// time.
func movedTo(path string, err error) *catalogueRead {
	slug, _ := fault.Of(err).Details()["slug"].(string)
	return &catalogueRead{
		Status: http.StatusMovedPermanently, Location: path + url.PathEscape(slug),
		CacheControl: "no-cache", Vary: scopeHeaders,
	}
}

// offers reads what the products cost and what is there of them: two calls, however many products there are.
func (r *routes) offers(ctx context.Context, scope ref.Scope, products []catalog.Product) (offers, error) {
	var variants []ref.VariantID
	var skus []ref.SKU
	for _, p := range products {
		for _, v := range p.Variants {
			variants, skus = append(variants, v.ID), append(skus, v.SKU)
		}
	}
	prices, err := r.Pricing.Current(ctx, scope, variants)
	if err != nil {
		return offers{}, err
	}
	stock, err := r.Inventory.Offers(ctx, skus)
	return offers{prices: prices, stock: stock}, err
}

// shownOf are the tags of what shows all of a product: it tells how many there are of each variant.
func shownOf(p catalog.Product) []string {
	tags := make([]string, 0, len(p.Variants)+1)
	tags = append(tags, catalog.TagCatalogue)
	for _, v := range p.Variants {
		tags = append(tags, catalog.TagOf(v.SKU))
	}
	return tags
}
