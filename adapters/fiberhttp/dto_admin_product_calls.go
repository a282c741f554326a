package fiberhttp

type indexInput struct {
	Paged

	Query  string `query:"q" doc:"A part of the title or the slug, whatever the case of ASCII letters; or the SKU of a variant."`
	Status string `query:"status" enum:"draft,active,archived" doc:"Those of a status; without it all."`
}

// ProductAddress is embedded in the input of every call to a product.
type ProductAddress struct {
	Product string `path:"product" doc:"Its id."`
}

type adminProductInput struct{ ProductAddress }

type changeProductInput struct {
	ProductAddress
	Expecting

	Body struct {
		ProductFields

		Variants []variantChange `json:"variants,omitempty" doc:"Changes of variants that it has; those that are left out stay as they are."`
		Version  *int64          `json:"version,omitempty" minimum:"1" doc:"The version that is to be changed; 409 when it is no longer the present one. Without it whatever is present is changed."`
	}
}

// variantChange is a change of a variant of a product.
type variantChange struct {
	VariantFields

	ID string `json:"id"`
}

type archiveProductInput struct {
	ProductAddress
	Expecting
	Outdated
}

type productEventInput struct {
	ProductAddress
	Expecting

	Body struct {
		Event   string `json:"event" enum:"publish,withdraw,archive,restore" doc:"Put it on sale; take it off sale and work on it; take it off sale for good; make a draft of an archived one."`
		Version *int64 `json:"version,omitempty" minimum:"1" doc:"The version that is to be changed; 409 when it is no longer the present one. Without it whatever is present is changed."`
	}
}

type addVariantInput struct {
	ProductAddress
	Expecting

	Body struct {
		VariantFields

		Version *int64 `json:"version,omitempty" minimum:"1" doc:"The version of the product that is to be changed; 409 when it is no longer the present one. Without it whatever is present is changed."`
	}
}

type changeVariantInput struct {
	ProductAddress
	Expecting

	Variant string `path:"variant" doc:"Its id."`
	Body    struct {
		VariantFields

		Version *int64 `json:"version,omitempty" minimum:"1" doc:"The version of the product that is to be changed; 409 when it is no longer the present one. Without it whatever is present is changed."`
	}
}

type adminProductAnswer struct{ Body adminProduct }

type indexAnswer struct{ Body indexPage }
