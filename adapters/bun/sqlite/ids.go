package sqlite

import (
	"encoding/hex"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// cartKey is how the id of a cart is stored: as its bytes; NULL for no cart.
func cartKey(id ref.CartID) any {
	if id.IsZero() {
		return nil
	}
	secret := id.Bytes()
	return secret[:]
}

// hexOf is a cart's id for a list in JSON.
func hexOf(id ref.CartID) string {
	secret := id.Bytes()
	return hex.EncodeToString(secret[:])
}

// intoCart reads the id of a cart; NULL is no cart.
func intoCart(id *ref.CartID) into {
	return func(column any) error {
		b, ok := column.([]byte)
		switch {
		case column == nil:
			*id = ref.CartID{}
		case !ok || len(b) != ref.SecretSize:
			return fmt.Errorf("sqlite: the id of a cart is stored as %T", column)
		default:
			*id = ref.NewCartID([ref.SecretSize]byte(b))
		}
		return nil
	}
}

// uuidBytes is how an id without a kind is stored: as its bytes; NULL for none.
func uuidBytes(id [16]byte) any {
	if id == [16]byte{} {
		return nil
	}
	return id[:]
}
