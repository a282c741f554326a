package fiberhttp

import "github.com/ipswich-retail/commerce/domain/catalog"

// seoTexts are what search engines are to show of a page.
type seoTexts struct {
	Title       string `json:"title" maxLength:"1024"`
	Description string `json:"description" maxLength:"1024"`
}

// categoryNode is a category in the tree, with those below it.
type categoryNode struct {
	ID       string         `json:"id" example:"cat_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Slug     string         `json:"slug" example:"mugs"`
	Name     string         `json:"name"`
	Children []categoryNode `json:"children" doc:"Those right below it, in order of showing."`
}

// categoryTree is the answer of the whole tree.
type categoryTree struct {
	Items []categoryNode `json:"items" doc:"The roots, in order of showing."`
}

// LinkedCategory is a category that another one leads to; it is embedded in what shows all of one, see CartAddress.
type LinkedCategory struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// categoryDetail is a category with where it stands.
type categoryDetail struct {
	LinkedCategory

	Description string           `json:"description" doc:"As the shop wrote it; it may hold HTML, which whoever shows it must clean."`
	SEO         seoTexts         `json:"seo"`
	Path        []LinkedCategory `json:"path" doc:"Those above it, from the root down."`
	Children    []LinkedCategory `json:"children" doc:"Those right below it, in order of showing."`
}

// BrandSummary is a brand in a list; it is embedded in what shows all of one.
type BrandSummary struct {
	ID   string `json:"id" example:"brd_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Slug string `json:"slug" example:"orwell"`
	Name string `json:"name"`
}

type brandPage struct {
	Items      []BrandSummary `json:"items"`
	NextCursor *string        `json:"next_cursor" doc:"Where the next page starts; null on the last one."`
}

type brandDetail struct {
	BrandSummary

	Description string   `json:"description" doc:"As the shop wrote it; it may hold HTML, which whoever shows it must clean."`
	SEO         seoTexts `json:"seo"`
}

// CollectionSummary is a collection in a list; it is embedded in what shows all of one.
type CollectionSummary struct {
	ID          string   `json:"id" example:"col_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Slug        string   `json:"slug" example:"spring"`
	Name        string   `json:"name"`
	Description string   `json:"description" doc:"As the shop wrote it; it may hold HTML, which whoever shows it must clean."`
	SEO         seoTexts `json:"seo"`
}

type collectionPage struct {
	Items      []CollectionSummary `json:"items"`
	NextCursor *string             `json:"next_cursor" doc:"Where the next page starts; null on the last one."`
}

// collectionDetail is a collection with a page of its products.
type collectionDetail struct {
	CollectionSummary

	Items      []ProductSummary `json:"items" doc:"Its products on sale: of one by hand in the order of the shop, of one by rule newest first."`
	NextCursor *string          `json:"next_cursor" doc:"Where the next page of products starts; null on the last one."`
}

// nodesOf shows the children of a category, and all below them.
func nodesOf(t catalog.Tree, children []catalog.Category) []categoryNode {
	out := make([]categoryNode, len(children))
	for i, c := range children {
		out[i] = categoryNode{ID: c.ID.String(), Slug: c.Slug, Name: c.Name, Children: nodesOf(t, t.Children(c.ID))}
	}
	return out
}

func linkedOf(categories []catalog.Category) []LinkedCategory {
	out := make([]LinkedCategory, len(categories))
	for i, c := range categories {
		out[i] = LinkedCategory{ID: c.ID.String(), Slug: c.Slug, Name: c.Name}
	}
	return out
}

func brandOf(b catalog.Brand) BrandSummary {
	return BrandSummary{ID: b.ID.String(), Slug: b.Slug, Name: b.Name}
}

func collectionOf(c catalog.Collection) CollectionSummary {
	return CollectionSummary{ID: c.ID.String(), Slug: c.Slug, Name: c.Name, Description: c.Description, SEO: seoTexts(c.SEO)}
}
