package ref

import "bytes"

// Kind names the aggregate that an id belongs to. Its zero value is used, never an instance with state.
type Kind interface{ Prefix() string }

// ID is the id of one kind of aggregate: a UUID inside, prefixed text outside ("ord_01jd…"), so that an id of one
// kind is neither assignable to nor parsed as another's. Comparable; the zero value is no id.
type ID[K Kind] struct{ uuid UUID }

// NewID makes an id from a UUID, such as ports.IDs gives.
func NewID[K Kind](u UUID) ID[K] { return ID[K]{uuid: u} }

// ParseID reads the public text. It fails with MalformedID; exactly one text parses to each id.
func ParseID[K Kind](text string) (ID[K], error) {
	var k K
	var id ID[K]
	if err := decode(text, k.Prefix(), id.uuid[:]); err != nil {
		return ID[K]{}, err
	}
	return id, nil
}

// UUID gives the bytes, for stores.
func (id ID[K]) UUID() UUID { return id.uuid }

// IsZero tells whether this is no id.
func (id ID[K]) IsZero() bool { return id.uuid == UUID{} }

// String is the public text.
func (id ID[K]) String() string {
	var k K
	return encode(k.Prefix(), id.uuid[:])
}

// Compare orders ids by their bytes, which is by time of making.
func (id ID[K]) Compare(other ID[K]) int { return bytes.Compare(id.uuid[:], other.uuid[:]) }

// MarshalText writes the public text; no id is written as "".
func (id ID[K]) MarshalText() ([]byte, error) {
	if id.IsZero() {
		return []byte{}, nil
	}
	return []byte(id.String()), nil
}

// UnmarshalText reads the public text, or "" as no id.
func (id *ID[K]) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = ID[K]{}
		return nil
	}
	parsed, err := ParseID[K](string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}
