package carry

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
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

// Digest tells whether two tables have the same rows, in whatever order: it is the sum of the digests of the rows.
type Digest struct {
	Rows int64
	sum  [4]uint64
}

// String is the digest as text.
func (d Digest) String() string {
	var b [32]byte
	for i, n := range d.sum {
		binary.BigEndian.PutUint64(b[8*i:], n)
	}
	return hex.EncodeToString(b[:])
}

// add takes a row. Its values are told apart by their kinds and lengths, so that no two rows look the same.
func (d *Digest) add(r Row) error {
	h := sha256.New()
	var head [9]byte
	begin := func(kind byte, n uint64) {
		head[0] = kind
		binary.BigEndian.PutUint64(head[1:], n)
		_, _ = h.Write(head[:]) // A hash never fails to write.
	}
	for _, v := range r {
		switch v := v.(type) {
		case nil:
			begin('n', 0)
		case int64:
			begin('i', uint64(v)) //nolint:gosec // Its bits are meant.
		case string:
			begin('s', uint64(len(v)))
			_, _ = io.WriteString(h, v)
		case []byte:
			begin('b', uint64(len(v)))
			_, _ = h.Write(v)
		default:
			return fmt.Errorf("carry: a value of a row is %T", v)
		}
	}
	sum := h.Sum(nil)
	for i := range d.sum {
		d.sum[i] += binary.BigEndian.Uint64(sum[8*i:])
	}
	d.Rows++
	return nil
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
