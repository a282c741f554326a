package fiberhttp

// StockAddress is embedded in the input of every call to the stock of a SKU.
type StockAddress struct {
	SKU string `path:"sku" doc:"Of the variant; a slash in it is written as %2F."`
}

type stockInput struct {
	StockAddress
	Paged
}

type adjustStockInput struct {
	Body struct {
		SKU      string `json:"sku"`
		Location string `json:"location,omitempty" doc:"Where; without it at the default location."`
		Delta    int64  `json:"delta" minimum:"-1000000000" maximum:"1000000000" doc:"By how many what is on hand changes, either way."`
		Reason   string `json:"reason" minLength:"1" maxLength:"255" doc:"Stands in the ledger."`
	}
}

type countStockInput struct {
	Body struct {
		SKU      string `json:"sku"`
		Location string `json:"location,omitempty" doc:"Where; without it at the default location."`
		Expected *int64 `json:"expected,omitempty" minimum:"0" doc:"How many were on hand when the counting began; 409 when that is no longer so. Left out for the first count there."`
		Quantity int64  `json:"quantity" minimum:"0" maximum:"1000000000" doc:"How many were counted."`
		Reason   string `json:"reason,omitempty" maxLength:"255" doc:"Stands in the ledger."`
	}
}

type receiveStockInput struct {
	Body struct {
		SKU      string `json:"sku"`
		Location string `json:"location,omitempty" doc:"Where; without it at the default location."`
		Quantity int64  `json:"quantity" minimum:"1" maximum:"1000000000" doc:"How many came in. They go first to orders that are owed some."`
		Reason   string `json:"reason,omitempty" maxLength:"255" doc:"Stands in the ledger."`
	}
}

type damageStockInput struct {
	Body struct {
		SKU      string `json:"sku"`
		Location string `json:"location,omitempty" doc:"Where; without it at the default location."`
		Quantity int64  `json:"quantity" minimum:"1" maximum:"1000000000" doc:"How many are no longer fit to be sold."`
		Reason   string `json:"reason" minLength:"1" maxLength:"255" doc:"Stands in the ledger."`
	}
}

type transferStockInput struct {
	Body struct {
		SKU      string `json:"sku"`
		From     string `json:"from" minLength:"1" doc:"The location that they leave."`
		To       string `json:"to" minLength:"1" doc:"The location that they go to."`
		Quantity int64  `json:"quantity" minimum:"1" maximum:"1000000000" doc:"How many. Claimed goods stay where they are."`
		Reason   string `json:"reason,omitempty" maxLength:"255" doc:"Stands in the ledger."`
	}
}

type stockAnswer struct{ Body stockOfSKU }
