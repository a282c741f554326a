package shopapitest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// productSearch looks for a product of the shop by its title: by the whole of it, by the beginning of a word and with a
// typo; and sends what strangers type.
func productSearch(t *testing.T, s *suite) {
	t.Helper()
	find := func(q string) page {
		t.Helper()
		var p page
		s.call(t, http.MethodGet, "/api/v1/products?sort=relevance&limit=100&q="+url.QueryEscape(q), "").read(t, http.StatusOK, &p)
		return p
	}
	has := func(p page, id string) bool {
		return slices.ContainsFunc(p.Items, func(i summary) bool { return i.ID == id })
	}
	want := s.shelf.product
	word := longWord(want.Title)
	for _, q := range []string{want.Title, strings.ToUpper(want.Title), word, word[:max(len(word)-2, 1)]} {
		if p := find(q); !has(p, want.ID) && p.Next == nil {
			t.Errorf("q=%s does not find %s", q, want.Title)
		}
	}
	if len(word) >= 5 { // It may be another word that is there; something is found.
		if typo := word[:2] + word[3:4] + word[2:3] + word[4:]; len(find(typo).Items) == 0 {
			t.Errorf("q=%s finds nothing near %s", typo, word)
		}
	}
	if p := find("zzyzxq vvyvwq"); len(p.Items) > 0 || p.Next != nil {
		t.Errorf("words that nobody has find %d products", len(p.Items))
	}
	for _, q := range []string{
		"a", " ", "'", `"`, `\`, "%", "_", "*", "a*", "a:*", "a & b", "a | !b", "(((", "[a-z]+$", "';--", "$1", "?", "NEAR(a b)", "a AND b OR NOT c", "title:a", "-a", "\U0001F6D2", "漢字", "e\u0301",
		strings.Repeat("(", 255), strings.Repeat("a ", 127), strings.Repeat("é", 127), "\u202e", "\ufeffx",
	} {
		s.call(t, http.MethodGet, "/api/v1/products?facets=true&q="+url.QueryEscape(q), "").want(t, http.StatusOK)
	}
	many := "a b c d e f g h i j k l m n o p q" // More words than a search has.
	for _, q := range []string{many, strings.Repeat("x", 256), strings.Repeat("ab ", 86)} {
		s.call(t, http.MethodGet, "/api/v1/products?q="+url.QueryEscape(q), "").refused(t, http.StatusUnprocessableEntity, "invalid", "q")
	}
	s.call(t, http.MethodGet, "/api/v1/products?q=a%00b", "").want(t, http.StatusBadRequest)
}

// longWord is the longest word of ASCII letters in a title.
func longWord(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) })
	if len(words) == 0 {
		return strings.ToLower(title)
	}
	return slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
}
