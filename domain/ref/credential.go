package ref

// SecretSize is the number of random bytes in a credential: 160 bits, above the 128 that ASVS 5.0 (7.2.3) asks for.
const SecretSize = 20

// CartID names a cart and is the guest's only credential for it, so it is random and never a UUID, which would be
// guessable in part. Treat it as a secret: it stands in no log and no event. Comparable; the zero value is no id.
type CartID struct{ secret [SecretSize]byte }

// cartPrefix starts the public text of a cart id.
const cartPrefix = "crt"

// NewCartID makes a cart id from random bytes, such as ports.IDs gives.
func NewCartID(secret [SecretSize]byte) CartID { return CartID{secret: secret} }

// ParseCartID reads the public text. It fails with MalformedID.
func ParseCartID(text string) (CartID, error) {
	var id CartID
	if err := decode(text, cartPrefix, id.secret[:]); err != nil {
		return CartID{}, err
	}
	return id, nil
}

// Bytes gives the random bytes, for stores.
func (id CartID) Bytes() [SecretSize]byte { return id.secret }

// IsZero tells whether this is no id.
func (id CartID) IsZero() bool { return id.secret == [SecretSize]byte{} }

// Reveal is the public text, the credential itself: for the answer to its owner only.
func (id CartID) Reveal() string { return encode(cartPrefix, id.secret[:]) }

// String hides all but the first characters, so that a log line that prints a cart gives nothing away.
func (id CartID) String() string { return id.Reveal()[:len(cartPrefix)+5] + "…" }
