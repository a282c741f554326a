package fiberhttp

import (
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/valyala/fasthttp"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// admitIntegers refuses integers that are not written as everybody writes them: +5 and 05 are none of JSON's either, and
// what reads 05 as five is read as another number elsewhere. What is no integer at all is left to the rules of its
// parameter.
func admitIntegers(args *fasthttp.Args, known []*huma.Param) error {
	var refused []*fault.Error
	for _, parameter := range known {
		if parameter.In != "query" || parameter.Schema == nil || parameter.Schema.Type != huma.TypeInteger {
			continue
		}
		text := string(args.Peek(parameter.Name))
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) != text {
			refused = append(refused, fault.Bad.New("is a whole number in digits, without a plus sign and without zeros before it").At(parameter.Name))
		}
	}
	return fault.Collect(refused)
}
