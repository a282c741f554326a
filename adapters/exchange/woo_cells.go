package exchange

import (
	"errors"
	"math/big"
	"strings"
	"time"
)

// unescaped takes away the apostrophe that WooCommerce puts before what spreadsheets take for a formula.
func unescaped(cell string) string {
	if rest, marked := strings.CutPrefix(cell, "'"); marked && rest != "" && strings.ContainsRune(formulas, rune(rest[0])) {
		return rest
	}
	return cell
}

// wooText reads a description, in which a line end is written as \n, and \n as \\n.
func wooText(cell string) string {
	parts := strings.Split(unescaped(cell), `\\n`)
	for i := range parts {
		parts[i] = strings.ReplaceAll(parts[i], `\n`, "\n")
	}
	return strings.Join(parts, `\n`)
}

// wooList takes a cell apart at its commas, but for those behind a backslash, and leaves out what is empty.
func wooList(cell string) []string {
	out := []string{}
	var b strings.Builder
	end := func() {
		if text := strings.TrimSpace(b.String()); text != "" {
			out = append(out, text)
		}
		b.Reset()
	}
	text := unescaped(cell)
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && text[i+1] == ',':
			b.WriteByte(',')
			i++
		case text[i] == ',':
			end()
		default:
			b.WriteByte(text[i])
		}
	}
	end()
	return out
}

// wooPaths reads categories: names from the root down, with > between them.
func wooPaths(cell string) [][]string {
	out := [][]string{}
	for _, text := range wooList(cell) {
		var path []string
		for name := range strings.SplitSeq(text, ">") {
			if name = strings.TrimSpace(name); name != "" {
				path = append(path, name)
			}
		}
		if len(path) > 0 {
			out = append(out, path)
		}
	}
	return out
}

// wooTruth reads yes or no; empty is what is usual.
func wooTruth(text string, usual bool) (bool, bool) {
	switch strings.ToLower(text) {
	case "":
		return usual, true
	case "1", "yes", "true", "notify":
		return true, true
	case "0", "no", "false", "-1":
		return false, true
	}
	return false, false
}

// wooPrice brings a price with a decimal comma, as shops of the continent export it, to one with a point. Where the comma may
// stand between thousands it is left, and refused.
func wooPrice(text string) string {
	whole, decimals, comma := strings.Cut(text, ",")
	if comma && (len(decimals) == 1 || len(decimals) == 2) && !strings.ContainsAny(whole, ".") {
		return whole + "." + decimals
	}
	return text
}

// wooMoment reads when a sale begins or ends. A day without a time ends with its last second.
func wooMoment(text string, ends bool) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		if ends {
			day = day.AddDate(0, 0, 1)
		}
		return day, nil
	}
	for _, form := range []string{time.DateTime, "2006-01-02 15:04", time.RFC3339, "2006-01-02T15:04:05"} {
		if at, err := time.Parse(form, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, errors.New("it is a day like 2026-01-31")
}

// grams are the grams of one unit of weight.
var grams = map[string]*big.Rat{
	"g": big.NewRat(1, 1), "kg": big.NewRat(1000, 1), "lbs": big.NewRat(45_359_237, 100_000), "lb": big.NewRat(45_359_237, 100_000),
	"oz": big.NewRat(28_349_523_125, 1_000_000_000),
}

// wooGrams reads a weight, rounded half up to grams.
func wooGrams(text, unit string) (int64, bool) {
	text = wooPrice(text)
	if text == "" {
		return 0, true
	}
	if strings.Trim(text, "0123456789.") != "" || len(text) > 20 {
		return 0, false
	}
	weight, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0, false
	}
	weight.Mul(weight, grams[unit]).Add(weight, big.NewRat(1, 2))
	n := new(big.Int).Div(weight.Num(), weight.Denom())
	return n.Int64(), n.IsInt64() && n.Int64() <= 1_000_000_000
}
