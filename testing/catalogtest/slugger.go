package catalogtest

import (
	"strings"
	"unicode"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// SluggerClauses are the clauses of catalog.Slugger.
func SluggerClauses() []clausetest.Clause[catalog.Slugger] {
	return []clausetest.Clause[catalog.Slugger]{
		{ID: "slugger-form", Case: "texts of any kind", Run: sluggerForm},
		{ID: "slugger-stable", Case: "twice", Run: sluggerStable},
		{ID: "slugger-case", Case: "case and spaces", Run: sluggerCase},
	}
}

// sluggerTexts are texts as shops have them, and worse.
func sluggerTexts() []string {
	return []string{
		"Stoneware mug", "  --Crème brûlée!!  ", "GRÖSSE 42 ½", "日本の茶碗", "Ünïcödé", "a", "42", "", " ", "---", "a--b", "\x00\xff\xfe", "Mum's the word",
		"Кружка", "100% wool / cotton", "🙂 smile 🙂", "ǅ İ ß ﬀ", "x_y.z", strings.Repeat("long word ", 60), strings.Repeat("é", 400), "prd_mug", "e\u0301te\u0301",
	}
}

func sluggerForm(t TB, open func(TB) catalog.Slugger) {
	s := open(t)
	for _, text := range sluggerTexts() {
		slug := s.Slug(text)
		bad := strings.IndexFunc(slug, func(r rune) bool {
			return r != '-' && (unicode.IsUpper(r) || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r))
		})
		if bad >= 0 || strings.Contains(slug, "--") || strings.Trim(slug, "-") != slug || len(slug) > catalog.SlugMax {
			t.Errorf("the slug of %q is %q", text, slug)
		}
		if plain := strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ") == ""; plain && slug == "" && strings.TrimSpace(text) != "" {
			t.Errorf("%q has no slug", text)
		}
	}
}

func sluggerStable(t TB, open func(TB) catalog.Slugger) {
	s := open(t)
	for _, text := range sluggerTexts() {
		if first, again := s.Slug(text), s.Slug(text); first != again {
			t.Errorf("the slug of %q is %q and then %q", text, first, again)
		}
	}
	for _, slug := range []string{"mug", "stoneware-mug-2", "4-ply"} {
		if got := s.Slug(slug); got != slug {
			t.Errorf("the slug of the slug %q is %q", slug, got)
		}
	}
}

func sluggerCase(t TB, open func(TB) catalog.Slugger) {
	s := open(t)
	want := s.Slug("blue stoneware mug")
	for _, text := range []string{"Blue Stoneware MUG", "blue  stoneware   mug", " blue-stoneware/mug ", "blue, stoneware & mug!"} {
		if got := s.Slug(text); got != want {
			t.Errorf("the slug of %q is %q, and that of %q %q", text, got, "blue stoneware mug", want)
		}
	}
}
