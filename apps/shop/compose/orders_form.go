package compose

import (
	"io"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/domain/money"
)

// orderReader reads files of order lines as the fields of a form over HTTP say.
func orderReader() bridge.OrderReader {
	return bridge.OrderReader{
		Source: SourceOf,
		Check: func(settings map[string]string) error {
			_, err := formOf(settings).Options(money.GBP) // Which has no part in the rules.
			return err
		},
		Open: func(settings map[string]string, currency money.Currency, in io.Reader) (bridge.OrderFile, error) {
			options, err := formOf(settings).Options(currency)
			if err != nil {
				return nil, err
			}
			return OpenOrders(in, options)
		},
	}
}

// OpenOrders is ReadOrders as the bridge knows it, without a reader in an interface when it fails.
func OpenOrders(in io.Reader, o exchange.OrderOptions) (bridge.OrderFile, error) {
	r, err := ReadOrders(in, o)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// formOf is the form that the settings fill in; what they do not name is as by default.
func formOf(settings map[string]string) OrderForm {
	f := DefaultOrderForm()
	for name, into := range map[string]*string{
		"map": &f.Map, "timezone": &f.Timezone, "dates": &f.Dates, "credit_prefix": &f.CreditPrefix,
		"adjustment_prefix": &f.AdjustmentPrefix, "not_products": &f.NotProducts,
	} {
		if text, said := settings[name]; said {
			*into = text
		}
	}
	return f
}
