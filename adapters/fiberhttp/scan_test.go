package fiberhttp_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/fault"
)

const checkoutBody = `{"email":"ann@example.com","shipping_address":{"name":"Ann","line1":"1 Quay St","city":"Ipswich",` +
	`"postal_code":"IP4 1BZ","country":"GB"},"lines":[{"sku":"MUG-BLUE","quantity":2},{"sku":"MUG-RED","quantity":-10}],` +
	`"payment":{"provider":"test","token":"tok_ok"},"expected_total":{"amount":"19.99","currency":"GBP"},"note":"caf\u00e9 😀 \ud83d\ude00"}`

func TestScanAccepts(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		checkoutBody, `null`, ` true `, `false`, `"x"`, `-0`, `0.50`, `[]`, `{}`, `[[],{}]`, "\t{\r\n\"a\" : [ 1 , 2 ] }\n",
		`{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}`, `"\"\\\/\b\f\n\r\t"`, strings.Repeat("[", 16) + strings.Repeat("]", 16),
		`12345678901234567890123456789012`, `{"größe":1,"gr\u00f6sse":2}`,
	} {
		if err := fiberhttp.Scan([]byte(body)); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestScanRefuses(t *testing.T) {
	t.Parallel()
	members := make([]string, 65)
	for i := range members {
		members[i] = `"m` + strings.Repeat("x", i) + `":0`
	}
	for name, c := range map[string]struct{ body, code, field string }{
		"empty":             {"", "malformed_json", ""},
		"space":             {" \n", "malformed_json", ""},
		"mark":              {"\xEF\xBB\xBF{}", "malformed_json", ""},
		"trailing":          {`{} {}`, "malformed_json", ""},
		"trailing comma":    {`{"a":1,}`, "malformed_json", "a"},
		"array comma":       {`{"a":[1,]}`, "malformed_json", "a[1]"},
		"open object":       {`{"a":1`, "malformed_json", "a"},
		"open array":        {`[1`, "malformed_json", "[0]"},
		"no colon":          {`{"a" 1}`, "malformed_json", "a"},
		"no value":          {`{"a":}`, "malformed_json", "a"},
		"no name":           {`{1:2}`, "malformed_json", ""},
		"word":              {`{"a":nul}`, "malformed_json", "a"},
		"single quotes":     {`{'a':1}`, "malformed_json", ""},
		"comment":           {`{"a":1 /* x */}`, "malformed_json", "a"},
		"duplicate":         {`{"lines":[{"sku":"A"},{"sku":"B","sku":"C"}]}`, "duplicate_field", "lines[1].sku"},
		"duplicate escaped": {`{"sku":1,"s\u006bu":2}`, "duplicate_field", "sku"},
		"duplicate at top":  {`{"a":{"b":1},"c":[{}],"a":2}`, "duplicate_field", "a"},
		"depth":             {strings.Repeat("[", 17) + strings.Repeat("]", 17), "malformed_json", strings.Repeat("[0]", 16)},
		"members":           {"{" + strings.Join(members, ",") + "}", "malformed_json", "m" + strings.Repeat("x", 64)},
		"NUL":               {`{"address":{"name":"a\u0000"}}`, "malformed_json", "address.name"},
		"raw NUL":           {"{\"name\":\"a\x00\"}", "malformed_json", "name"},
		"raw newline":       {"{\"name\":\"a\nb\"}", "malformed_json", "name"},
		"invalid UTF-8":     {"{\"name\":\"a\xff\"}", "malformed_json", "name"},
		"overlong UTF-8":    {"{\"name\":\"\xc0\xaf\"}", "malformed_json", "name"},
		"encoded surrogate": {"{\"name\":\"\xed\xa0\x80\"}", "malformed_json", "name"},
		"high surrogate":    {`{"name":"\ud83d"}`, "malformed_json", "name"},
		"low surrogate":     {`{"name":"\ude00"}`, "malformed_json", "name"},
		"two highs":         {`{"name":"\ud83d\ud83d"}`, "malformed_json", "name"},
		"escape":            {`{"name":"\x"}`, "malformed_json", "name"},
		"short escape":      {`{"name":"\u12"}`, "malformed_json", "name"},
		"escape at end":     {`"\`, "malformed_json", ""},
		"unended string":    {`"abc`, "malformed_json", ""},
		"exponent":          {`{"quantity":1e3}`, "malformed_json", "quantity"},
		"huge exponent":     {`1E400`, "malformed_json", ""},
		"long number":       {`{"quantity":123456789012345678901234567890123}`, "malformed_json", "quantity"},
		"leading zero":      {`01`, "malformed_json", ""},
		"minus":             {`-`, "malformed_json", ""},
		"plus":              {`+1`, "malformed_json", ""},
		"bare point":        {`1.`, "malformed_json", ""},
		"no whole":          {`.5`, "malformed_json", ""},
		"infinity":          {`[Infinity]`, "malformed_json", "[0]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := fiberhttp.Scan([]byte(c.body))
			got := fault.Of(err)
			if got == nil {
				t.Fatalf("%q was accepted", c.body)
			}
			if got.Code() != c.code || got.Field() != c.field {
				t.Errorf("%q: %s at %q, want %s at %q", c.body, got.Code(), got.Field(), c.code, c.field)
			}
		})
	}
}

func TestScanBoundsThePathOfAField(t *testing.T) {
	t.Parallel()
	body := `{"` + strings.Repeat("ü", 10_000) + `":x}`
	if field := fault.Of(fiberhttp.Scan([]byte(body))).Field(); len(field) > 300 || !strings.HasSuffix(field, "ü…") {
		t.Errorf("%d bytes, ends in %q", len(field), field[len(field)-8:])
	}
}

func TestScanAllocatesNothing(t *testing.T) {
	body := []byte(checkoutBody)
	if allocations := testing.AllocsPerRun(100, func() { _ = fiberhttp.Scan(body) }); allocations != 0 {
		t.Errorf("%v allocations", allocations)
	}
}

func BenchmarkScan(b *testing.B) {
	body := []byte(checkoutBody)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if err := fiberhttp.Scan(body); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzScan holds Scan to its word: it never panics, what it accepts is valid JSON and decodes, and comes back the same.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{checkoutBody, `{}`, `[1,2.5,-0]`, `{"a":1,"a":2}`, `"\ud83d\ude00"`, `{"a":{"b":[null,true]}}`, "\xEF\xBB\xBF1", `1e9`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		err := fiberhttp.Scan(body)
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("%v is no fault", err)
			}
			return
		}
		if !json.Valid(body) {
			t.Fatalf("accepted what is no JSON: %q", body)
		}
		var decoded any
		if err := json.Unmarshal(body, &decoded); err != nil {
			t.Fatalf("accepted what does not decode: %q: %v", body, err)
		}
		again, err := json.Marshal(decoded)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(again), `\u0000`) || strings.ContainsRune(string(again), '\uFFFD') != strings.ContainsRune(unescaped(body), '\uFFFD') {
			t.Fatalf("accepted what the decoder repairs: %q", body)
		}
	})
}

// unescaped reads the escapes of U+FFFD, which is a legal character when it was meant.
func unescaped(body []byte) string {
	text := string(body)
	for _, escape := range []string{`\uFFFD`, `\uFFFd`, `\uFFfD`, `\uFFfd`, `\uFfFD`, `\uFfFd`, `\uFffD`, `\uFffd`, `\ufFFD`, `\ufFFd`, `\ufFfD`, `\ufFfd`, `\uffFD`, `\uffFd`, `\ufffD`, `\ufffd`} {
		text = strings.ReplaceAll(text, escape, "\uFFFD")
	}
	return text
}
