package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// suffixSize is the length of what makes a generated SKU unique: a hyphen and 32 bits of a digest.
const suffixSize = 1 + 8

// generateSKU makes the SKU of a variant that has none: <HANDLE>[-<VALUE>…] in upper-case ASCII, and the spare one,
// which ends in a digest of handle and values. Both depend on nothing else, so they are the same in every import. The
// plain form is refused, and the spare one used at once, where folding to ASCII loses letters or it would be too long.
func generateSKU(handle string, values []string) (sku, spare ref.SKU) {
	digest := sha256.New()
	var parts []string
	exact := true
	for _, text := range append([]string{handle}, values...) {
		digest.Write([]byte(strings.ToLower(text)))
		digest.Write([]byte{0})
		folded, whole := foldSKU(text)
		exact = exact && whole && folded != ""
		if folded != "" {
			parts = append(parts, folded)
		}
	}
	base := strings.Join(parts, "-")
	suffix := "-" + strings.ToUpper(hex.EncodeToString(digest.Sum(nil)))[:suffixSize-1]
	short := strings.TrimRight(base[:min(len(base), ref.SKUMax-suffixSize)], "-")
	if short == "" {
		short = "SKU"
	}
	spare = ref.SKU(short + suffix)
	if !exact || len(base) > ref.SKUMax {
		return spare, spare
	}
	return ref.SKU(base), spare
}

// foldSKU brings text to upper-case ASCII letters, digits, '.' and '_', with one hyphen for any run of other
// characters. It tells whether every letter and digit of the text has left its mark.
func foldSKU(text string) (folded string, whole bool) {
	var b strings.Builder
	whole = true
	gap := false
	put := func(s string) {
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteString(s)
	}
	for _, r := range text {
		r = unicode.ToUpper(r)
		switch s, known := latin[r]; {
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_':
			put(string(r))
		case known:
			put(s)
		case unicode.IsMark(r): // An accent behind its letter.
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			whole, gap = false, true
		default:
			gap = true
		}
	}
	return b.String(), whole
}

// latin folds the letters of European languages that have an upper case to ASCII.
var latin = func() map[rune]string {
	out := map[rune]string{
		'Æ': "AE", 'Ǽ': "AE", 'Œ': "OE", 'ß': "SS", 'ẞ': "SS", 'Þ': "TH", 'Ĳ': "IJ", 'Ø': "O", 'Ǿ': "O", 'Ł': "L",
		'Đ': "D", 'Ð': "D", 'Ħ': "H", 'Ŧ': "T", 'Ŋ': "N", 'İ': "I",
	}
	for ascii, letters := range map[string]string{
		"A": "ÀÁÂÃÄÅĀĂĄǍẠẢẤẦẨẪẬẮẰẲẴẶ", "C": "ÇĆĈĊČ", "D": "Ď", "E": "ÈÉÊËĒĔĖĘĚẸẺẼẾỀỂỄỆ", "G": "ĜĞĠĢ", "H": "Ĥ",
		"I": "ÌÍÎÏĨĪĬĮỈỊ", "J": "Ĵ", "K": "Ķ", "L": "ĹĻĽĿ", "N": "ÑŃŅŇ", "O": "ÒÓÔÕÖŌŎŐƠỌỎỐỒỔỖỘỚỜỞỠỢ", "R": "ŔŖŘ",
		"S": "ŚŜŞŠȘ", "T": "ŢŤȚ", "U": "ÙÚÛÜŨŪŬŮŰŲƯỤỦỨỪỬỮỰ", "W": "ŴẀẂẄ", "Y": "ÝŶŸỲỴỶỸ", "Z": "ŹŻŽ",
	} {
		for _, r := range letters {
			out[r] = ascii
		}
	}
	return out
}()
