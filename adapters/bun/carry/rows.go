package carry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Times that come before and after every other one, as rows have them.
const (
	Always = -1 << 62
	Never  = 1 << 62
)

// Canonical is a structure in JSON as rows have it: without spaces, the keys of its objects sorted. Stores that keep it as
// text and such as keep it in a form of their own give the same then.
func Canonical(text string) (string, error) {
	switch text {
	case "[]", "{}", "null": // What most are.
		return text, nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return "", fmt.Errorf("carry: a structure that is no JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return "", errors.New("carry: something stands behind a structure in JSON")
	}
	return Encoded(v)
}

// Encoded is a value as JSON in the same form.
func Encoded(v any) (string, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// weight is about how many bytes a row takes in memory.
func (r Row) weight() int {
	n := 24 * len(r)
	for _, v := range r {
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
	}
	return n
}
