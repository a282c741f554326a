// Package demo holds the small catalogue a newcomer sees when the shop starts
// without a product file: the goods of an invented waterfront shop in Ipswich,
// with prices in pounds sterling and drawn images that the shop serves itself.
package demo

import (
	"embed"
	"io/fs"
	"path"
)

// mediaRoot is the embedded folder below which paths equal media keys.
const mediaRoot = "media"

//go:embed products.csv
var products string

//go:embed media
var media embed.FS

// Products returns the catalogue as a Shopify product CSV file: UTF-8, one row
// for each variant, prices in GBP. Image sources have the form media:KEY, where
// KEY opens a file of Media. Every call returns a fresh copy that the caller may
// change.
func Products() []byte {
	return []byte(products)
}

// Media returns the images of the catalogue, read-only and safe for concurrent
// use. Paths are media keys: the image of a product is demo/HANDLE.svg, an SVG
// drawing of 800 by 800 units without scripts or references to other files.
func Media() fs.FS {
	return mediaFS{}
}

// mediaFS shows the embedded files without the mediaRoot prefix. It stands in
// for fs.Sub, whose error could not occur here and would still need a branch.
type mediaFS struct{}

// Open opens the file or folder with the given media key. Errors are
// *fs.PathError values that name the key as the caller gave it.
func (mediaFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}

	file, err := media.Open(path.Join(mediaRoot, name))
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}

	return file, nil
}
