package fiberhttp

import "time"

// SummedCollection is a collection in a list for staff; it is embedded in what shows all of one.
type SummedCollection struct {
	ShownNames

	ID          string            `json:"id" example:"col_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Version     int64             `json:"version" doc:"Counts the changes; for If-Match."`
	Rule        *collectionRule   `json:"rule,omitempty" doc:"Who is in; a collection by hand has none."`
	Publication shownWindow       `json:"publication" doc:"When it is shown."`
	Listings    []shownListing    `json:"listings" doc:"Where it is shown; none means the default channel alone."`
	Metadata    map[string]string `json:"metadata"`
	CreatedAt   time.Time         `json:"created_at"`
	UpdatedAt   time.Time         `json:"updated_at"`
}

// adminCollection is a collection with all that staff see of it.
type adminCollection struct {
	SummedCollection

	Products []string `json:"products" doc:"Ids of those of a collection by hand, in order of showing."`
}

// collectionRule is a rule of a collection, a tree of parts. It is the catalogue's own, which writes and reads itself.
type collectionRule struct {
	Op    string           `json:"op" enum:"all,any,not,brand,category,tag,type,featured" doc:"All, any and not combine others; the rest ask one thing of a product."`
	Rules []collectionRule `json:"rules,omitempty" doc:"What all, any and not combine."`
	Value string           `json:"value,omitempty" doc:"Id of a brand or of a category, whose subtree is meant; a tag; a type."`
}

type adminCollectionPage struct {
	Items      []SummedCollection `json:"items"`
	NextCursor *string            `json:"next_cursor" doc:"Where the next page starts; null on the last one."`
}

type adminCollectionsAnswer struct{ Body adminCollectionPage }

type adminCollectionAnswer struct{ Body adminCollection }

// CollectionAddress is embedded in the input of every call to a collection.
type CollectionAddress struct {
	Collection string `path:"collection" doc:"Its id."`
}

type adminCollectionInput struct{ CollectionAddress }

type adminCollectionsInput struct{ Paged }

// CollectionFields are what staff say of a collection; lists and objects are replaced as a whole.
type CollectionFields struct {
	NamedFields

	Rule        *collectionRule   `json:"rule,omitempty" doc:"Who is in, for a collection by rule. A collection stays by hand or by rule."`
	Products    []string          `json:"products,omitempty" doc:"Ids of the products of a collection by hand, in order of showing."`
	Publication *windowFields     `json:"publication,omitempty" doc:"When it is shown."`
	Listings    []listingFields   `json:"listings,omitempty" doc:"Where it is shown; none means the default channel alone."`
	Metadata    map[string]string `json:"metadata,omitempty" doc:"Facts of your own, at most 40."`
}

type createCollectionInput struct{ Body CollectionFields }

type changeCollectionInput struct {
	CollectionAddress
	Expecting

	Body CollectionFields
}

type removeCollectionInput struct {
	CollectionAddress
	Expecting
	Outdated
}
