package fiberhttp_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

func TestMedia(t *testing.T) {
	t.Parallel()
	s := newShop(t, func(o *fiberhttp.Options) {
		o.Media = fstest.MapFS{
			"mugs/blue mug.png": {Data: []byte("\x89PNG blue")},
			"photo.jpg":         {Data: []byte("jpeg")},
			"notes.txt":         {Data: []byte("secret")},
			"folder.png/a.svg":  {Data: []byte("<svg/>")},
		}
	})
	for target, want := range map[string]struct {
		status int
		kind   string
		body   string
	}{
		"/media/mugs/blue%20mug.png":         {200, "image/png", "\x89PNG blue"},
		"/media/mugs%2Fblue%20mug.png":       {200, "image/png", "\x89PNG blue"},
		"/media/photo.jpg":                   {200, "image/jpeg", "jpeg"},
		"/media/folder.png/a.svg":            {200, "image/svg+xml", "<svg/>"},
		"/media/none.png":                    {404, "", ""},
		"/media/notes.txt":                   {404, "", ""},
		"/media/folder.png":                  {404, "", ""},
		"/media/":                            {404, "", ""},
		"/media":                             {404, "", ""},
		"/media/../media_test.png":           {404, "", ""},
		"/media/%2e%2e/media_test.png":       {404, "", ""},
		"/media/..%2f..%2fphoto.jpg":         {404, "", ""},
		"/media//photo.jpg":                  {404, "", ""},
		"/media/%2fetc/photo.jpg":            {404, "", ""},
		"/media/mugs/..%5c..%5cphoto.jpg":    {404, "", ""},
		"/media/drawn/../photo.jpg":          {404, "", ""},
		"/media/drawn/Mug.svg":               {404, "", ""},
		"/media/drawn/%3Cscript%3E.svg":      {404, "", ""},
		"/media/drawn/mug.png":               {404, "", ""},
		"/media/drawn/.svg":                  {404, "", ""},
		"/media/drawn/a--b.svg":              {404, "", ""},
		"/media/drawn/x.svg.svg":             {404, "", ""},
		"/media/drawn/" + long(201) + ".svg": {404, "", ""},
	} {
		got := s.call(t, http.MethodGet, target, "")
		if got.status != want.status {
			t.Errorf("%s: %d, want %d", target, got.status, want.status)
			continue
		}
		if want.status == 404 {
			checkProblem(t, got, "not_found", "")
			continue
		}
		if got.header.Get("Content-Type") != want.kind || string(got.body) != want.body ||
			got.header.Get("Cache-Control") != "public, max-age=31536000, immutable" || got.header.Get("ETag") == "" ||
			!strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %v %q", target, got.header, got.body)
		}
	}
}

func long(n int) string { return strings.Repeat("x", n) }

func TestDrawnImages(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	first := s.call(t, http.MethodGet, "/media/drawn/blue-stoneware-mug.svg", "")
	if first.status != 200 || first.header.Get("Content-Type") != "image/svg+xml" || !bytes.Contains(first.body, []byte(">BM<")) ||
		first.header.Get("Cache-Control") != "public, max-age=86400" {
		t.Errorf("%d %v %s", first.status, first.header, first.body)
	}
	if again := newShop(t).call(t, http.MethodGet, "/media/drawn/blue-stoneware-mug.svg", ""); !bytes.Equal(first.body, again.body) {
		t.Error("another server draws it differently")
	}
	different := make(map[string]bool)
	for _, slug := range []string{"a", "b", "mug", "tea-pot", "oak-board", "linen-apron", "jam-jar-3", "wool-socks", "x1", "quay-print"} {
		image := fiberhttp.Draw(slug)
		different[string(image)] = true
		decoder := xml.NewDecoder(bytes.NewReader(image))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", slug, err)
			}
		}
	}
	if len(different) != 10 {
		t.Errorf("%d different images of 10", len(different))
	}
}
