package exchange_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/domain/money"
)

// TestReasonsTellWhatToDo reads files that people send by mistake: each is refused once, in words that name what it is.
func TestReasonsTellWhatToDo(t *testing.T) {
	t.Parallel()
	priced := func(price string) string { return "slug,title,sku,price\nmug,Mug,M," + price + "\n" }
	for name, c := range map[string]struct{ text, reason string }{
		"gzip":               {"\x1f\x8b\x08\x00\x00", "compressed with gzip"},
		"a workbook":         {"PK\x03\x04\x14\x00", "a workbook"},
		"UTF-16 with a mark": {"\xff\xfeH\x00a\x00", "UTF-16"},
		"UTF-16 without":     {"H\x00a\x00n\x00", "UTF-16"},
		"UTF-16, the other":  {"\x00H\x00a\x00n", "UTF-16"},
		"a JSON array":       {"[{\"slug\":\"mug\"}]\n", "each line is one JSON object"},
		"JSON cut off":       {linesHead + `{"kind":"product","slug":"mug","ti`, "at character"},
		"columns of others":  {"ID,Typ,Name,Preis\n1,simple,Mug,5\n", "in English"},
		"a comma":            {priced(`"12,50"`), "with a point before the decimals"},
		"two points":         {priced("1.2.3"), "write it like 19.99"},
		"a sign":             {priced("£5"), "no sign of a currency"},
		"a power":            {priced("1e5"), "write it like 19.99"},
		"below zero":         {priced("-5"), "below zero"},
		"too fine":           {priced("5.1234567"), "at most 6"},
		"too many digits":    {priced(strings.Repeat("9", 30)), "too large"},
		"half a thing":       {"slug,title,sku,stock\nmug,Mug,M,1.5\n", "in digits alone"},
		"too many things":    {"slug,title,sku,stock\nmug,Mug,M," + strings.Repeat("9", 30) + "\n", "too large"},
		"broken JSON":        {"slug,title,sku,images\nmug,Mug,M,\"[{\"\n", "JSON: "},
		"a foreign id":       {"slug,id,title,sku\nmug,12,Mug,M\n", "leave it out"},
		"an unknown money":   {linesHead + `{"kind":"product","slug":"mug","variants":[{"sku":"M","plans":[{"channel":"web","currency":"XXQ","since":"2026-01-01T00:00:00Z"}]}]}`, "is no currency"},
		"a member twice":     {linesHead + `{"kind":"product","slug":"mug","title":"a,\"b","slug":"pot"}`, "twice"},
		"one of a variant":   {linesHead + `{"kind":"product","slug":"mug","variants":[{"sku":"A","sku":"B"}]}`, "twice"},
		"no object":          {linesHead + `{"kind":"product","slug":"mug","variants":[null]}`, "it is an object"},
		"a slug to nowhere":  {linesHead + `{"kind":"moved","slug":"old","to":""}`, "present slug"},
		"a slug of what":     {linesHead + `{"kind":"moved","slug":"old","of":"shop","to":"new"}`, "none of product, brand"},
	} {
		s, err := exchange.Open(strings.NewReader(c.text), int64(len(c.text)), "", money.GBP)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var refused *exchange.FileError
		if err := s.Check(nil); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		} else if r := refused.Rejections[0]; !strings.Contains(r.Reason, c.reason) || r.Line == 0 || refused.Count > 3 {
			t.Errorf("%s: %d reasons, the first %s; want one with %q", name, refused.Count, r, c.reason)
		}
	}
}

// TestAFileThatChanges is written anew between two passes.
func TestAFileThatChanges(t *testing.T) {
	t.Parallel()
	for _, text := range []string{ownShop, linesShop, columns + "mug,Mug,true,Size,S,,,,1,2,deny,5,,\n"} {
		file := []byte(text)
		s, err := exchange.Open(bytes.NewReader(file), int64(len(file)), "", money.GBP)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Check(nil); err != nil {
			t.Fatalf("refused: %v", err)
		}
		copy(file[bytes.LastIndex(file, []byte("5")):], "6")
		var refused *exchange.FileError
		if err := s.Each(func(exchange.Item) error { return nil }); !errors.As(err, &refused) || refused.Rejections[0].Code != exchange.CodeChanged {
			t.Errorf("a file that was changed: %v", err)
		}
	}
}
