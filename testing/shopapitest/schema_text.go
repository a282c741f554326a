package shopapitest

import (
	"encoding/base64"
	"math/big"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"
)

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// patterned searches the text for the pattern, as JSON Schema does.
func patterned(v *validation, p place) {
	text, ok := p.value.(string)
	if !ok {
		return
	}
	pattern, _ := p.argument.(string)
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		v.fail(p.at, "the schema's pattern: %v", err)
	} else if !compiled.MatchString(text) {
		v.fail(p.at, "%s is not of the form %s", brief(p.value), pattern)
	}
}

// formats are the formats of texts that are checked.
var formats = map[string]func(string) bool{
	"date-time":     func(s string) bool { return parses(time.RFC3339Nano, s) },
	"date":          func(s string) bool { return parses(time.DateOnly, s) },
	"email":         func(s string) bool { a, err := mail.ParseAddress(s); return err == nil && a.Address == s },
	"uri":           func(s string) bool { u, err := url.Parse(s); return err == nil && u.IsAbs() },
	"uri-reference": func(s string) bool { _, err := url.Parse(s); return err == nil && !strings.Contains(s, " ") },
	"uuid":          func(s string) bool { return uuidForm.MatchString(strings.ToLower(s)) },
	"ipv4":          func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is4() },
	"ipv6":          func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is6() },
	"byte":          func(s string) bool { _, err := base64.StdEncoding.DecodeString(s); return err == nil },
	"binary":        func(string) bool { return true },
}

func parses(layout, text string) bool {
	_, err := time.Parse(layout, text)
	return err == nil
}

// sizes are the bits of the formats of numbers.
var sizes = map[string]uint{"int8": 7, "int16": 15, "int32": 31, "int64": 63}

func formatted(v *validation, p place) {
	name, _ := p.argument.(string)
	if number := rational(p.value); number != nil {
		bits, sized := sizes[name]
		if sized && (!number.IsInt() || number.Num().BitLen() > int(bits) && number.Cmp(lowest(bits)) != 0) {
			v.fail(p.at, "%v is no %s", p.value, name)
		}
		if !sized && name != "float" && name != "double" {
			v.fail(p.at, "the schema has format %q, which this validator does not know", name)
		}
		return
	}
	text, ok := p.value.(string)
	if !ok {
		return
	}
	valid, known := formats[name]
	switch {
	case !known:
		v.fail(p.at, "the schema has format %q, which this validator does not know", name)
	case !valid(text):
		v.fail(p.at, "%s is no %s", brief(p.value), name)
	}
}

// lowest is the least number of that many bits and a sign.
func lowest(bits uint) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Neg(new(big.Int).Lsh(big.NewInt(1), bits)))
}

// combined checks the lists of alternatives: all of allOf must fit, one or more of anyOf, exactly one of oneOf.
func combined(v *validation, p place) {
	alternatives, _ := p.argument.([]any)
	fitting := 0
	var wrong []string
	for _, alternative := range alternatives {
		tried := validation{document: v.document}
		tried.check(p.at, alternative, p.value)
		if len(tried.wrong) == 0 {
			fitting++
		}
		wrong = append(wrong, tried.wrong...)
	}
	switch {
	case p.keyword == "allOf":
		v.wrong = append(v.wrong, wrong...)
	case fitting == 0 || p.keyword == "oneOf" && fitting != 1:
		v.fail(p.at, "%s fits %d alternatives of %s: %s", brief(p.value), fitting, p.keyword, strings.Join(wrong, "; "))
	}
}
