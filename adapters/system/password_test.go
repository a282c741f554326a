package system_test

import (
	"context"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/testing/accesstest"
)

func TestPasswordHasher(t *testing.T) {
	t.Parallel()
	accesstest.TestPasswordHasher(t, func(*testing.T) accesstest.HasherHarness {
		return accesstest.HasherHarness{
			Hasher: system.NewPasswordHasher(&system.PasswordOptions{Iterations: 20}),
			Weaker: system.NewPasswordHasher(&system.PasswordOptions{Iterations: 10}),
		}
	})
}

// The hash of OWASP's strength: it takes long, so it is made once, and one that another program made is read.
func TestPasswordHasherByDefault(t *testing.T) {
	t.Parallel()
	h := system.NewPasswordHasher(nil)
	text, err := h.Hash(t.Context(), access.NewSecret("correct horse"))
	if err != nil || text[:24] != "$pbkdf2-sha256$i=600000$" {
		t.Errorf("Hash: %s, %v", text, err)
	}
	// From RFC 7914, 11: PBKDF2-HMAC-SHA256 of "Password" and "NaCl", 80,000 times, its first half.
	const known = "$pbkdf2-sha256$i=80000$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1Y"
	if ok, err := h.Verify(t.Context(), known, access.NewSecret("Password")); !ok || err != nil {
		t.Errorf("Verify of a known hash: %t, %v", ok, err)
	}
}

func TestPasswordHasherRefusesAFlood(t *testing.T) {
	t.Parallel()
	h := system.NewPasswordHasher(&system.PasswordOptions{Iterations: 300_000, Slots: 1, Waiting: 1})
	const callers = 8
	errs := make(chan error, callers)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range callers {
		go func() {
			_, err := h.Hash(ctx, access.NewSecret("correct horse"))
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

// Whatever a hash is, it is read or refused, and opens nothing by itself.
func FuzzPasswordHash(f *testing.F) {
	h := system.NewPasswordHasher(&system.PasswordOptions{Iterations: 1})
	good, err := h.Hash(f.Context(), access.NewSecret("correct horse"))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{good, "", "$", "$pbkdf2-sha256$i=0$$", "$pbkdf2-sha256$i=99999999999999999999$AA$AA", good + "$", good[:20]} {
		f.Add(seed)
	}
	gone, leave := context.WithCancel(f.Context())
	leave() // What can be read is not hashed, which might take hours.
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
