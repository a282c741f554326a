package fiberhttp

import (
	"net/url"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ProductSummary is a product in a list; it is embedded in what shows all of one.
type ProductSummary struct {
	ID        string      `json:"id" example:"prd_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Slug      string      `json:"slug" example:"orwell-stoneware-mug" doc:"Unique; names the product in addresses."`
	Title     string      `json:"title"`
	Brand     string      `json:"brand" doc:"Empty when it has none."`
	Price     priceOrNull `json:"price" doc:"Lowest price of a variant; null when none has one."`
	CompareAt priceOrNull `json:"compare_at" doc:"Former or recommended price of that variant."`
	Lowest30  priceOrNull `json:"lowest_30_days" doc:"Lowest price of that variant in the 30 days before its present one began; null when it had none. What an announced reduction is from, by directive 98/6/EC, Art. 6a."`
	InStock   bool        `json:"in_stock" doc:"Whether any variant can be bought now."`
	Featured  bool        `json:"featured"`
	Image     string      `json:"image" format:"uri-reference" doc:"Address of the picture on this server; a drawn one when there is no other."`
}

// productPage is a page of a list of products.
type productPage struct {
	Items      []ProductSummary `json:"items"`
	NextCursor *string          `json:"next_cursor" doc:"Where the next page starts; null on the last one."`
	Facets     []facet          `json:"facets,omitempty" doc:"Ways to narrow the list down; with facets=true alone."`

	Approximate bool `json:"approximate,omitempty" doc:"True when more products pass than are ranked by relevance or counted in facets: the list ends behind the ones that are, and counts are at least so many."`
}

// productDetail is a product with all that is shown of it.
type productDetail struct {
	ProductSummary

	Description string            `json:"description" doc:"As the shop wrote it; it may hold HTML, which whoever shows it must clean."`
	BrandSlug   string            `json:"brand_slug" doc:"Names its brand in addresses; empty when it has none."`
	SEO         seoTexts          `json:"seo" doc:"What search engines are to show; what is empty they take from the page."`
	Categories  []productCategory `json:"categories"`
	Media       []productMedia    `json:"media" doc:"In order of showing; at least one."`
	Variants    []productVariant  `json:"variants"`
}

type productCategory struct {
	ID   string `json:"id,omitempty" example:"cat_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Slug string `json:"slug,omitempty" example:"mugs"`
	Name string `json:"name"`
}

type productMedia struct {
	URL string `json:"url" format:"uri-reference" doc:"Address on this server."`
	Alt string `json:"alt" doc:"What it shows, for those who cannot see it."`
}

type productVariant struct {
	ID        string          `json:"id" example:"var_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	SKU       string          `json:"sku"`
	Title     string          `json:"title" doc:"What tells it from its siblings; the product's title for the only one."`
	Options   []productOption `json:"options"`
	Price     priceOrNull     `json:"price" doc:"Null when it has none here."`
	CompareAt priceOrNull     `json:"compare_at"`
	Lowest30  priceOrNull     `json:"lowest_30_days" doc:"Lowest price in the 30 days before the present one began; null when it had none."`
	InStock   bool            `json:"in_stock"`
	Available *int64          `json:"available" doc:"How many can be bought now; null when that is not shown."`
}

type productOption struct {
	Name  string `json:"name" example:"Size"`
	Value string `json:"value" example:"Large"`
}

// offers are the facts of other contexts that products are shown with.
type offers struct {
	prices map[ref.VariantID]pricing.ResolvedPrice
	stock  map[ref.SKU]inventory.Offer
}

// offer is what a variant costs, and what that is shown beside.
type offer struct{ price, compareAt, lowest30 priceOrNull }

// of gives what a variant costs.
func (o offers) of(id ref.VariantID) offer {
	if p, ok := o.prices[id]; ok {
		return offer{priceOrNull{&p.Amount}, priceOrNull{p.CompareAt}, priceOrNull{p.Lowest30}}
	}
	return offer{}
}

// lowest gives what the cheapest of the variants costs, the first of equal ones. All prices of a scope are in one
// currency.
func (o offers) lowest(variants []catalog.Variant) offer {
	var low offer
	for _, v := range variants {
		if this := o.of(v.ID); this.price.price != nil && (low.price.price == nil || this.price.price.Micro() < low.price.price.Micro()) {
			low = this
		}
	}
	return low
}

func (o offers) anyAvailable(variants []catalog.Variant) bool {
	for _, v := range variants {
		if o.stock[v.SKU].Sellable() > 0 {
			return true
		}
	}
	return false
}

// summaryOfListed shows a product in a list.
func summaryOfListed(l catalog.Listed) ProductSummary {
	shown := catalog.Product{Slug: l.Slug, Title: l.Title, Media: []catalog.Media{l.Image}}
	return ProductSummary{
		ID: l.ID.String(), Slug: l.Slug, Title: l.Title, Brand: l.Brand, Price: priceOrNull{&l.Price}, CompareAt: priceOrNull{l.CompareAt}, Lowest30: priceOrNull{l.Lowest30},
		InStock: l.InStock, Featured: l.Featured, Image: mediaOf(shown)[0].URL,
	}
}

// summaryOf shows a product as a list does.
func summaryOf(p catalog.Product, o offers) ProductSummary {
	low := o.lowest(p.Variants)
	return ProductSummary{
		ID: p.ID.String(), Slug: p.Slug, Title: p.Title, Brand: p.Brand, Price: low.price, CompareAt: low.compareAt, Lowest30: low.lowest30,
		InStock: o.anyAvailable(p.Variants), Featured: p.Featured, Image: mediaOf(p)[0].URL,
	}
}

// detailOf shows all of a product.
func detailOf(p catalog.Product, categories []catalog.Category, o offers) productDetail {
	out := productDetail{
		ProductSummary: summaryOf(p, o), Description: p.Description, SEO: seoTexts(p.SEO), Categories: []productCategory{},
		Media: mediaOf(p), Variants: make([]productVariant, len(p.Variants)),
	}
	for _, c := range categories {
		out.Categories = append(out.Categories, productCategory{ID: c.ID.String(), Slug: c.Slug, Name: c.Name})
	}
	if len(categories) == 0 && p.Type != "" { // One that nobody put into a category yet has the one that its type names.
		out.Categories = append(out.Categories, productCategory{Name: p.Type})
	}
	for i, v := range p.Variants {
		costs := o.of(v.ID)
		stock := o.stock[v.SKU]
		shown := productVariant{
			ID: v.ID.String(), SKU: v.SKU.String(), Title: v.Title(), Options: make([]productOption, len(v.Options)),
			Price: costs.price, CompareAt: costs.compareAt, Lowest30: costs.lowest30, InStock: stock.Sellable() > 0,
		}
		if stock.Beyond == 0 { // Else what is there is not the most that can be bought.
			shown.Available = &stock.Available
		}
		if shown.Title == "" {
			shown.Title = p.Title
		}
		for j, value := range v.Options {
			shown.Options[j] = productOption{Name: p.Options[j], Value: value}
		}
		out.Variants[i] = shown
	}
	return out
}

// mediaOf lists the pictures of a product that this server has, or the drawn one when there is none: a picture that
// stands elsewhere is never shown from there.
func mediaOf(p catalog.Product) []productMedia {
	var out []productMedia
	for _, m := range p.Media {
		if m.Key != "" {
			out = append(out, productMedia{URL: mediaURL(m.Key), Alt: m.Alt})
		}
	}
	if len(out) == 0 {
		return []productMedia{{URL: mediaURL("drawn/" + drawable(p.Slug) + ".svg"), Alt: p.Title}}
	}
	return out
}

// mediaURL is the address of a picture. Keys are paths, so their slashes stand.
func mediaURL(key string) string {
	parts := strings.Split(key, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return "/media/" + strings.Join(parts, "/")
}

// drawable brings a slug to the letters that Draw takes, which are fewer than those of a slug.
func drawable(slug string) string {
	words := strings.FieldsFunc(slug, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	out := strings.Join(words, "-")
	if len(out) > maxSlug {
		out = strings.TrimRight(out[:maxSlug], "-")
	}
	if out == "" {
		return "product"
	}
	return out
}
