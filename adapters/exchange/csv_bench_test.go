package exchange_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/domain/money"
)

// mugText has quotes as CSV has them inside quotes.
var mugText = strings.Repeat("<p>A mug, \"\"hand made\"\" in Ipswich.</p>\n", 12)

// benched is a file of so many products in a format, with a description.
func benched(as exchange.Format, products int, text string) []byte {
	var b bytes.Buffer
	switch as {
	case exchange.Shopify:
		b.WriteString("Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Image Alt Text,Status\n")
		for i := range products {
			fmt.Fprintf(&b, "mug-%d,Mug %d,\"%s\",Ebb,Mugs,\"tea, kitchen\",TRUE,Size,Small,Colour,Blue,MUG-%d-S,300,5,12.50,,https://cdn.example/%d.jpg,A mug,active\n", i, i, text, i, i)
			fmt.Fprintf(&b, "mug-%d,,,,,,,,Large,,Blue,MUG-%d-L,500,7,15.00,18.00,,,\n", i, i)
		}
	default:
		b.WriteString(`{"kind":"shop","format":"commerce.products","version":1,"currency":"GBP"}` + "\n")
		for i := range products {
			fmt.Fprintf(&b, `{"kind":"product","slug":"mug-%d","title":"Mug %d","description":%q,"brand":"Ebb","tags":["tea","kitchen"],"status":"active","options":["Size"],"images":[{"url":"https://cdn.example/%d.jpg"}],"variants":[{"sku":"MUG-%d-S","values":["S"],"price":"12.50","stock":5},{"sku":"MUG-%d-L","values":["L"],"price":"15.00","stock":7}]}`+"\n", i, i, text, i, i, i)
		}
		fmt.Fprintf(&b, `{"kind":"end","products":%d}`+"\n", products)
	}
	return b.Bytes()
}

func BenchmarkRead(b *testing.B) {
	for name, text := range map[string]string{"": mugText, "long": strings.Repeat("x", 20*len(mugText))} {
		for _, as := range []exchange.Format{exchange.Shopify, exchange.JSONL} {
			b.Run(string(as)+name, func(b *testing.B) {
				file := benched(as, 2000, text)
				b.SetBytes(int64(len(file)))
				b.ReportAllocs()
				for b.Loop() {
					s, err := exchange.Open(bytes.NewReader(file), int64(len(file)), as, money.GBP)
					if err != nil {
						b.Fatal(err)
					}
					n := 0
					if err := s.Each(func(exchange.Item) error { n++; return nil }); err != nil || n != 2000 {
						b.Fatal(n, err)
					}
				}
			})
		}
	}
}
