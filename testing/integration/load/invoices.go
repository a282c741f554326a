package load

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Line is what an invoice bought of one code. The price is in pence.
type Line struct {
	Code     string
	Quantity int64
	Price    int64
}

// Invoice is one purchase; each code stands in it once.
type Invoice struct {
	Number string
	Lines  []Line
}

// Total is what the invoice costs, in pence.
func (i Invoice) Total() int64 {
	var sum int64
	for _, l := range i.Lines {
		sum += l.Quantity * l.Price
	}
	return sum
}

// OrdersVariable names the file of orders that Invoices plays, when it is set.
const OrdersVariable = "COMMERCE_ORDERS_CSV"

// Invoices reads those of the file that OrdersVariable names, else it makes so many from a seed.
func Invoices(seed uint64, count int) ([]Invoice, error) {
	name := os.Getenv(OrdersVariable)
	if name == "" {
		return Generate(seed, count), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return Read(f)
}

// columns are those of the file, in its order.
const (
	columnInvoice = iota
	columnCode
	columnTitle
	columnQuantity
	columnAt
	columnPrice
	columnCustomer
	columnCountry
	columnsCount
)

// notProducts are codes that are charges and corrections.
var notProducts = []string{"POST", "DOT", "M", "C2", "D", "S", "B", "CRUK", "PADS", "AMAZONFEE", "BANK CHARGES"}

// Read takes the sales of a file of legacy orders: what was bought of products, at a price of whole pence, as often as it was.
// Codes compare without case; one that stands twice in an invoice is one line; a code costs what it cost first, since a shop
// has one price. What is no sale is left out.
func Read(r io.Reader) ([]Invoice, error) {
	rows := csv.NewReader(r)
	rows.FieldsPerRecord = columnsCount
	if _, err := rows.Read(); err != nil {
		return nil, fmt.Errorf("the header: %w", err)
	}
	var out []Invoice
	place, prices := map[string]int{}, map[string]int64{}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		number, code := row[columnInvoice], strings.ToUpper(strings.TrimSpace(row[columnCode]))
		quantity, wrong := strconv.ParseInt(row[columnQuantity], 10, 64)
		pounds, wrongPrice := strconv.ParseFloat(row[columnPrice], 64)
		price := int64(math.Round(pounds * 100))
		if wrong != nil || wrongPrice != nil || quantity < 1 || price < 1 || code == "" || strings.HasPrefix(number, "C") || slices.Contains(notProducts, code) {
			continue
		}
		if _, known := prices[code]; !known {
			prices[code] = price
		}
		i, known := place[number]
		if !known {
			i = len(out)
			place[number] = i
			out = append(out, Invoice{Number: number})
		}
		out[i].add(Line{code, quantity, prices[code]})
	}
}

// add puts a line into the invoice.
func (i *Invoice) add(l Line) {
	if at := slices.IndexFunc(i.Lines, func(have Line) bool { return have.Code == l.Code }); at >= 0 {
		i.Lines[at].Quantity += l.Quantity
		return
	}
	i.Lines = append(i.Lines, l)
}

// The shape of generated invoices, which is that of a real December: 26 lines in the middle of a long tail that ends at 675,
// 2,700 codes of which few are in every third invoice.
const (
	longest  = 675
	codes    = 2700
	hotCodes = 8
	tail     = 1.1 // Of the distribution of lengths: the lower, the longer.
	shortest = 3.0
)

// Generate makes invoices from a seed: the same ones for the same seed. The longest that there is comes as the second.
func Generate(seed uint64, count int) []Invoice {
	random := rand.New(rand.NewPCG(seed, 0x696e766f696365)) //nolint:gosec // Invoices are no secret.
	out := make([]Invoice, count)
	for i := range out {
		length := min(int(shortest*math.Pow(1-random.Float64(), -1/tail)), longest)
		if i == 1 {
			length = longest
		}
		out[i].Number = fmt.Sprintf("G%06d", i)
		for len(out[i].Lines) < length {
			code := hotCodes + random.IntN(codes-hotCodes)
			if random.IntN(8) == 0 {
				code = random.IntN(hotCodes)
			}
			quantity := int64(1 + random.IntN(12))
			if random.IntN(50) == 0 {
				quantity *= 100 // Wholesale.
			}
			out[i].add(Line{fmt.Sprintf("G%04d", code), quantity, int64(15 + code*37%2000)})
		}
	}
	return out
}
