package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// LineMax is the longest line of our JSON Lines, in bytes: a product with all that it may have.
const LineMax = 64 << 20

// lines are our JSON Lines.
type lines struct {
	*own

	in       *bufio.Reader
	line     int
	ignore   map[string]bool
	products int
	ended    bool
}

// readLines goes through our JSON Lines: first a line that names the format and its version, then a thing a line.
func readLines(p *pass) error {
	l := &lines{own: newOwn(p), in: p.table.in, ignore: map[string]bool{}}
	if p.table.unknown != nil {
		return p.table.unknown
	}
	first := true
	for {
		members, err := l.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch {
		case members == nil && first:
			return nil // What follows cannot be judged.
		case members == nil:
			continue
		}
		if first {
			if first = false; !l.begins(members) {
				return nil
			}
			continue
		}
		p.counted()
		if err := l.thing(members); err != nil {
			return err
		}
	}
	p.ignored = slices.Sorted(maps.Keys(l.ignore))
	switch {
	case first:
		return broken(1, CodeEmptyFile, "the file is empty; its first line names the format")
	case !l.ended:
		p.none(1)
		p.note(Note{Line: l.line, Text: "the file has no last line of the kind \"end\", which says that it is whole"})
	}
	return nil
}

// next reads the next line that is not empty; nil for one that is no object, which is refused.
func (l *lines) next() (map[string]json.RawMessage, error) {
	for {
		text, err := l.read()
		if err != nil {
			return nil, err
		}
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		if !utf8.Valid(text) {
			return nil, broken(l.line, CodeNotUTF8, "the text is not valid UTF-8; save the file with UTF-8 encoding")
		}
		var out map[string]json.RawMessage
		if err := json.Unmarshal(text, &out); err != nil || out == nil {
			reason := "it is not an object"
			if err != nil {
				reason = plainly(err).Error()
			}
			if wrong := (*json.SyntaxError)(nil); errors.As(err, &wrong) {
				reason = fmt.Sprintf("%s, at character %d", reason, wrong.Offset)
			}
			l.refuse(Rejection{Line: l.line, Code: CodeBadLine, Reason: "each line is one JSON object: " + reason})
			return nil, nil //nolint:nilnil // No object and no error: a finding.
		}
		if l.stage == learn {
			if name := twice(text, len(out)); name != "" {
				l.refuse(Rejection{Line: l.line, Column: name, Code: CodeBadLine, Reason: "it stands in the object twice; leave one out"})
			}
		}
		return out, nil
	}
}

// read reads one line.
func (l *lines) read() ([]byte, error) {
	l.line++
	var out []byte
	for {
		part, err := l.in.ReadSlice('\n')
		l.table.offset += int64(len(part))
		if out = append(out, part...); len(out) > LineMax {
			return nil, broken(l.line, CodeTooLong, "a line has at most %d bytes", LineMax)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(out) > 0, err == nil:
			return out, nil
		default:
			return nil, err
		}
	}
}

// begins judges the first line.
func (l *lines) begins(members map[string]json.RawMessage) bool {
	r := record{line: l.line, kind: kindShop, fields: map[string]value{}}
	for name, text := range members {
		r.fields[name] = value{json: text}
	}
	var kind, format, currency string
	var stated int64
	field(l.own, r, "kind", &kind, value.name)
	field(l.own, r, "format", &format, value.name)
	field(l.own, r, "version", &stated, value.number)
	field(l.own, r, "currency", &currency, value.name)
	switch {
	case l.count > 0:
	case kind != kindShop || format != lineFormat:
		l.refuseAt(r, "format", CodeUnknownVersion, `the first line says what follows: {"kind":"shop","format":%q,"version":%d,"currency":%q}`, lineFormat, version, l.currency.Code())
	case stated != version:
		l.refuseAt(r, "version", CodeUnknownVersion, "this program reads version %d and the file has version %d; export it anew, or import it with a later release", version, stated)
	case currency != "" && currency != l.currency.Code():
		l.refuseAt(r, "currency", CodeWrongCurrency, "the prices are in %s and the shop sells in %s", excerpt(currency), l.currency.Code())
	}
	return l.count == 0
}

// thing reads one line behind the first.
func (l *lines) thing(members map[string]json.RawMessage) error {
	var kind string
	r := record{line: l.line, fields: map[string]value{}}
	if text, there := members["kind"]; there {
		r.fields["kind"] = value{json: text}
		field(l.own, r, "kind", &kind, value.name)
	}
	if l.ended {
		l.refuseAt(r, "kind", CodeCutOff, "a line of the kind \"end\" stands before this one, so that two files were put together; import them one by one")
		return nil
	}
	switch kind {
	case kindProduct:
		l.products++
		return l.product(members)
	case kindEnd:
		return l.end(members)
	case kindLocation, kindBrand, kindCategory, kindCollection, kindMoved:
		return l.own.thing(l.record(kind, "", members))
	default:
		l.refuseAt(r, "kind", CodeUnknownKind, "%q is not a kind; a line is of a %s", excerpt(kind), strings.ReplaceAll(kinds(), ", "+kindVariant, ""))
		return nil
	}
}

// record makes a record of an object, and remembers the members that are not read.
func (l *lines) record(kind, prefix string, members map[string]json.RawMessage) record {
	r := record{line: l.line, kind: kind, prefix: prefix, fields: map[string]value{}}
	for name, text := range members {
		switch {
		case known(kind, name):
			r.fields[name] = value{json: text}
		case name == "kind", name == "variants" && kind == kindProduct:
		case len(l.ignore) < ListMax:
			l.ignore[kind+"."+name] = true
		}
	}
	return r
}

// product reads a product with its variants.
func (l *lines) product(members map[string]json.RawMessage) error {
	r := l.record(kindProduct, "", members)
	var listed []json.RawMessage
	if text, there := members["variants"]; there && string(text) != "null" {
		if json.Unmarshal(text, &listed) != nil {
			l.refuseAt(r, "variants", CodeBadValue, "it is a list of objects")
			return nil //nolint:nilerr // It is refused with its line, and what follows is read.
		}
	}
	inner := make([]map[string]json.RawMessage, len(listed))
	for i, text := range listed {
		if json.Unmarshal(text, &inner[i]) != nil || inner[i] == nil {
			l.refuseAt(r, fmt.Sprintf("variants[%d]", i), CodeBadValue, "it is an object")
			return nil //nolint:nilerr // As above.
		}
		if name := twice(text, len(inner[i])); name != "" && l.stage == learn {
			l.refuseAt(r, fmt.Sprintf("variants[%d].%s", i, name), CodeBadLine, "it stands in the object twice; leave one out")
		}
	}
	var variants []record
	for i, v := range inner[:min(len(inner), catalog.VariantsMax)] {
		variants = append(variants, l.record(kindVariant, fmt.Sprintf("variants[%d].", i), v))
	}
	return l.own.product(r, variants, len(inner)-len(variants))
}

// end reads the last line.
func (l *lines) end(members map[string]json.RawMessage) error {
	l.ended = true
	r := record{line: l.line, fields: map[string]value{"products": {json: members["products"]}}}
	if members["products"] == nil {
		return nil
	}
	var n int64
	if field(l.own, r, "products", &n, value.number); n != int64(l.products) {
		l.refuseAt(r, "products", CodeCutOff, "the file is to have %d products and has %d; get it anew", n, l.products)
	}
	return nil
}
