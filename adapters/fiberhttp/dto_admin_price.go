package fiberhttp

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
)

// VariantAddress is embedded in the input of every call to a variant.
type VariantAddress struct {
	ProductAddress

	Variant string `path:"variant" doc:"Its id."`
}

// PriceList is embedded in the input of reads of prices.
type PriceList struct {
	Channel  string `query:"channel" maxLength:"32" doc:"Of which channel; without it the shop's own."`
	Currency string `query:"currency" maxLength:"8" doc:"In which currency, as its ISO 4217 code; without it the channel's first."`
}

type pricesInput struct {
	VariantAddress
	PriceList
}

type setPriceInput struct {
	VariantAddress
	Expecting

	Body struct {
		Amount    money.UnitPrice  `json:"amount" doc:"What one costs. Its currency tells whose list it is in."`
		CompareAt *money.UnitPrice `json:"compare_at,omitempty" doc:"A former or recommended price to show beside it."`
		From      *time.Time       `json:"from,omitempty" doc:"Plans it for then. Without from and until it is the standing price from now on."`
		Until     *time.Time       `json:"until,omitempty" doc:"Until just before then."`
		Channel   string           `json:"channel,omitempty" maxLength:"32" doc:"Without it the shop's own."`
		Why       string           `json:"why,omitempty" maxLength:"500" doc:"Stands in the history of prices."`
		Version   *int64           `json:"version,omitempty" minimum:"0" doc:"The version of the plan that is to be changed, 0 for none; 409 when it is no longer the present one. Without it whatever is present is changed."`
	}
}

type endPriceInput struct {
	VariantAddress
	Expecting
	PriceList

	From    time.Time `query:"from" doc:"When the price begins that is to end; without from and until it is the standing price."`
	Until   time.Time `query:"until" doc:"When the price ends that is to end now."`
	Version int64     `query:"version" minimum:"1" doc:"The version of the plan that is to be changed; 409 when it is no longer the present one. Without it whatever is present is changed."`
}

type priceHistoryInput struct {
	VariantAddress
	PriceList

	Since time.Time `query:"since" doc:"From when on; without it from the beginning."`
}

// pricePlan is what a variant costs in a channel and a currency, now and as far as it is planned.
type pricePlan struct {
	VariantID string         `json:"variant_id"`
	Channel   string         `json:"channel"`
	Currency  string         `json:"currency"`
	Version   int64          `json:"version" doc:"Counts the changes, for If-Match; 0 when nobody set a price yet."`
	Now       priceOrNull    `json:"now" doc:"What it costs now; null when it is not sold."`
	Lowest30  priceOrNull    `json:"lowest_30_days" doc:"Lowest price in the 30 days before the present one began; null when it had none."`
	Prices    []plannedPrice `json:"prices" doc:"Of those that hold at a moment the first one counts."`
}

type plannedPrice struct {
	Amount    money.UnitPrice `json:"amount"`
	CompareAt priceOrNull     `json:"compare_at"`
	From      *time.Time      `json:"from" doc:"Null for always."`
	Until     *time.Time      `json:"until" doc:"Null for ever."`
}

type priceHistory struct {
	Items []priceStep `json:"items" doc:"Oldest first; at most the newest thousand changes."`
}

// priceStep is a change of what a variant costs.
type priceStep struct {
	From   time.Time   `json:"from" doc:"From when on it costs that, until the next step."`
	Amount priceOrNull `json:"amount" doc:"Null when it has no price from then on."`
	By     string      `json:"by" doc:"Who changed it."`
	Why    string      `json:"why"`
}

type pricePlanAnswer struct{ Body pricePlan }

type priceHistoryAnswer struct{ Body priceHistory }
