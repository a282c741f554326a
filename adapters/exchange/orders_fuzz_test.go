package exchange_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// ordersHead is the first line of the documented example.
const ordersHead = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"

// FuzzOrders proves that no map and no file makes the reader panic, that a refusal says why, that a rejected row says
// where, and that whatever is accepted is a batch that ordering takes.
func FuzzOrders(f *testing.F) {
	f.Add(exchange.DefaultOrderMap, ordersHead+"536365,85123A,WHITE HANGING,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n")
	f.Add(exchange.DefaultOrderMap, ordersHead+"C1,m,\"a\nb\",-6,2010-12-01T08:26,0.001,,\nC1,M,,1.0,2010-12-01,-1.5,x,\n,,,,,,,\n1,2\n")
	f.Add("invoice=a,sku=b,quantity=c,at=d,unit_price=e", "A,b,c,d,e\n1,2,99999999999,2010-13-01,9223372036854.775807\n")
	f.Add("\"invoice=a,b\",invoice=,=x,sku", "")
	f.Add(exchange.DefaultOrderMap, ordersHead+"1,a,caf\xe9,6,2010-12-01 08:26:00,2.55,1,UK\n\xff\x00,a,,,,,,\xfe,\xfe\n")
	f.Fuzz(func(t *testing.T, mapping, text string) {
		columns, err := exchange.ParseOrderMap(mapping)
		if err != nil {
			columns, _ = exchange.ParseOrderMap(exchange.DefaultOrderMap)
		}
		reader, err := exchange.NewOrderReader(strings.NewReader(text), exchange.OrderOptions{
			Map: columns, Currency: money.GBP, Dates: exchange.DatesDMY,
			Rules: ordering.ImportRules{CreditPrefix: "C", AdjustmentPrefix: "A", NotProducts: map[string]bool{"M": true}},
		})
		batch := ordering.ImportBatch{Source: "fuzz", Currency: money.GBP, At: time.Unix(1, 0)}
		for err == nil {
			var r exchange.OrderRow
			if r, err = reader.Next(); err != nil {
				break
			}
			switch {
			case r.Line < 2 || (r.Code == "") != (r.Reason == ""):
				t.Fatalf("a row does not say where or why: %+v", r)
			case r.Code != "":
				continue
			}
			r.Row.Total, _ = r.Row.UnitPrice.Mul(r.Row.Quantity, ordering.LineRounding)
			if batch.Rows = append(batch.Rows, r.Row); len(batch.Rows) == ordering.ImportRowsMax {
				break
			}
		}
		var refused *exchange.FileError
		if errors.As(err, &refused) {
			if refused.Count < 1 || refused.Rejections[0].Reason == "" {
				t.Fatalf("a refusal does not say why: %+v", refused)
			}
		} else if err != nil && !errors.Is(err, io.EOF) {
			t.Fatalf("the error is %v", err)
		}
		if _, err := ordering.DecideImport(batch, ordering.ImportFacts{}); err != nil {
			t.Fatalf("accepted rows are refused: %v", err)
		}
	})
}
