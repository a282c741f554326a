package exchange

import (
	"fmt"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// priceless tells why a text is no price, and how to write one. Digits are all that is wrong with most.
func priceless(text string, err error) string {
	switch message := fault.Of(err).Message(); {
	case strings.Contains(text, ","):
		return fmt.Sprintf("%q has a comma; write it like 1234.50, with a point before the decimals and nothing between thousands", excerpt(text))
	case strings.Trim(text, "0123456789.") != "" || strings.Count(text, ".") > 1 || strings.HasPrefix(text, ".") || strings.HasSuffix(text, "."):
		return fmt.Sprintf("%q is not a price; write it like 19.99, in digits with at most one point between them and no sign of a currency", excerpt(text))
	default:
		return message
	}
}

// notWhole tells why a text is no whole number that can be kept.
func notWhole(text string) string {
	if strings.Trim(text, "0123456789") == "" && text != "" {
		return fmt.Sprintf("%q is too large for a number of things", excerpt(text))
	}
	return fmt.Sprintf("%q is not a whole number; write it in digits alone, like 12", excerpt(text))
}
