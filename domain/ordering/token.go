package ordering

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TokenKey signs order tokens. Its id stands in each token, so that keys can be changed one after the other.
type TokenKey struct {
	ID     string // 1 to 16 letters or digits.
	Secret []byte // At least 32 bytes of a cryptographic source.
}

// OrderTokens makes and checks the tokens by which a guest reads an order. A token is kid.HMAC-SHA256(key, "order" ‖
// id): it is stored nowhere, so that a replay can give it again. Immutable, safe for concurrent use.
type OrderTokens struct{ keys []TokenKey }

// NewOrderTokens takes the keys; the first signs, all verify. Errors: Rule for a key that is missing, short, or whose
// id is malformed or not unique.
func NewOrderTokens(keys []TokenKey) (*OrderTokens, error) {
	if len(keys) == 0 {
		return nil, Rule.New("there is at least one token key").At("token_keys")
	}
	seen := map[string]bool{}
	for _, k := range keys {
		bad := strings.ContainsFunc(k.ID, func(r rune) bool {
			return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
		})
		if k.ID == "" || len(k.ID) > 16 || bad || seen[k.ID] {
			return nil, Rule.New("the id of a token key is 1 to 16 letters or digits and unique").At("token_keys")
		}
		seen[k.ID] = true
		if len(k.Secret) < sha256.Size {
			return nil, Rule.Newf("a token key has at least %d bytes", sha256.Size).At("token_keys")
		}
	}
	return &OrderTokens{keys: append([]TokenKey(nil), keys...)}, nil
}

// Sign makes the token of an order.
func (t *OrderTokens) Sign(id ref.OrderID) string { return sign(t.keys[0], id) }

// Check gives fault.Missing for a token that is not the order's, as for an order that does not exist. It compares in
// constant time.
func (t *OrderTokens) Check(id ref.OrderID, token string) error {
	kid, _, _ := strings.Cut(token, ".")
	for _, k := range t.keys {
		if k.ID == kid && hmac.Equal([]byte(sign(k, id)), []byte(token)) {
			return nil
		}
	}
	return noOrder()
}

// noOrder is the one answer to who may not see an order, whether there is one or not.
func noOrder() error { return fault.Missing.New("there is no such order, or the token is not its own") }

func sign(k TokenKey, id ref.OrderID) string {
	u := id.UUID()
	mac := hmac.New(sha256.New, k.Secret)
	mac.Write([]byte("order"))
	mac.Write(u[:])
	return k.ID + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
