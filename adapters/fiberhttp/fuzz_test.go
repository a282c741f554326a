package fiberhttp_test

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

// FuzzPreferred: whatever a browser prefers, what comes of it is a language tag or nothing, and names itself.
func FuzzPreferred(f *testing.F) {
	for _, header := range []string{"en-GB,en;q=0.9", "fr-ch, *;q=0.5", "de;q=1.001", "zh-hant-tw", "x", "en;q=", ";;,,", "\xff", "en-" + strings.Repeat("a", 40), strings.Repeat("en,", 100)} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		tag := fiberhttp.Preferred(header)
		if tag == "" {
			return
		}
		if len(tag) > 35 || strings.Trim(tag, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
			t.Errorf("%q became %q", header, tag)
		}
		if again := fiberhttp.Preferred(tag); again != tag {
			t.Errorf("%q became %q, and that %q", header, tag, again)
		}
	})
}

// FuzzMediaType: a body is read as JSON in UTF-8 or not at all.
func FuzzMediaType(f *testing.F) {
	for _, header := range []string{"application/json", "application/json; charset=utf-8", "application/json; charset=latin1", "text/plain", ";", "application/json; =", "\xff/\xff", "APPLICATION/JSON;charset=\"UTF-8\""} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		media, ok := fiberhttp.MediaType(header)
		if !ok {
			return
		}
		read, parameters, err := mime.ParseMediaType(header)
		if err != nil || read != media || media != strings.ToLower(media) {
			t.Errorf("%q was taken for %q: %v", header, media, err)
		}
		if charset := parameters["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
			t.Errorf("%q was taken, in %s", header, charset)
		}
	})
}

// FuzzHost: what is taken for a host can stand in an address and comes out of it again.
func FuzzHost(f *testing.F) {
	for _, host := range []string{"x", "shop.example:8080", "[::1]:80", "x:", "x:y", "[", "]", "[]", "a@b", "x/y", ":80", "\xff", "[::1]x", "1.2.3.4", "x:99999", "x..y"} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		if host == "" || !fiberhttp.IsHost([]byte(host)) {
			return
		}
		u := url.URL{Scheme: "http", Host: host, Path: "/"}
		parsed, err := url.Parse(u.String())
		if err != nil && strings.HasPrefix(host, "[") {
			return // An address that is none, in brackets: nobody is misled by it.
		}
		if err != nil || parsed.Host != host || parsed.User != nil || parsed.Path != "/" {
			t.Errorf("%q was taken: %v %v", host, parsed, err)
		}
	})
}

// FuzzAddress: an address that is admitted is UTF-8 without control characters, however it was written.
func FuzzAddress(f *testing.F) {
	for _, text := range []string{"/a", "/%C3%A9", "/%00", "/%ff", "/%", "/%2", "/%zz", "/é", "/a%0d%0ab", "/\x7f"} {
		f.Add(text, false)
		f.Add(text, true)
	}
	f.Fuzz(func(t *testing.T, text string, query bool) {
		if !fiberhttp.WellEncoded([]byte(text), query) {
			return
		}
		decoded, err := url.PathUnescape(text)
		if err != nil || !utf8.ValidString(decoded) || strings.ContainsFunc(decoded, func(r rune) bool {
			return r < 0x20 && (!query || r != '\t' && r != '\n' && r != '\r') || r == 0x7f
		}) {
			t.Errorf("%q was taken, which is %q: %v", text, decoded, err)
		}
	})
}

// FuzzHeaderLines: lines that pass end as HTTP wants and go on in no other.
func FuzzHeaderLines(f *testing.F) {
	for _, raw := range []string{"A: b\r\n\r\n", "A: b\n\n", "A: b\r\n c\r\n\r\n", "\n", "\r\n", "A: b\r\n\n", " A: b\r\n\r\n", "A: b\r\r\n"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if !strings.HasSuffix(raw, "\n") || fiberhttp.AmbiguousLines([]byte(raw)) != "" {
			return // Headers end in an empty line.
		}
		for i := range raw {
			if raw[i] != '\n' {
				continue
			}
			if i == 0 || raw[i-1] != '\r' || i+1 < len(raw) && (raw[i+1] == ' ' || raw[i+1] == '\t') {
				t.Errorf("%q was taken", raw)
			}
		}
	})
}

// FuzzPlace: a cursor is taken if this list gave it, and then it is the very same.
func FuzzPlace(f *testing.F) {
	f.Add("products/price", fiberhttp.FormatPlace("products/price", fiberhttp.ListedPlace{}))
	f.Add("products/name", "AgIC")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, list, text string) {
		place, err := fiberhttp.ParsePlace(list, text)
		if err != nil {
			return
		}
		if again, err := fiberhttp.ParsePlace(list, fiberhttp.FormatPlace(list, place)); err != nil || string(jsonOf(t, again)) != string(jsonOf(t, place)) {
			t.Errorf("%q is %+v, which is not taken again: %+v %v", text, place, again, err)
		}
	})
}

func jsonOf(t *testing.T, value any) []byte {
	t.Helper()
	out, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// FuzzBody: no body makes the edge fail, and what it refuses has a name.
func FuzzBody(f *testing.F) {
	for _, body := range []string{`{}`, `{"sku":"x","quantity":1}`, `{"quantity":-0}`, `{"quantity":1e309}`, `null`, `[]`, `{"lines":[{"id":"x"}]}`, "{\"a\":\"\xff\"}", `{"note":"\ud800"}`, strings.Repeat("[", 40)} {
		f.Add(body)
	}
	s := newShop(f)
	f.Fuzz(func(t *testing.T, body string) {
		a := s.call(t, http.MethodPost, orderPath, body, "Content-Type", "application/json", "Idempotency-Key", "k")
		if a.status >= http.StatusInternalServerError {
			t.Fatalf("%q: %d %s", body, a.status, a.body)
		}
		if a.status >= http.StatusBadRequest && a.problem(t)["code"] == "" {
			t.Errorf("%q: %d %s", body, a.status, a.body)
		}
	})
}

// FuzzPatch: a member of a PATCH is what JSON says that it is, or refused.
func FuzzPatch(f *testing.F) {
	for _, text := range []string{`null`, `""`, `"x"`, `1`, `-0`, `1.5`, `9223372036854775808`, `[]`, `{}`, ` null`, `nul`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var cleared struct{ V fiberhttp.Clearable }
		var stated struct{ V fiberhttp.Stated }
		body := []byte(`{"V":` + text + `}`)
		var plain struct{ V any }
		valid := json.Unmarshal(body, &plain) == nil
		_, isText := plain.V.(string)
		if err := json.Unmarshal(body, &cleared); err == nil && (!valid || !isText && plain.V != nil) {
			t.Errorf("%s was taken for a text", body)
		}
		_, isNumber := plain.V.(float64)
		if err := json.Unmarshal(body, &stated); err == nil && (!valid || !isNumber && strings.Contains(string(body), `"V"`) && plain.V == nil) {
			t.Errorf("%s was taken for a number", body)
		}
	})
}

// FuzzUUID: an id is taken in the one form in which it is shown.
func FuzzUUID(f *testing.F) {
	for _, text := range []string{"01890a5d-ac96-774b-bcce-b302099a8057", "01890A5D-AC96-774B-BCCE-B302099A8057", "01890a5dac96774bbcceb302099a8057", "", "x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if id, err := fiberhttp.ParseUUID(text); err == nil && id.String() != text {
			t.Errorf("%q is taken for %s", text, id)
		}
	})
}
