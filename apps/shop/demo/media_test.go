package demo_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ipswich-retail/commerce/apps/shop/demo"
)

const (
	maxImageBytes = 6000
	mediaScheme   = "media:"
)

func TestEveryProductHasItsImage(t *testing.T) {
	t.Parallel()

	var want []string

	for _, p := range readProducts(t) {
		key := "demo/" + p.handle + ".svg"
		want = append(want, key)

		if src := p.rows[0]["Image Src"]; src != mediaScheme+key {
			t.Errorf("%s: image source %q, want %q", p.handle, src, mediaScheme+key)
		}
	}

	slices.Sort(want)

	if got := imageKeys(t); !slices.Equal(got, want) {
		t.Errorf("images and products differ:\nimages   %v\nproducts %v", got, want)
	}

	if err := fstest.TestFS(demo.Media(), want...); err != nil {
		t.Error(err)
	}
}

func TestMediaRefusesOtherPaths(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name string
		want error
	}{
		{"demo/none.svg", fs.ErrNotExist},
		{"media/demo/orwell-stoneware-mug.svg", fs.ErrNotExist},
		{"../products.csv", fs.ErrInvalid},
		{"demo/../../products.csv", fs.ErrInvalid},
		{"/demo/orwell-stoneware-mug.svg", fs.ErrInvalid},
		{"", fs.ErrInvalid},
	}

	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			_, err := demo.Media().Open(test.name)
			if !errors.Is(err, test.want) {
				t.Fatalf("error %v, want %v", err, test.want)
			}

			var pathErr *fs.PathError
			if !errors.As(err, &pathErr) || pathErr.Path != test.name {
				t.Errorf("error %v does not name the path %q", err, test.name)
			}
		})
	}
}

func imageKeys(t *testing.T) []string {
	t.Helper()

	var keys []string

	err := fs.WalkDir(demo.Media(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			keys = append(keys, name)
		}

		return err
	})
	if err != nil {
		t.Fatalf("walk media: %v", err)
	}

	return keys
}

func TestImagesAreSafeDrawings(t *testing.T) {
	t.Parallel()

	for _, key := range imageKeys(t) {
		t.Run(path.Base(key), func(t *testing.T) {
			t.Parallel()

			data, err := fs.ReadFile(demo.Media(), key)
			if err != nil {
				t.Fatal(err)
			}

			if len(data) >= maxImageBytes {
				t.Errorf("%d bytes, want fewer than %d", len(data), maxImageBytes)
			}

			if fault := drawingFault(data); fault != "" {
				t.Error(fault)
			}
		})
	}
}

// TestDrawingFaultFindsPlantedFaults proves that the check of the drawings
// would notice what it forbids.
func TestDrawingFaultFindsPlantedFaults(t *testing.T) {
	t.Parallel()

	const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800"><title>A mug</title>`

	tests := []struct {
		name, image string
		faulty      bool
	}{
		{"clean", open + `<g transform="scale(2)"><path d="M0 0H8" fill="#fff"/></g></svg>`, false},
		{"empty", ``, true},
		{"unclosed", open, true},
		{"attribute twice", open + `<rect x="1" x="2"/></svg>`, true},
		{"second root", open + `</svg>` + open + `</svg>`, true},
		{"no title", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800"></svg>`, true},
		{"other view box", strings.Replace(open, "800 800", "80 80", 1) + `</svg>`, true},
		{"other root", `<g></g>`, true},
		{"script", open + `<script>1</script></svg>`, true},
		{"style", open + `<style>@import "a.css";</style></svg>`, true},
		{"text", open + `<text>a</text></svg>`, true},
		{"image", open + `<image width="1"/></svg>`, true},
		{"link", open + `<g href="#a"/></svg>`, true},
		{"old link", open + `<g xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#a"/></svg>`, true},
		{"handler", open + `<g onclick="a()"/></svg>`, true},
		{"reference", open + `<g fill="url(https://example.com/a#b)"/></svg>`, true},
		{"inline style", open + `<g style="fill:red"/></svg>`, true},
		{"doctype", `<!DOCTYPE svg>` + open + `</svg>`, true},
		{"instruction", `<?xml-stylesheet href="a.css"?>` + open + `</svg>`, true},
	}

	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			if fault := drawingFault([]byte(test.image)); (fault != "") != test.faulty {
				t.Errorf("fault %q, want one: %t", fault, test.faulty)
			}
		})
	}
}

// drawingFault says what keeps an image from being a self-contained drawing, or
// nothing. Elements and attributes are compared with what a flat drawing needs,
// so that a form of script or reference not thought of here is refused too.
func drawingFault(data []byte) string {
	decoder := xml.NewDecoder(bytes.NewReader(data))
	depth, roots, titles := 0, 0, 0

	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}

		if err != nil {
			return "not well formed: " + err.Error()
		}

		switch tok := token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}

			if tok.Name.Local == "title" {
				titles++
			}

			if fault := elementFault(tok, depth == 0); fault != "" {
				return fault
			}

			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
		default:
			return "only elements and text are allowed"
		}
	}

	if roots != 1 || titles != 1 {
		return "want one root element and one title"
	}

	return ""
}

func elementFault(element xml.StartElement, root bool) string {
	name := element.Name.Local
	allowed := []string{"title", "g", "rect", "circle", "ellipse", "path"}

	if root != (name == "svg") || (!root && !slices.Contains(allowed, name)) {
		return "element " + name + " is not allowed here"
	}

	if element.Name.Space != "http://www.w3.org/2000/svg" {
		return "element " + name + " is not SVG"
	}

	seen := map[xml.Name]bool{}

	for _, attr := range element.Attr {
		if seen[attr.Name] {
			return "attribute " + attr.Name.Local + " stands twice"
		}

		seen[attr.Name] = true

		if fault := attributeFault(attr, root); fault != "" {
			return fault
		}
	}

	if root && !seen[xml.Name{Local: "viewBox"}] {
		return "the root has no viewBox"
	}

	return ""
}

func attributeFault(attr xml.Attr, root bool) string {
	allowed := []string{
		"x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "d", "fill", "opacity", "transform",
		"stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray", "stroke-dashoffset",
	}
	if root {
		allowed = []string{"xmlns", "viewBox", "role"}
	}

	switch name := attr.Name.Local; {
	case attr.Name.Space != "" || !slices.Contains(allowed, name):
		return "attribute " + name + " is not allowed"
	case name == "viewBox" && attr.Value != "0 0 800 800":
		return "viewBox " + attr.Value
	case name != "xmlns" && strings.ContainsAny(attr.Value, `:/\@`), strings.Contains(attr.Value, "url("):
		return "attribute " + name + " refers to something else: " + attr.Value
	default:
		return ""
	}
}
