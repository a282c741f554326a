package load_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/testing/integration/load"
)

// hotCodes are those that are in many invoices.
const hotCodes = 8

// two purchases that were accepted and one that was refused, and what the shop stored of them.
func books() ([]*load.Purchase, []load.Stored) {
	invoice := load.Invoice{Number: "1", Lines: []load.Line{{Code: "A", Quantity: 2, Price: 150}, {Code: "B", Quantity: 1, Price: 5}}}
	purchases := []*load.Purchase{
		{Invoice: invoice, Key: "k1", State: load.Accepted, Order: "o1", Total: 305},
		{Invoice: invoice, Key: "k2", State: load.Refused},
		{Invoice: invoice, Key: "k3", State: load.Accepted, Order: "o3", Total: 305},
	}
	return purchases, []load.Stored{
		{ID: "o1", Total: 305, Lines: 2},
		{ID: "o3", Total: 305, Lines: 2},
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(p []*load.Purchase, s []load.Stored) []load.Stored
		want  string // In the only finding; "" for none.
	}{
		"all well":                {func(_ []*load.Purchase, s []load.Stored) []load.Stored { return s }, ""},
		"an order is lost":        {func(_ []*load.Purchase, s []load.Stored) []load.Stored { return s[:1] }, "accepted and is not stored"},
		"a refused one is stored": {func(_ []*load.Purchase, s []load.Stored) []load.Stored { return append(s, load.Stored{ID: "o2"}) }, "nobody was told"},
		"listed twice":            {func(_ []*load.Purchase, s []load.Stored) []load.Stored { return append(s, s[0]) }, "listed twice"},
		"another total is stored": {func(_ []*load.Purchase, s []load.Stored) []load.Stored { s[1].Total++; return s }, "stored is 306"},
		"another total was told":  {func(p []*load.Purchase, s []load.Stored) []load.Stored { p[0].Total--; return s }, "said 304"},
		"a line is lost":          {func(_ []*load.Purchase, s []load.Stored) []load.Stored { s[0].Lines--; return s }, "has 1"},
		"an answer is dropped": {func(p []*load.Purchase, s []load.Stored) []load.Stored {
			p[0].State, p[0].Order = load.Refused, ""
			return s
		}, "nobody was told"},
		"an open outcome": {func(p []*load.Purchase, s []load.Stored) []load.Stored { p[1].State = load.Unknown; return s }, "unknown"},
	} {
		p, s := books()
		got := load.Check(p, c.spoil(p, s))
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.Contains(got[0], c.want)) {
			t.Errorf("%s: %q, want one with %q", name, got, c.want)
		}
	}
	p, s := books()
	p[2].Order = "o1"
	if got := load.Check(p, s); len(got) != 2 || !strings.Contains(got[0], "told of one order") {
		t.Errorf("two with one order: %q", got)
	}
}

func TestCheckReserved(t *testing.T) {
	t.Parallel()
	p, _ := books()
	if got := load.CheckReserved(p, map[string]int64{"A": 4, "B": 2, "C": 0}); len(got) > 0 {
		t.Errorf("got %q", got)
	}
	if got := load.CheckReserved(p, map[string]int64{"A": 6, "B": 1}); len(got) != 2 {
		t.Errorf("got %q", got)
	}
	if got := load.Hottest([]load.Invoice{p[0].Invoice, {Lines: []load.Line{{Code: "B"}}}}, 1); !slices.Equal(got, []string{"B"}) {
		t.Errorf("the hottest is %q", got)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	invoices, err := load.Read(strings.NewReader(`InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,85123a,THING,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
1,85123A,THING,1,2010-12-01 08:26:00,2.95,17850.0,United Kingdom
C2,85123A,THING,-6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
2,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850.0,France
2,71053,"A, LANTERN",3,2010-12-01 08:26:00,0.29,,France
3,71053,FREE,3,2010-12-01 08:26:00,0.0,,France
3,71053,LOST,-3,2010-12-01 08:26:00,0.29,,France
`))
	if err != nil {
		t.Fatal(err)
	}
	if len(invoices) != 2 || invoices[0].Number != "1" || !slices.Equal(invoices[0].Lines, []load.Line{{Code: "85123A", Quantity: 7, Price: 255}}) ||
		invoices[0].Total() != 1785 || !slices.Equal(invoices[1].Lines, []load.Line{{Code: "71053", Quantity: 3, Price: 29}}) {
		t.Errorf("got %+v", invoices)
	}
	if _, err := load.Read(strings.NewReader("")); err == nil {
		t.Error("an empty file is read")
	}
}

func TestGenerate(t *testing.T) {
	t.Parallel()
	invoices := load.Generate(7, 400)
	lines, longest, hot := 0, 0, map[string]int{}
	for _, i := range invoices {
		lines, longest = lines+len(i.Lines), max(longest, len(i.Lines))
		for _, l := range i.Lines {
			hot[l.Code]++
		}
	}
	counts := slices.Sorted(maps.Values(hot))
	slices.Reverse(counts)
	if longest != 675 || lines < 400*8 || counts[hotCodes-1] < 400/10 || counts[hotCodes] > 400/10 {
		t.Errorf("%d lines, the longest invoice has %d, the codes are in %v", lines, longest, counts[:hotCodes+2])
	}
	again := load.Generate(7, 400)
	if !slices.EqualFunc(invoices, again, func(a, b load.Invoice) bool { return a.Number == b.Number && slices.Equal(a.Lines, b.Lines) }) {
		t.Error("the same seed makes others")
	}
	if other := load.Generate(8, 400); slices.Equal(other[0].Lines, invoices[0].Lines) && slices.Equal(other[2].Lines, invoices[2].Lines) {
		t.Error("another seed makes the same")
	}
}
