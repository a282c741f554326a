// Package exchange reads the files that shops move in with. It is pure: a reader goes in, values come out, nothing is
// written anywhere and nothing is fetched.
//
// ReadShopify reads Shopify's product CSV, as exported by any version of its admin since 2014 and as written by hand
// after its templates. What it gives has the shape that package bridge imports: Product is an alias of the same struct
// type as bridge.ImportProduct, so a slice of one is a slice of the other. The two packages do not import each other;
// that the shapes are equal is checked by the compiler wherever an application hands one to the other.
//
// A file is accepted whole or refused whole. A refused one gives a *FileError that lists what is wrong, each with its
// line, column, code and reason.
package exchange
