package fiberhttp

import "time"

// adminCategory is a category with all that staff see of it, in the shop's own language.
type adminCategory struct {
	ShownNames

	ID        string    `json:"id" example:"cat_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Version   int64     `json:"version" doc:"Counts the changes; for If-Match."`
	Parent    string    `json:"parent" doc:"Id of the category above; empty for a root."`
	Position  int       `json:"position" doc:"Among its siblings, from 0."`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

type adminCategories struct {
	Items []adminCategory `json:"items" doc:"Parents before their children, siblings in order."`
}

type adminCategoriesAnswer struct{ Body adminCategories }

type adminCategoryAnswer struct{ Body adminCategory }

// CategoryAddress is embedded in the input of every call to a category.
type CategoryAddress struct {
	Category string `path:"category" doc:"Its id."`
}

type adminCategoryInput struct{ CategoryAddress }

type createCategoryInput struct {
	Body struct {
		CategoryFields

		Parent string `json:"parent,omitempty" doc:"Id of the category above, of whose children it becomes the last; without it a root."`
	}
}

// CategoryFields are what staff say of a category.
type CategoryFields struct{ NamedFields }

type changeCategoryInput struct {
	CategoryAddress
	Expecting

	Body CategoryFields
}

type moveCategoryInput struct {
	CategoryAddress
	Expecting

	Body struct {
		Parent   string `json:"parent,omitempty" doc:"Id of the category above; without it a root."`
		Position *int   `json:"position,omitempty" minimum:"0" maximum:"100000" doc:"Its place among the children, from 0; without it the last."`
		Version  *int64 `json:"version,omitempty" minimum:"1" doc:"The version that is to be changed; 409 when it is no longer the present one. Without it whatever is present is changed."`
	}
}

type removeCategoryInput struct {
	CategoryAddress
	Expecting
	Outdated
}
