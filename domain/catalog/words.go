package catalog

import (
	"maps"
	"slices"
)

// WordClass tells how much a word says of what a product is.
type WordClass uint8

// The classes, the best first.
const (
	TitleWord  WordClass = iota // Of a title, in any language.
	BrandWord                   // Of the brand's name, in any language.
	CodeWord                    // Of a SKU or a barcode.
	DetailWord                  // Of the type, a tag or an option's value.
	ProseWord                   // Of a description, in any language: what it mentions is seldom what the product is.
)

// Weight is what a word of the class counts in a rank, times how close it comes to the one searched for.
func (c WordClass) Weight() int {
	switch c {
	case TitleWord:
		return 8
	case BrandWord, CodeWord:
		return 4
	case DetailWord:
		return 2
	default:
		return 1
	}
}

// WordBytesMax bounds the words of a product, in bytes; what comes later in the order of Product.Words is left out. Real
// products have some hundred bytes, and a thousand variants with SKUs and barcodes fit in.
const WordBytesMax = 1 << 17

// Words are the words by which something is found, with the classes that each has.
type Words struct {
	classes map[string][]WordClass
	bytes   int
}

// Words gives the words of the product, but for those of its brand: the titles, the type, the tags, then of each variant
// that is not retired SKU, barcode and values, the values in other languages, and what Prose leaves of descriptions.
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
			out.add(CodeWord, string(v.SKU), v.Barcode)
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
	out.add(ProseWord, Prose(p.Description))
	for _, l := range locales {
		out.add(ProseWord, Prose(p.Translations[l].Description))
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
