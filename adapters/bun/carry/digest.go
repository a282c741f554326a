package carry

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
)

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
