package fiberhttp_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func somePlace(at time.Time) catalog.Place {
	return catalog.Place{CreatedAt: at, ID: ref.NewID[ref.ProductKind](ref.UUID{1, 2, 3, 0xff})}
}

func TestCursorRoundTrips(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{time.UnixMicro(0).UTC(), moment.Add(123456 * time.Microsecond), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)} {
		text := fiberhttp.FormatCursor(fiberhttp.NewestList, somePlace(at))
		got, err := fiberhttp.ParseCursor(fiberhttp.NewestList, text)
		if err != nil || got != somePlace(at) {
			t.Errorf("%s: %v %v", at, got, err)
		}
	}
}

func TestCursorRefusesForgeries(t *testing.T) {
	t.Parallel()
	good := fiberhttp.FormatCursor(fiberhttp.NewestList, somePlace(moment))
	forged := map[string]string{
		"empty": "", "text": "mug", "short": good[1:], "long": good + "A", "padded": good + "=", "NUL": strings.Repeat("\x00", len(good)),
		"standard alphabet": strings.Repeat("+", len(good)),
		"other list":        fiberhttp.FormatCursor("products/price", somePlace(moment)),
		"before 1970":       fiberhttp.FormatCursor(fiberhttp.NewestList, somePlace(time.UnixMicro(-1))),
		"after 9999":        fiberhttp.FormatCursor(fiberhttp.NewestList, somePlace(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC))),
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
		if got, err := fiberhttp.ParseCursor(fiberhttp.NewestList, text); !fault.Is(err, catalog.InvalidCursor) || got != (catalog.Place{}) {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
}

// FuzzCursor holds that a cursor is read only as what it was written from: one text for each place.
func FuzzCursor(f *testing.F) {
	good := fiberhttp.FormatCursor(fiberhttp.NewestList, somePlace(moment))
	for _, seed := range []string{"", good, good[1:], good + "A", strings.ToUpper(good), strings.Repeat("A", len(good))} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		place, err := fiberhttp.ParseCursor(fiberhttp.NewestList, text)
		switch {
		case err != nil:
			if !fault.Is(err, catalog.InvalidCursor) || place != (catalog.Place{}) {
				t.Errorf("%q: %v %v", text, place, err)
			}
		case fiberhttp.FormatCursor(fiberhttp.NewestList, place) != text:
			t.Errorf("%q reads as %v, which is written otherwise", text, place)
		}
	})
}
