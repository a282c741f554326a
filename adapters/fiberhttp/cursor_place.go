package fiberhttp

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Cursors of places that are more than a time and an id: a version, the place as JSON, and the check of cursor.go.
const (
	placeVersion  = 2
	placeSum      = cursorSize - cursorCheck
	placeMax      = 2048 // Bytes of text; a title of a product takes half of it.
	placeRanksMax = 1_000
)

// place is where a page ended, in a list of one kind.
type place interface{ sound() bool }

// formatPlace writes a place as a cursor.
func formatPlace[P place](list string, p P) string {
	body, err := json.Marshal(p)
	if err != nil {
		return "" // A place is plain values, which all have JSON.
	}
	payload := append([]byte{placeVersion}, body...)
	check := cursorSum(list, payload)
	return cursorEncoding.EncodeToString(append(payload, check[:placeSum]...))
}

// parsePlace reads what formatPlace wrote. It fails with catalog.InvalidCursor.
func parsePlace[P place](list, text string) (P, error) {
	var out, none P
	refused := catalog.InvalidCursor.New("the cursor is not one that this list gave; start again without it").At("cursor")
	if len(text) > placeMax {
		return none, refused
	}
	payload, err := cursorEncoding.DecodeString(text)
	if err != nil || len(payload) < 1+placeSum || payload[0] != placeVersion {
		return none, refused
	}
	body, sum := payload[:len(payload)-placeSum], payload[len(payload)-placeSum:]
	if check := cursorSum(list, body); !bytes.Equal(sum, check[:placeSum]) {
		return none, refused
	}
	decoder := json.NewDecoder(bytes.NewReader(body[1:]))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&out) != nil || !out.sound() {
		return none, refused
	}
	return out, nil
}

// listedPlace is a place in a list of products that are sorted by more than their age.
type listedPlace struct {
	At    int64         `json:"t"` // In microseconds.
	ID    ref.ProductID `json:"i"`
	Price int64         `json:"p,omitempty"`
	Name  string        `json:"n,omitempty"`
	Rank  int           `json:"r,omitempty"`
}

func (p listedPlace) sound() bool {
	return p.At >= 0 && p.At <= lastMoment && p.Rank >= 0 && p.Rank <= placeRanksMax && storable(p.Name)
}

// listingPlace is the place in the words of the catalogue.
func (p listedPlace) listingPlace() *catalog.ListingPlace {
	return &catalog.ListingPlace{CreatedAt: time.UnixMicro(p.At).UTC(), ID: p.ID, Price: p.Price, Name: p.Name, Rank: p.Rank}
}

// memberPlace is a place in a collection.
type memberPlace struct {
	Position int           `json:"n"`
	At       int64         `json:"t"`
	ID       ref.ProductID `json:"i"`
}

func (p memberPlace) sound() bool {
	return p.Position >= 0 && p.Position <= catalog.ManualMax && p.At >= 0 && p.At <= lastMoment
}

// namedPlace is a place in a list that goes by a text, such as a slug.
type namedPlace struct {
	Name string `json:"n"`
}

func (p namedPlace) sound() bool { return p.Name != "" && storable(p.Name) }

// storable tells whether every store can compare with the text; what JSON gave is UTF-8.
func storable(text string) bool { return !strings.ContainsRune(text, 0) }
