package argon2_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/argon2"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/testing/accesstest"
)

// quick is a hasher that takes next to nothing.
func quick(passes uint32, former access.PasswordHasher) *argon2.PasswordHasher {
	return argon2.NewPasswordHasher(&argon2.Options{Memory: 64, Passes: passes, Former: former})
}

func TestPasswordHasher(t *testing.T) {
	t.Parallel()
	accesstest.TestPasswordHasher(t, func(*testing.T) accesstest.HasherHarness {
		return accesstest.HasherHarness{Hasher: quick(2, nil), Weaker: quick(1, nil)}
	})
}

// The suite once more with a hasher that stood there before, whose hashes are the weaker ones.
func TestPasswordHasherAfterAnother(t *testing.T) {
	t.Parallel()
	accesstest.TestPasswordHasher(t, func(*testing.T) accesstest.HasherHarness {
		former := &accesstest.Hasher{Rounds: 1}
		return accesstest.HasherHarness{Hasher: quick(1, former), Weaker: former}
	})
}

func TestPasswordHasherByDefault(t *testing.T) {
	t.Parallel()
	h := argon2.NewPasswordHasher(nil)
	text, err := h.Hash(t.Context(), access.NewSecret("correct horse"))
	if err != nil || !strings.HasPrefix(text, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("Hash: %s, %v", text, err)
	}
	// From the test vectors of the reference implementation (phc-winner-argon2, test.c).
	for _, known := range []string{
		"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
		"$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
		"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
	} {
		if ok, err := h.Verify(t.Context(), known, access.NewSecret("password")); !ok || err != nil {
			t.Errorf("Verify of %s: %t, %v", known, ok, err)
		}
		if !h.NeedsRehash(known) { // For its salt of 8 bytes, whatever else.
			t.Errorf("%s needs no other", known)
		}
	}
}

// What asks for more than a hash may is not hashed, however little of it there is.
func TestHashesThatAskForTooMuch(t *testing.T) {
	t.Parallel()
	h := argon2.NewPasswordHasher(nil)
	const salt, key = "c29tZXNhbHQ", "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	for name, text := range map[string]string{
		"memory":           "$argon2id$v=19$m=65537,t=2,p=1$" + salt + "$" + key,
		"gigabytes":        "$argon2id$v=19$m=4294967295,t=1,p=1$" + salt + "$" + key,
		"beyond a word":    "$argon2id$v=19$m=4294967296,t=1,p=1$" + salt + "$" + key,
		"too little":       "$argon2id$v=19$m=7,t=1,p=1$" + salt + "$" + key,
		"little for lanes": "$argon2id$v=19$m=31,t=1,p=4$" + salt + "$" + key,
		"passes":           "$argon2id$v=19$m=256,t=17,p=1$" + salt + "$" + key,
		"no pass":          "$argon2id$v=19$m=256,t=0,p=1$" + salt + "$" + key,
		"lanes":            "$argon2id$v=19$m=256,t=2,p=5$" + salt + "$" + key,
		"no lane":          "$argon2id$v=19$m=256,t=2,p=0$" + salt + "$" + key,
		"another version":  "$argon2id$v=16$m=256,t=2,p=1$" + salt + "$" + key,
		"no version":       "$argon2id$m=256,t=2,p=1$" + salt + "$" + key,
		"another kind":     "$argon2i$v=19$m=256,t=2,p=1$" + salt + "$" + key,
		"another order":    "$argon2id$v=19$t=2,m=256,p=1$" + salt + "$" + key,
		"more":             "$argon2id$v=19$m=256,t=2,p=1,x=1$" + salt + "$" + key,
		"zeros before":     "$argon2id$v=19$m=0256,t=2,p=1$" + salt + "$" + key,
		"sign":             "$argon2id$v=19$m=+256,t=2,p=1$" + salt + "$" + key,
		"short salt":       "$argon2id$v=19$m=256,t=2,p=1$c29tZXNh$" + key,
		"long salt":        "$argon2id$v=19$m=256,t=2,p=1$" + strings.Repeat("AAAA", 17) + "$" + key,
		"short key":        "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$nf65EOgL",
		"long key":         "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$" + key + "AA",
		"line break":       "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/\n4",
		"padding":          "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$" + key + "=",
		"stray bits":       "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$" + key[:42] + "5",
	} {
		if ok, err := h.Verify(t.Context(), text, access.NewSecret("password")); ok || fault.KindOf(err) != fault.Internal {
			t.Errorf("%s: %t, %v, want an error of kind internal", name, ok, err)
		}
		if !h.NeedsRehash(text) {
			t.Errorf("%s: needs no other", name)
		}
	}
}

func TestPasswordHasherRefusesAFlood(t *testing.T) {
	t.Parallel()
	h := argon2.NewPasswordHasher(&argon2.Options{Memory: 16 * 1024, Passes: 4, Slots: 1, Waiting: 1})
	const callers = 8
	errs := make(chan error, callers)
	for range callers {
		go func() {
			_, err := h.Hash(t.Context(), access.NewSecret("correct horse"))
			errs <- err
		}()
	}
	refused := 0
	for range callers {
		if err := <-errs; err != nil {
			if fault.KindOf(err) != fault.Unavailable {
				t.Errorf("refused with %v, want kind unavailable", err)
			}
			refused++
		}
	}
	if refused == 0 || refused == callers {
		t.Errorf("%d of %d were refused, want some and not all", refused, callers)
	}
}

// Who waits for a slot waits no longer than the context.
func TestWaitingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	h := argon2.NewPasswordHasher(&argon2.Options{Memory: 64 * 1024, Passes: 16, Slots: 1})
	began, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		close(began)
		_, _ = h.Hash(t.Context(), access.NewSecret("correct horse"))
	}()
	<-began
	for { // Until the first one is in the slot, a caller with little time is hashed for.
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		_, err := h.Hash(ctx, access.NewSecret("correct horse"))
		cancel()
		if err == nil {
			continue
		}
		if fault.KindOf(err) != fault.Unavailable {
			t.Fatalf("refused with %v, want kind unavailable", err)
		}
		break
	}
	<-done
}

// Whatever a hash is, it is read or refused, and opens nothing by itself.
func FuzzPasswordHash(f *testing.F) {
	h := quick(1, nil)
	good, err := h.Hash(f.Context(), access.NewSecret("correct horse"))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		good, "", "$", "$argon2id$v=19$m=4294967295,t=4294967295,p=255$AA$AA", good + "$", good[:20], strings.Replace(good, "m=64", "m=0064", 1),
	} {
		f.Add(seed)
	}
	gone, leave := context.WithCancel(f.Context())
	leave() // What can be read is not hashed.
	f.Fuzz(func(t *testing.T, text string) {
		ok, err := h.Verify(gone, text, access.NewSecret("correct horse"))
		if kind := fault.KindOf(err); ok || kind != fault.Internal && kind != fault.Unavailable {
			t.Errorf("%q: %t, %v", text, ok, err)
		}
		if kind := fault.KindOf(err); kind == fault.Internal && !h.NeedsRehash(text) {
			t.Errorf("%q cannot be read and needs no other", text)
		}
	})
}
