package ref

import (
	"encoding/base32"
	"encoding/hex"
)

// UUID is the 16 bytes inside every id; adapters make them by version 7 of RFC 9562, so that they sort by time.
type UUID [16]byte

// String is the canonical form of RFC 9562, for stores and logs; the public text is that of the typed id.
func (u UUID) String() string {
	var b [36]byte
	hex.Encode(b[0:8], u[0:4])
	hex.Encode(b[9:13], u[4:6])
	hex.Encode(b[14:18], u[6:8])
	hex.Encode(b[19:23], u[8:10])
	hex.Encode(b[24:36], u[10:16])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// alphabet is Crockford's base 32 in lower case: no i, l, o or u, and in the order of the values, so that texts
// sort as the bytes do.
var alphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// encode writes prefix, an underscore and the bytes.
func encode(prefix string, raw []byte) string {
	out := make([]byte, 0, len(prefix)+1+alphabet.EncodedLen(len(raw)))
	out = append(append(out, prefix...), '_')
	return string(alphabet.AppendEncode(out, raw))
}

// decode is the strict reverse of encode: one text per value.
func decode(text, prefix string, raw []byte) error {
	want := len(prefix) + 1 + alphabet.EncodedLen(len(raw))
	if len(text) != want || text[:len(prefix)] != prefix || text[len(prefix)] != '_' {
		return MalformedID.Newf("an id of this kind is %s_ and %d characters", prefix, want-len(prefix)-1)
	}
	n, err := alphabet.Decode(raw, []byte(text[len(prefix)+1:]))
	if err != nil || n != len(raw) || encode(prefix, raw) != text {
		clear(raw)
		return MalformedID.Newf("an id of this kind is %s_ and digits or lower-case letters without i, l, o and u", prefix)
	}
	return nil
}
