package fiberhttp

import "time"

type setPolicyInput struct {
	StockAddress
	Expecting

	Body struct {
		Kind    string     `json:"kind" enum:"deny,backorder,preorder" doc:"Not at all; up to the limit; up to the limit and until a moment."`
		Limit   int64      `json:"limit,omitempty" minimum:"0" maximum:"1000000000" doc:"The most that may be owed; not for deny."`
		Until   *time.Time `json:"until,omitempty" doc:"Of a preorder: when the goods are to be there."`
		Version *int64     `json:"version,omitempty" minimum:"0" doc:"The version that is to be changed, 0 for none; 409 when it is no longer the present one. Without it whatever is present is changed."`
	}
}

// LocationAddress is embedded in the input of every call to a location.
type LocationAddress struct {
	Location string `path:"location" doc:"Its code."`
}

type openLocationInput struct {
	Body struct {
		Location string `json:"location" example:"shop-2" doc:"Its code: lower-case letters, digits, dots, dashes and underscores."`
		Name     string `json:"name" doc:"For people."`
		Priority int32  `json:"priority,omitempty" doc:"Orders draw on the lowest first."`
	}
}

type changeLocationInput struct {
	LocationAddress
	Expecting

	Body struct {
		Name     *string `json:"name,omitempty" doc:"For people."`
		Priority *int32  `json:"priority,omitempty" doc:"Orders draw on the lowest first."`
		Version  *int64  `json:"version,omitempty" minimum:"0" doc:"The version that is to be changed; 409 when it is no longer the present one. Without it whatever is present is changed."`
	}
}

type locationEventInput struct {
	LocationAddress
	Expecting

	Body struct {
		Event   string `json:"event" enum:"close,reopen" doc:"Take an empty location out of the shop's stock, or let it take stock again."`
		Version *int64 `json:"version,omitempty" minimum:"0" doc:"The version that is to be changed; 409 when it is no longer the present one. Without it whatever is present is changed."`
	}
}

type siteAnswer struct{ Body site }

type sitesAnswer struct {
	Body struct {
		Items []site `json:"items" doc:"In the order in which orders draw on them."`
	}
}
