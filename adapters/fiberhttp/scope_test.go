package fiberhttp_test

import (
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

func TestPreferredLanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"":                                  "",
		"*":                                 "",
		"*;q=1, en;q=0.1":                   "en",
		"en-gb":                             "en-GB",
		"EN":                                "en",
		"zh-hant-tw":                        "zh-Hant-TW",
		"de-CH-1996":                        "de-CH-1996",
		"fr;q=0.8, de;q=0.9, en":            "en",
		"fr;q=0.8, de;q=0.9, en;q=0":        "de",
		"fr;q=0.8,de;q=0.80":                "fr",
		" fr ; Q=0.5 , de ; q=0.4":          "fr",
		"fr;q=1.001, de;q=2, it;q=.5, es;x": "",
		"fr;q=x, de;q=0.5":                  "de",
		"fr;q=0.1234, de;q=0.001":           "de",
		"a, ab":                             "ab",
		"e1-GB, en--GB, -en, en-, fr":       "fr",
		"ääh, de":                           "de",
		"de-" + strings.Repeat("abcdefgh-", 4) + "x, it": "it",
		"abcdefghi, it":                                      "it",
		strings.Repeat(";,", 20) + "fr":                      "",
		strings.Repeat("fr;q=0.1,", 15) + "de, en":           "de",
		strings.Repeat("fr;q=0.1,", 16) + "de":               "fr",
		"en;q=0.5;level=1, fr;q=0.4":                         "fr",
		"\x00, <script>, ../../etc, de;q=0.3\r\nX-Evil: yes": "",
	} {
		if got := fiberhttp.Preferred(header); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}

func TestDrawableSlugs(t *testing.T) {
	t.Parallel()
	for slug, want := range map[string]string{
		"mug": "mug", "blue-mug-2": "blue-mug-2", "blue_mug.2": "blue-mug-2", "--a--b--": "a-b", "crème": "cr-me", "日本": "product", "-": "product",
		strings.Repeat("a", 199) + "-b": strings.Repeat("a", 199), strings.Repeat("é", 120): "product", strings.Repeat("ab-", 85): strings.Repeat("ab-", 66) + "ab",
	} {
		if got := fiberhttp.Drawable(slug); got != want || fiberhttp.Draw(got) == nil {
			t.Errorf("%q: %q, want %q", slug, got, want)
		}
	}
}
