package fiberhttp

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"strings"
)

// maxSlug bounds what is drawn from.
const maxSlug = 200

// palettes are pairs of a tile's colour and that of what is drawn on it, dark enough for white letters.
var palettes = [...][2]string{
	{"#1f4e5f", "#2f7a8c"},
	{"#6b2d3e", "#97485c"},
	{"#2e5339", "#4a7c59"},
	{"#3d3a6b", "#5b5796"},
	{"#7a4419", "#a8642e"},
	{"#274c77", "#4271a6"},
	{"#5c415d", "#84618a"},
	{"#4a5240", "#707a5e"},
	{"#803d3b", "#ac5c56"},
	{"#1d5c54", "#2f857a"},
	{"#4b3f2f", "#786750"},
	{"#2f4858", "#4d6d82"},
}

// Draw makes the placeholder image of a slug, an SVG of 800 by 800: always the same for the same slug,
// told apart from others by colour, shape and initials. It gives nil for what is no slug (lower-case letters, digits and single hyphens).
func Draw(slug string) []byte {
	words := strings.Split(slug, "-")
	if len(slug) > maxSlug || !isSlug(words) {
		return nil
	}
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(slug))
	seed := hash.Sum64()
	colours := palettes[seed%uint64(len(palettes))]
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800" role="img" aria-label="%s">`, strings.Join(words, " "))
	fmt.Fprintf(&out, `<rect width="800" height="800" fill="%s"/>`, colours[0])
	switch x, y, size := 100+(seed>>8)%600, 100+(seed>>20)%600, 180+(seed>>32)%160; (seed >> 44) % 3 {
	case 0:
		fmt.Fprintf(&out, `<circle cx="%d" cy="%d" r="%d" fill="%s"/>`, x, y, size, colours[1])
	case 1:
		fmt.Fprintf(&out, `<rect x="%d" y="%d" width="%d" height="%d" rx="48" fill="%s" transform="rotate(%d 400 400)"/>`,
			x/2, y/2, size*2, size*2, colours[1], (seed>>50)%90)
	default:
		fmt.Fprintf(&out, `<path d="M0 %d Q 400 %d 800 %d V 800 H 0 Z" fill="%s"/>`, 300+y/3, x, 300+x/3, colours[1])
	}
	fmt.Fprintf(&out, `<text x="400" y="490" fill="#fff" font-family="Georgia, serif" font-size="260" text-anchor="middle">%s</text></svg>`, initials(words))
	return out.Bytes()
}

func isSlug(words []string) bool {
	for _, word := range words {
		if word == "" {
			return false
		}
		for _, c := range []byte(word) {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}

// initials are the first letters of the first and the last word.
func initials(words []string) string {
	out := words[0][:1]
	if len(words) > 1 {
		out += words[len(words)-1][:1]
	}
	return strings.ToUpper(out)
}
