package catalog

import (
	"strings"
	"unicode"
)

// plainLetters are the plain forms of Latin letters that European languages use.
var plainLetters = func() map[rune]string {
	out := map[rune]string{}
	for plain, letters := range map[string]string{
		"a": "àáâãåāăą", "ae": "æä", "c": "çćĉċč", "d": "ðďđ", "e": "èéêëēĕėęě", "g": "ĝğġģ", "h": "ĥħ", "i": "ìíîïĩīĭįı", "j": "ĵ",
		"k": "ķ", "l": "ĺļľŀł", "n": "ñńņňŋ", "o": "òóôõōŏő", "oe": "öøœ", "r": "ŕŗř", "s": "śŝşšș", "ss": "ß", "t": "ţťŧț", "th": "þ",
		"u": "ùúûũūŭůűų", "ue": "ü", "w": "ŵ", "y": "ýÿŷ", "z": "źżž",
	} {
		for _, r := range letters {
			out[r] = plain
		}
	}
	return out
}()

// PlainLetter gives the plain form of a lower-case Latin letter with marks: "e" for é, "oe" for ö; ok is false for what
// has none, plain letters and other scripts. Slugs and searches go by it, so that both know "Crème" and "creme" as one.
func PlainLetter(r rune) (plain string, ok bool) {
	plain, ok = plainLetters[r]
	return plain, ok
}

// LatinMark tells whether the rune is a mark that combines with the letter before it, as decomposed text has them.
func LatinMark(r rune) bool { return r >= '\u0300' && r <= '\u036f' }

// WordMax bounds a word, in bytes; what is longer is cut, in products as in searches. Words that people type are
// shorter; codes and whole sentences of scripts without spaces may be this long.
const WordMax = 255

// WordsOf cuts a text into its words, in order, each once: stretches of letters, digits and marks, in lower case, Latin
// letters in their plain form, and at most WordMax bytes of each.
func WordsOf(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}) {
		if w = plainWord(w); w != "" && !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// plainWord puts a word in its plain form. Marks by themselves go, but for two dots above a vowel, which write it as the
// letter of one piece is written.
func plainWord(word string) string {
	var b strings.Builder
	var before rune
	for _, r := range word {
		plain, known := plainLetters[r]
		switch {
		case known:
		case r == '\u0308' && (before == 'a' || before == 'o' || before == 'u'):
			plain = "e"
		case LatinMark(r):
			continue
		default:
			plain = string(r)
		}
		if b.Len()+len(plain) > WordMax {
			break
		}
		b.WriteString(plain)
		before = r
	}
	return b.String()
}
