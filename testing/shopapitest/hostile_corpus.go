package shopapitest

import (
	"encoding/json"
	"strings"
)

// The product of these two stands in no corpus, so that who answers it has computed it.
const (
	reckoned  = "{{1787*1789}}"
	reckoning = "3196943"
)

// injections are texts that are commands to what stands behind a careless server: databases, templates, shells, logs,
// headers, files, markup. A database that obeys one of them sleeps longer than an answer may take.
var injections = []string{
	"' OR '1'='1", "'; DROP TABLE orders; --", "\" OR 1=1 --", "1; SELECT pg_sleep(20)", "'||pg_sleep(20)||'", "') OR pg_sleep(20) IS NULL --",
	"1 UNION SELECT version(), current_user --", "$1", "?", "??", "-?", "%s%n%p", "\\'; SELECT 1; --", "$$; SELECT pg_sleep(20); $$",
	"E'\\x27'", "1e1;--", "/*!50000 SELECT*/", "0x27", "ＯＲ ＇1＇＝＇1", "'::text", "'{\"a\":1}'::jsonb", "ada@example.com' --",
	reckoned, "${1787*1789}", "<%= 1787*1789 %>", "#{1787*1789}", "{{.}}", "{{template \"x\"}}", "${jndi:ldap://127.0.0.1:1/x}",
	"../../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "file:///etc/passwd", "....//....//etc/passwd", "%2e%2e%2fetc%2fpasswd",
	"; cat /etc/passwd", "$(sleep 20)", "`sleep 20`", "| sleep 20", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
	"javascript:alert(1)", "*)(uid=*))(|(uid=*", "=cmd|' /C calc'!A0", "http://169.254.169.254/latest/meta-data", "__proto__", "constructor",
	"{\"$gt\":\"\"}", "true", "null", "undefined", "NaN", "[object Object]", "-1", "0", "1e309",
}

// broken are injections with line ends, which a body or an address can hold and a header cannot.
var brokenLines = []string{
	"x\r\nX-Injected: 1", "x\nSet-Cookie: injected=1", "x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "x\n{\"level\":\"error\",\"msg\":\"injected\"}", "x\u2028y", "x\u0085y", "\x1b[31mred",
}

// alphabets are texts that are right and that careless programs break: scripts written from right to left, characters
// of no width, of four bytes, composed and decomposed, and such as grow or shrink when their case changes.
var alphabets = []string{
	"שלום עולם", "مرحبا", "a\u200bb\u200dc", "\u202eabc", "\ufeffmark", "👩‍👩‍👧‍👦", "🏳️‍🌈", "𝕏𠜎", "é", "e\u0301", "ﬃ", "İstanbul", "straße", "ŉ", "Ω", "\u212b",
	"ｆｕｌｌ", "ก็็็็็", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "\u00a0", "a\u00a0b", "\u3000", "\ufffd", "\ufffe", "\U0010ffff", "ǆ", "日本語", "한국어", "\u1100\u1161", "O’Brien", "Ægir",
}

// spaces are texts that look like nothing, and controls such as hold what no line of text does.
var (
	spaces   = []string{"", " ", "   ", "\t", " x", "x ", " x "}
	controls = []string{"a\x01b", "a\x7fb", "a\nb", "a\tb", "a\rb", "a\x1fb"}
)

// unreadable are JSON strings that are none, or that nothing can keep.
var unreadable = []literal{
	`"a\u0000b"`, `"\u0000"`, `"\ud800"`, `"\udc00\ud800"`, `"\ud83d"`, "\"a\xffb\"", "\"\xc3\x28\"", "\"\xed\xa0\x80\"", "\"\xf8\x88\x80\x80\x80\"", "\"\xc0\xaf\"",
	"\"a\x00b\"", "\"a\x01b\"", "\"a\nb\"", `"\x41"`, `"\u12"`, `"a`, `'a'`,
}

// numbers are what stands where a number is wanted; those behind are no JSON that any shop reads.
var (
	numbers = []literal{
		`0`, `-0`, `-1`, `1`, `1.5`, `0.1`, `1.0`, `9007199254740993`, `2147483647`, `2147483648`, `4294967296`, `9223372036854775807`,
		`9223372036854775808`, `-9223372036854775808`, `-9223372036854775809`, `18446744073709551616`, `1000000`, `1000001`,
	}
	noNumbers = []literal{`1e309`, `-1e309`, `1e3`, `1E3`, `1e-400`, `NaN`, `Infinity`, `-Infinity`, `01`, `+1`, `.5`, `1.`, `0x10`, `1_000`, `--1`, literal(strings.Repeat("9", 400))}
)

// wrongKinds are values of each kind, for where another kind is wanted.
var wrongKinds = []any{
	"x", "1", "", json.Number("1"), json.Number("1.5"), true, false, nil,
	[]any{},
	[]any{"x"},
	[]any{json.Number("1")},
	map[string]any{},
	map[string]any{"x": "y"},
	[]any{[]any{[]any{}}},
	map[string]any{"$ne": nil},
}

// documents are bodies that are no strict JSON, whatever the operation.
var documents = map[string]string{
	"empty": "", "space": " \t\r\n", "open": "{", "closed": "}", "two values": "{}{}", "trailing word": "{} x", "trailing comma": `{"a":1,}`, "comment": "{}//",
	"comment in": "/**/{}", "byte order mark": "\ufeff{}", "UTF-16": "\xff\xfe{\x00}\x00", "NUL": "{}\x00", "nul": "nul", "single quotes": "{'a':1}",
	"no quotes": "{a:1}", "no value": `{"a":}`, "no colon": `{"a" 1}`, "deep arrays": strings.Repeat("[", 33) + strings.Repeat("]", 33),
	"very deep": strings.Repeat("[", 10_000), "deep objects": strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 33), "form": "a=1&b=2", "XML": "<a/>",
	"vertical tab": "{\v}", "many members": manyMembers(1000), "nothing but commas": "[,,,]", "half a name": `{"a`,
}

// otherValues are JSON that is no object.
var otherValues = []string{"null", "[]", "[{}]", `"x"`, "1", "true", "-0", `""`}

func manyMembers(n int) string {
	var out strings.Builder
	out.WriteByte('{')
	for i := range n {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(`"m` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/26) + `":1`)
	}
	out.WriteByte('}')
	return out.String()
}
