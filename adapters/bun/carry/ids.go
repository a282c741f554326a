package carry

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// codec turns the bytes of ids of one kind into their public text and back.
type codec struct {
	encode func([16]byte) string
	decode func(string) ([16]byte, error)
}

// codecOf is the codec of a kind, by its prefix.
func codecOf[K ref.Kind]() (string, codec) {
	var k K
	return k.Prefix(), codec{
		encode: func(b [16]byte) string { return ref.NewID[K](b).String() },
		decode: func(text string) ([16]byte, error) {
			id, err := ref.ParseID[K](text)
			return id.UUID(), err
		},
	}
}

// codecs are those of all kinds of ids that rows have.
var codecs = func() map[string]codec {
	out := map[string]codec{}
	for _, of := range []func() (string, codec){
		codecOf[ref.ProductKind], codecOf[ref.VariantKind], codecOf[ref.MediaKind], codecOf[ref.CategoryKind], codecOf[ref.CollectionKind],
		codecOf[ref.BrandKind], codecOf[ref.CustomerKind], codecOf[ref.AccountKind], codecOf[ref.StaffKind], codecOf[ref.RoleKind],
		codecOf[ref.APIKeyKind], codecOf[ref.SessionKind], codecOf[ref.OrderKind], codecOf[ref.LineKind], codecOf[ref.PaymentKind],
		codecOf[ref.ClaimKind], codecOf[ref.EventKind],
	} {
		prefix, c := of()
		out[prefix] = c
	}
	return out
}()

// slugOwners are the prefixes of what has slugs, by the word for it.
var slugOwners = map[catalog.SlugKind]string{
	catalog.BrandSlugs:      ref.BrandKind{}.Prefix(),
	catalog.CategorySlugs:   ref.CategoryKind{}.Prefix(),
	catalog.CollectionSlugs: ref.CollectionKind{}.Prefix(),
}

// PrefixIn is the prefix of the ids of a column in a row, whose values up to it are known.
func (t *Table) PrefixIn(c Column, r Row) string {
	if c.Kind != SlugID {
		return c.Prefix
	}
	kind, _ := t.Value(r, "kind").(string)
	return slugOwners[catalog.SlugKind(kind)]
}

// IDText is the public text of an id.
func IDText(prefix string, id [16]byte) (string, error) {
	c, known := codecs[prefix]
	if !known {
		return "", fmt.Errorf("carry: no kind of id has the prefix %q", prefix)
	}
	return c.encode(id), nil
}

// IDBytes are the bytes of an id's public text.
func IDBytes(prefix, text string) ([16]byte, error) {
	c, known := codecs[prefix]
	if !known {
		return [16]byte{}, fmt.Errorf("carry: no kind of id has the prefix %q", prefix)
	}
	return c.decode(text)
}
