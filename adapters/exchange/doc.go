// Package exchange reads the files that shops move in with, and writes those that they move out with. It is pure: a reader
// goes in, values come out, nothing is kept anywhere and nothing is fetched.
//
// Open takes a file of products in one of four formats and gives a Source, which goes through it pass by pass: Check judges
// all of it, Each gives one thing after the other. ReadShopify and its siblings do both in memory, for small files. NewWriter
// writes our own formats, which say all that can be exchanged.
//
// What is given has the shape that package bridge imports: Product is an alias of the same struct type as
// bridge.ImportProduct, so what one gives the other takes. The two packages do not import each other; that the shapes are
// equal is checked by the compiler wherever an application hands one to the other.
//
// A file is accepted whole or refused whole. A refused one gives a *FileError that lists what is wrong, each with its
// line, column, code and reason.
package exchange
