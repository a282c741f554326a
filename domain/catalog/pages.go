package catalog

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// PageMax is the largest page of a list.
const PageMax = 100

// ListQuery asks for a page of the list, newest first.
type ListQuery struct {
	Limit int // 1 to PageMax.
	After *Place
}

// Place is where a page ended: the key of its last product.
type Place struct {
	CreatedAt time.Time
	ID        ref.ProductID
}

// Page is a page of the list; Next is nil on the last one.
type Page struct {
	Items []Product
	Next  *Place
}

// MemberQuery asks for a page of the products of a collection.
type MemberQuery struct {
	Limit int // 1 to PageMax.
	After *MemberPlace
}

// MemberPlace is where a page of a collection ended: the key of its last product.
type MemberPlace struct {
	Position int // In the list of a collection by hand, from 0; 0 for all of one by rule.
	Place
}

// MemberPage is a page of the products of a collection; Next is nil on the last one.
type MemberPage struct {
	Items []Product
	Next  *MemberPlace
}

// BrandQuery asks for a page of brands, by name.
type BrandQuery struct {
	Limit int    // 1 to PageMax.
	After string // The NameKey of the last brand's own name; "" for the start.
}

// BrandPage is a page of brands; Next is "" on the last one.
type BrandPage struct {
	Items []Brand
	Next  string
}
