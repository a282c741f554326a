package catalog

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// WordClass tells how much a word says of what a product is.
type WordClass uint8

// The classes, the best first.
const (
	TitleWord  WordClass = iota // Of a title, in any language.
	BrandWord                   // Of the brand's name, in any language.
	DetailWord                  // Of the type, a tag, an option's value, a SKU or a barcode.
)

// Weight is what a word of the class counts in a rank.
func (c WordClass) Weight() int {
	switch c {
	case TitleWord:
		return 4
	case BrandWord:
		return 2
	default:
		return 1
	}
}

// WordBytesMax bounds the words of a product, in bytes; what comes later in the order of Product.Words is left out. Real
// products have some hundred bytes, and a thousand variants with SKUs and barcodes fit in.
const WordBytesMax = 1 << 17

// Words are the words by which something is found, with the classes that each has. Descriptions are not among them:
// what they mention is not what the product is.
type Words struct {
	classes map[string][]WordClass
	bytes   int
}

// WordsOf cuts a text into its words, in lower case and in order, each once: stretches of letters, digits and marks.
func WordsOf(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}) {
		if !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// Words gives the words of the product, but for those of its brand: the titles, the type, the tags, then of each variant
// that is not retired SKU, barcode and values, and the values in other languages.
func (p Product) Words() Words {
	out := Words{}
	out.add(TitleWord, p.Title)
	locales := slices.Sorted(maps.Keys(p.Translations))
	for _, l := range locales {
		out.add(TitleWord, p.Translations[l].Title)
	}
	out.add(DetailWord, p.Type)
	out.add(DetailWord, p.Tags...)
	for _, v := range p.Variants {
		if !v.Retired {
			out.add(DetailWord, string(v.SKU), v.Barcode)
			out.add(DetailWord, v.Options...)
		}
	}
	for _, l := range locales {
		for _, o := range p.Translations[l].Options {
			for _, value := range slices.Sorted(maps.Keys(o.Values)) {
				out.add(DetailWord, o.Values[value])
			}
		}
	}
	return out
}

// Words gives the words of the brand's name, in any language.
func (b Brand) Words() Words {
	out := Words{}
	out.add(BrandWord, b.Name)
	for _, l := range slices.Sorted(maps.Keys(b.Translations)) {
		out.add(BrandWord, b.Translations[l].Name)
	}
	return out
}

// All gives the words and the classes of each, in the order of classes.
func (w Words) All() map[string][]WordClass {
	out := make(map[string][]WordClass, len(w.classes))
	for word, classes := range w.classes {
		out[word] = slices.Sorted(slices.Values(classes))
	}
	return out
}

func (w *Words) add(c WordClass, texts ...string) {
	for _, text := range texts {
		for _, word := range WordsOf(text) {
			w.put(word, c)
		}
	}
}

func (w *Words) put(word string, c WordClass) {
	known, there := w.classes[word]
	switch {
	case slices.Contains(known, c), !there && w.bytes+len(word) > WordBytesMax:
		return
	case !there:
		w.bytes += len(word)
	}
	if w.classes == nil {
		w.classes = map[string][]WordClass{}
	}
	w.classes[word] = append(known, c)
}

// Rank tells whether each of the words searched for begins a word of one of these, and how well: the sum over the words
// searched for of the weight of the best class in which it begins a word.
func Rank(searched []string, of ...Words) (rank int, ok bool) {
	for _, s := range searched {
		best := 0
		for _, w := range of {
			best = max(best, w.best(s))
		}
		if best == 0 {
			return 0, false
		}
		rank += best
	}
	return rank, true
}

// best is the weight of the best class in which the text begins a word; 0 for none.
func (w Words) best(text string) int {
	best := 0
	for word, classes := range w.classes {
		if strings.HasPrefix(word, text) {
			for _, c := range classes {
				best = max(best, c.Weight())
			}
		}
	}
	return best
}
