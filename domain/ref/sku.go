package ref

import (
	"unicode"
	"unicode/utf8"
)

// SKUMax is the longest SKU in bytes; the longest seen in merchants' files is below 60.
const SKUMax = 64

// SKU is a stock keeping unit: the shop's own name for a sellable thing. 1 to SKUMax bytes of printable UTF-8,
// no space at either end. Compared exactly, with case.
type SKU string

// ParseSKU checks the text. It fails with MalformedSKU.
func ParseSKU(text string) (SKU, error) {
	if text == "" || len(text) > SKUMax {
		return "", MalformedSKU.Newf("a SKU has 1 to %d bytes", SKUMax)
	}
	if !utf8.ValidString(text) {
		return "", MalformedSKU.New("a SKU is valid UTF-8")
	}
	for i, r := range text {
		switch {
		case r == ' ' && i != 0 && i != len(text)-1:
		case r == ' ':
			return "", MalformedSKU.New("a SKU has no space at its start or end")
		case !unicode.IsGraphic(r) || unicode.IsSpace(r):
			return "", MalformedSKU.New("a SKU has printable characters only")
		}
	}
	return SKU(text), nil
}

// String is the SKU itself.
func (s SKU) String() string { return string(s) }
