package ordering_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// key makes a token key.
func key(id string, fill byte) ordering.TokenKey {
	return ordering.TokenKey{ID: id, Secret: bytes.Repeat([]byte{fill}, 32)}
}

// tokens makes the tokens of keys.
func tokens(tb testing.TB, keys ...ordering.TokenKey) *ordering.OrderTokens {
	tb.Helper()
	out, err := ordering.NewOrderTokens(keys)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func orderID(n byte) ref.OrderID { return ref.NewID[ref.OrderKind](uuid(n)) }

func TestTokens(t *testing.T) {
	t.Parallel()
	old, next := key("k1", 1), key("K2", 2)
	before := tokens(t, old)
	token := before.Sign(orderID(1))
	if !strings.HasPrefix(token, "k1.") || len(token) != 3+43 || token != before.Sign(orderID(1)) {
		t.Errorf("token %q", token)
	}
	if err := before.Check(orderID(1), token); err != nil {
		t.Errorf("its own token: %v", err)
	}
	rotated := tokens(t, next, old)
	if err := rotated.Check(orderID(1), token); err != nil {
		t.Errorf("a token of the key before: %v", err)
	}
	if !strings.HasPrefix(rotated.Sign(orderID(1)), "K2.") {
		t.Errorf("the first key does not sign")
	}
	forged := tokens(t, key("k1", 9)).Sign(orderID(1))
	for _, bad := range []string{"", ".", "k1", "k1.", token + "A", token[:len(token)-1], strings.ToUpper(token), before.Sign(orderID(2)), forged, rotated.Sign(orderID(1))} {
		wantClass(t, before.Check(orderID(1), bad), fault.Missing)
	}
}

func TestTokenKeysAreCopied(t *testing.T) {
	t.Parallel()
	keys := []ordering.TokenKey{key("k1", 1)}
	signer := tokens(t, keys...)
	want := signer.Sign(orderID(1))
	keys[0] = key("k2", 2)
	if got := signer.Sign(orderID(1)); got != want {
		t.Errorf("a change of the caller's keys changed the tokens")
	}
}

func TestTokenKeysRefused(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]ordering.TokenKey{
		"none":        nil,
		"no id":       {key("", 1)},
		"long id":     {key(strings.Repeat("k", 17), 1)},
		"dot in id":   {key("k.1", 1)},
		"same id":     {key("k1", 1), key("k1", 2)},
		"short":       {{ID: "k1", Secret: make([]byte, 31)}},
		"second bad":  {key("k1", 1), {ID: "k2"}},
		"unicode id":  {key("ké", 1)},
		"space in id": {key("k ", 1)},
	} {
		if _, err := ordering.NewOrderTokens(keys); !fault.Is(err, ordering.Rule) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzTokenCheck(f *testing.F) {
	signer := tokens(f, key("k1", 1), key("k2", 2))
	right := signer.Sign(orderID(1))
	other := tokens(f, key("k2", 2)).Sign(orderID(1))
	for _, seed := range []string{right, other, "", "k1.", right[1:], right + " ", signer.Sign(orderID(2)), "k1.\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		err := signer.Check(orderID(1), token)
		if valid := token == right || token == other; valid != (err == nil) {
			t.Errorf("%q is answered with %v", token, err)
		}
		if err != nil && !fault.Is(err, fault.Missing) {
			t.Errorf("%q is answered with %v", token, err)
		}
	})
}
