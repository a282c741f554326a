package fiberhttp_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

var somewhere = fiberhttp.ListedPlace{At: 1_700_000_000_000_001, ID: ref.NewID[ref.ProductKind](ref.UUID{1, 0xff}), Price: 12_500_000, Name: "crème brûlée", Rank: 7}

func TestPlacesRoundTrip(t *testing.T) {
	t.Parallel()
	for _, p := range []fiberhttp.ListedPlace{somewhere, {}, {Name: strings.Repeat("é", 400)}} {
		got, err := fiberhttp.ParsePlace("products/name", fiberhttp.FormatPlace("products/name", p))
		if err != nil || got != p {
			t.Errorf("%+v: %+v %v", p, got, err)
		}
	}
}

func TestPlacesRefuseForgeries(t *testing.T) {
	t.Parallel()
	good := fiberhttp.FormatPlace("products/name", somewhere)
	forged := map[string]string{
		"empty": "", "text": "mug", "short": good[1:], "long": good + "A", "padded": good + "=", "huge": strings.Repeat("A", 5000),
		"other list": fiberhttp.FormatPlace("products/price/GBP", somewhere),
		"by age":     fiberhttp.FormatCursor("products/name", catalog.Place{ID: somewhere.ID}),
		"NUL":        fiberhttp.FormatPlace("products/name", fiberhttp.ListedPlace{Name: "a\x00b"}),
		"past":       fiberhttp.FormatPlace("products/name", fiberhttp.ListedPlace{At: -1}),
		"future":     fiberhttp.FormatPlace("products/name", fiberhttp.ListedPlace{At: 1 << 60}),
		"rank":       fiberhttp.FormatPlace("products/name", fiberhttp.ListedPlace{Rank: 1 << 40}),
	}
	payload, err := base64.RawURLEncoding.DecodeString(good)
	if err != nil {
		t.Fatal(err)
	}
	for i := range payload {
		payload[i] ^= 1
		forged["byte "+string(rune('0'+i))] = base64.RawURLEncoding.EncodeToString(payload)
		payload[i] ^= 1
	}
	for name, text := range forged {
		if _, err := fiberhttp.ParsePlace("products/name", text); !fault.Is(err, catalog.InvalidCursor) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
