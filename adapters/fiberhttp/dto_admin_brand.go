package fiberhttp

import "time"

// adminBrand is a brand with all that staff see of it, in the shop's own language.
type adminBrand struct {
	ShownNames

	ID        string    `json:"id" example:"brd_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Version   int64     `json:"version" doc:"Counts the changes; for If-Match."`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

type adminBrandPage struct {
	Items      []adminBrand `json:"items"`
	NextCursor *string      `json:"next_cursor" doc:"Where the next page starts; null on the last one."`
}

type adminBrandsAnswer struct{ Body adminBrandPage }

type adminBrandAnswer struct{ Body adminBrand }

// BrandAddress is embedded in the input of every call to a brand.
type BrandAddress struct {
	Brand string `path:"brand" doc:"Its id."`
}

type adminBrandInput struct{ BrandAddress }

type adminBrandsInput struct{ Paged }

type createBrandInput struct{ Body BrandFields }

// BrandFields are what staff say of a brand.
type BrandFields struct{ NamedFields }

type changeBrandInput struct {
	BrandAddress
	Expecting

	Body BrandFields
}

type removeBrandInput struct {
	BrandAddress
	Expecting
	Outdated
}
