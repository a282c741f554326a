package ref_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

var uuid = ref.UUID{0x01, 0x96, 0xab, 0xcd, 0xef, 0x01, 0x72, 0x34, 0x85, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23}

func TestUUIDText(t *testing.T) {
	t.Parallel()
	if got, want := uuid.String(), "0196abcd-ef01-7234-8567-89abcdef0123"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestIDRoundTrip(t *testing.T) {
	t.Parallel()
	id := ref.NewID[ref.OrderKind](uuid)
	text := id.String()
	if !strings.HasPrefix(text, "ord_") || len(text) != 4+26 || text != strings.ToLower(text) {
		t.Errorf("got %q", text)
	}
	back, err := ref.ParseID[ref.OrderKind](text)
	if err != nil || back != id || back.UUID() != uuid || back.IsZero() {
		t.Errorf("got %v, %v", back, err)
	}
}

func TestPrefixesDiffer(t *testing.T) {
	t.Parallel()
	texts := []string{
		ref.NewID[ref.ProductKind](uuid).String(), ref.NewID[ref.VariantKind](uuid).String(), ref.NewID[ref.MediaKind](uuid).String(),
		ref.NewID[ref.OrderKind](uuid).String(), ref.NewID[ref.LineKind](uuid).String(), ref.NewID[ref.PaymentKind](uuid).String(),
		ref.NewID[ref.ClaimKind](uuid).String(), ref.NewID[ref.EventKind](uuid).String(),
	}
	want := []string{"prd", "var", "med", "ord", "lin", "pay", "clm", "evt"}
	for i, text := range texts {
		if prefix, _, _ := strings.Cut(text, "_"); prefix != want[i] {
			t.Errorf("got prefix %q, want %q", prefix, want[i])
		}
	}
}

func TestParseIDRefuses(t *testing.T) {
	t.Parallel()
	good := ref.NewID[ref.OrderKind](uuid).String()
	for name, text := range map[string]string{
		"nothing":             "",
		"the prefix alone":    "ord_",
		"another kind":        "prd" + good[3:],
		"upper case":          strings.ToUpper(good),
		"no underscore":       "ord-" + good[4:],
		"too short":           good[:len(good)-1],
		"too long":            good + "0",
		"a letter left out":   good[:len(good)-2] + "u" + good[len(good)-1:],
		"bits that are lost":  good[:len(good)-1] + "z",
		"a line break inside": good[:10] + "\n" + good[11:],
	} {
		if id, err := ref.ParseID[ref.OrderKind](text); !fault.Is(err, ref.MalformedID) || !id.IsZero() {
			t.Errorf("%s: got %v, %v", name, id, err)
		}
	}
}

func TestIDsSortAsTheirBytes(t *testing.T) {
	t.Parallel()
	var ids []ref.OrderID
	for _, b := range []byte{3, 1, 255, 2, 0} {
		ids = append(ids, ref.NewID[ref.OrderKind](ref.UUID{b, 15: b}))
	}
	slices.SortFunc(ids, ref.OrderID.Compare)
	if !slices.IsSortedFunc(ids, func(a, b ref.OrderID) int { return strings.Compare(a.String(), b.String()) }) {
		t.Errorf("the order of %v is not that of their texts", ids)
	}
}

func TestIDAsText(t *testing.T) {
	t.Parallel()
	type holder struct {
		ID ref.ProductID `json:"id"`
	}
	for _, h := range []holder{{}, {ref.NewID[ref.ProductKind](uuid)}} {
		data, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		back := holder{ref.NewID[ref.ProductKind](ref.UUID{9})}
		if err := json.Unmarshal(data, &back); err != nil || back != h {
			t.Errorf("%s: got %v, %v", data, back, err)
		}
	}
	var h holder
	if err := json.Unmarshal([]byte(`{"id":"ord_1"}`), &h); !fault.Is(err, ref.MalformedID) {
		t.Errorf("got %v, want malformed_id", err)
	}
}

func TestCartID(t *testing.T) {
	t.Parallel()
	secret := [ref.SecretSize]byte{1, 2, 3, 19: 255}
	id := ref.NewCartID(secret)
	back, err := ref.ParseCartID(id.Reveal())
	if err != nil || back != id || back.Bytes() != secret || back.IsZero() {
		t.Errorf("got %v, %v", back, err)
	}
	if !strings.HasPrefix(id.Reveal(), "crt_") || len(id.Reveal()) != 4+32 {
		t.Errorf("got %q", id.Reveal())
	}
	for _, printed := range []string{id.String(), fmt.Sprint(id), fmt.Sprintf("%v %s", id, id)} {
		if strings.Contains(printed, id.Reveal()[9:]) {
			t.Errorf("printing gives the credential away: %q", printed)
		}
	}
	for _, text := range []string{"", "crt_", "ord" + id.Reveal()[3:], id.Reveal() + "0", strings.ToUpper(id.Reveal())} {
		if id, err := ref.ParseCartID(text); !fault.Is(err, ref.MalformedID) || !id.IsZero() {
			t.Errorf("%q: got %v, %v", text, id, err)
		}
	}
}

func TestParseSKU(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"A": true, "MUG-BLUE": true, "mug blue": true, "Größe-40": true, "日本": true, strings.Repeat("x", ref.SKUMax): true,
		"": false, strings.Repeat("x", ref.SKUMax+1): false, " A": false, "A ": false, " ": false, "A\tB": false, "A\nB": false,
		"A\x00": false, "A\u00a0B": false, "A\u200bB": false, "\xff": false,
	} {
		sku, err := ref.ParseSKU(text)
		if (err == nil) != ok || ok && sku.String() != text || !ok && (sku != "" || !fault.Is(err, ref.MalformedSKU)) {
			t.Errorf("%q: got %q, %v", text, sku, err)
		}
	}
}

func TestInstant(t *testing.T) {
	t.Parallel()
	in := time.Date(2026, 3, 2, 10, 30, 0, 123456789, time.FixedZone("CET", 3600))
	if got, want := ref.Instant(in), time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func FuzzParseID(f *testing.F) {
	f.Add(ref.NewID[ref.OrderKind](uuid).String())
	f.Add("ord_00000000000000000000000000")
	f.Add("ord_")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := ref.ParseID[ref.OrderKind](text)
		switch {
		case err != nil && (!id.IsZero() || !fault.Is(err, ref.MalformedID)):
			t.Errorf("%q: got %v, %v", text, id, err)
		case err == nil && id.String() != text:
			t.Errorf("%q and %q are the same id", text, id)
		}
	})
}

func FuzzParseCartID(f *testing.F) {
	f.Add(ref.NewCartID([ref.SecretSize]byte{1, 2, 3}).Reveal())
	f.Add("crt_00000000000000000000000000000000")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := ref.ParseCartID(text)
		switch {
		case err != nil && (!id.IsZero() || !fault.Is(err, ref.MalformedID)):
			t.Errorf("%q: got %v, %v", text, id, err)
		case err == nil && id.Reveal() != text:
			t.Errorf("%q and %q are the same id", text, id.Reveal())
		}
	})
}

func FuzzParseSKU(f *testing.F) {
	for _, text := range []string{"A", "mug blue", " A", "\xff", "A\u200b", "日本"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sku, err := ref.ParseSKU(text)
		switch {
		case err != nil && (sku != "" || !fault.Is(err, ref.MalformedSKU)):
			t.Errorf("%q: got %q, %v", text, sku, err)
		case err == nil && (string(sku) != text || strings.TrimSpace(text) != text || len(text) > ref.SKUMax):
			t.Errorf("%q was taken as %q", text, sku)
		}
	})
}
