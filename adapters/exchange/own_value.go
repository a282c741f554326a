package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// value is a field as a file has it: a cell of CSV, or JSON.
type value struct {
	cell string
	json json.RawMessage // Nil for a cell.
}

// none tells whether the value says that there is none.
func (v value) none() bool {
	return v.json == nil && strings.TrimSpace(v.cell) == "" || string(v.json) == "null"
}

// as decodes JSON strictly.
func as[T any](v value, what string) (T, error) {
	var out T
	switch to := any(&out).(type) {
	case *string:
		if text, plain := bare(v.json); plain {
			*to = text
			return out, nil
		}
	case *map[string]string, *map[string]wireText, *map[string]int64, *[]wireImage, *[]wirePrice, *[]wireListing, *[]string:
		if text := string(v.json); text == "{}" || text == "[]" {
			return out, json.Unmarshal(v.json, to)
		}
	}
	d := json.NewDecoder(bytes.NewReader(v.json))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		return out, fmt.Errorf("it is to be %s: %w", what, plainly(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return out, fmt.Errorf("it is %s, and more stands behind it", what)
	}
	return out, nil
}

// bare is a text in quotes in which nothing stands for something else; whoever gives it knows that it is JSON.
func bare(text json.RawMessage) (string, bool) {
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return "", false
	}
	for _, c := range text[1 : len(text)-1] {
		if c == '\\' || c == '"' || c < ' ' {
			return "", false
		}
	}
	return string(text[1 : len(text)-1]), true
}

// plainly leaves out of an error of JSON what means nothing to people.
func plainly(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends too early")
	}
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		kind, _, _ := strings.Cut(wrong.Value, " ") // Behind it stands the number itself.
		if wrong.Field != "" {
			return fmt.Errorf("%s is a JSON %s", wrong.Field, kind)
		}
		return fmt.Errorf("it is a JSON %s", kind)
	}
	if text := err.Error(); strings.HasPrefix(text, "json: unknown field ") {
		return errors.New(strings.TrimPrefix(text, "json: "))
	}
	return errors.New("its quotes, commas or brackets are not those of JSON")
}

// str is a text as it stands.
func (v value) str() (string, error) {
	switch {
	case v.json == nil:
		return unguarded(v.cell), nil
	case v.none():
		return "", nil
	}
	return as[string](v, "a text in quotes")
}

// name is a text without space around it: a slug or a code.
func (v value) name() (string, error) {
	text, err := v.str()
	return strings.TrimSpace(text), err
}

// number is a whole number; 0 for none.
func (v value) number() (int64, error) {
	text := strings.TrimSpace(v.cell)
	switch {
	case v.none():
		return 0, nil
	case v.json != nil:
		text = string(v.json)
	}
	n, err := strconv.ParseInt(strings.TrimPrefix(text, "'"), 10, 64)
	if err != nil {
		return 0, errors.New(notWhole(text))
	}
	return n, nil
}

// decimal is a price, in quotes in JSON, so that nothing rounds it on its way.
func (v value) decimal() (string, error) {
	text, err := v.name()
	if err != nil && v.json != nil {
		return "", errors.New(`it is a price in quotes, like "12.50"`)
	}
	return text, err
}

// truth is yes or no; no for none.
func (v value) truth() (bool, error) {
	if v.json != nil && !v.none() {
		return as[bool](v, "true or false")
	}
	switch text := strings.ToLower(strings.TrimSpace(v.cell)); text {
	case "", "false", "no", "0":
		return false, nil
	case "true", "yes", "1":
		return true, nil
	default:
		return false, fmt.Errorf("%q is neither true nor false", excerpt(text))
	}
}

// time is a moment; zero for none.
func (v value) time() (time.Time, error) {
	text, err := v.name()
	if err != nil || text == "" {
		return time.Time{}, err
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a moment like 2026-01-31T08:00:00Z", excerpt(text))
	}
	return ref.Instant(at), nil
}

// list is texts, in a cell with commas between them; empty and not nil for none.
func (v value) list() ([]string, error) {
	if v.json != nil {
		if v.none() {
			return []string{}, nil
		}
		return as[[]string](v, "a list of texts")
	}
	return splitList(unguarded(v.cell))
}

// structured reads JSON, which stands in a cell as a text.
func structured[T any](v value) (T, error) {
	var out T
	if v.none() {
		return out, nil
	}
	if v.json == nil {
		v.json = json.RawMessage(unguarded(v.cell))
	}
	return as[T](v, "JSON")
}

// splitList takes a cell apart: commas stand between texts, a backslash before a comma, a backslash or a space that belongs to
// a text.
func splitList(cell string) ([]string, error) {
	out := []string{}
	var b strings.Builder
	keep, escaped, some := 0, false, false // keep is the length that is not trimmed.
	end := func() {
		text := b.String()
		text = text[:keep] + strings.TrimRight(text[keep:], " \t\n")
		if text != "" || some {
			out = append(out, text)
		}
		b.Reset()
		keep, some = 0, false
	}
	for _, c := range cell {
		switch {
		case escaped:
			b.WriteRune(c)
			keep, escaped, some = b.Len(), false, true
		case c == '\\':
			escaped = true
		case c == ',':
			end()
		case b.Len() == 0 && (c == ' ' || c == '\t' || c == '\n'):
		default:
			b.WriteRune(c)
			some = true
		}
	}
	if escaped {
		return nil, errors.New("the list ends with a backslash, which stands before a comma or a backslash that belongs to a text")
	}
	end()
	return out, nil
}

// joinList puts texts into a cell.
func joinList(texts []string) string {
	var b strings.Builder
	for i, text := range texts {
		if i > 0 {
			b.WriteByte(',')
		}
		inner := strings.Trim(text, " \t\n")
		start := strings.Index(text, inner)
		for j, c := range text {
			if c == ',' || c == '\\' || (c == ' ' || c == '\t' || c == '\n') && (j < start || j >= start+len(inner)) {
				b.WriteByte('\\')
			}
			b.WriteRune(c)
		}
	}
	return b.String()
}

// guarded are the bytes with which a cell begins that spreadsheets take for a formula, and the guard itself.
const guarded = "=+-@\t'"

// guard makes a text a cell that is no formula in a spreadsheet and comes back as it was: an apostrophe goes before what
// looks like one. A text with a carriage return, which CSV does not keep, is JSON behind an apostrophe.
func guard(text string) string {
	if strings.Contains(text, "\r") {
		data, _ := json.Marshal(text) // A string can be marshalled.
		return "'" + string(data)
	}
	if text != "" && strings.ContainsRune(guarded, rune(text[0])) {
		return "'" + text
	}
	return text
}

// unguarded is the text of a cell.
func unguarded(cell string) string {
	rest, marked := strings.CutPrefix(cell, "'")
	switch {
	case !marked || rest == "":
		return cell
	case rest[0] == '"':
		var text string
		if json.Unmarshal([]byte(rest), &text) == nil {
			return text
		}
		return cell
	case strings.ContainsRune(guarded, rune(rest[0])):
		return rest
	}
	return cell
}
