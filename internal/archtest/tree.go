package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Module is the path of the core module; every other module of the repository stands below it, in the folder of the
// same name.
const Module = "github.com/ipswich-retail/commerce"

// Tree is the parsed source of the repository, over all its modules.
type Tree struct {
	Fset  *token.FileSet
	Files []*File           // Every Go file, tests included, in order of their paths.
	Texts map[string]string // go.mod, go.work and Markdown files by path.
}

// File is one Go file.
type File struct {
	Path      string // From the repository's root, with slashes.
	AST       *ast.File
	Lines     int
	Test      bool // Its name ends in _test.go.
	Generated bool // It says so in the way of the go command.
}

// Folder is where the file stands, from the repository's root; "." is the root itself.
func (f *File) Folder() string { return path.Dir(f.Path) }

// Base is the file's own name.
func (f *File) Base() string { return path.Base(f.Path) }

// Load parses what stands below the root of fsys. Folders that the go command ignores are left out, and so are
// node_modules. It fails when a file cannot be read or is not Go.
func Load(fsys fs.FS) (*Tree, error) {
	t := &Tree{Fset: token.NewFileSet(), Texts: map[string]string{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && ignored(d.Name()):
			return fs.SkipDir
		case d.IsDir():
			return nil
		default:
			return t.add(fsys, name)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("archtest: load: %w", err)
	}
	slices.SortFunc(t.Files, func(a, b *File) int { return strings.Compare(a.Path, b.Path) })
	return t, nil
}

func ignored(folder string) bool {
	return folder != "." && strings.ContainsAny(folder[:1], "._") ||
		slices.Contains([]string{"testdata", "node_modules", "vendor"}, folder)
}

func (t *Tree) add(fsys fs.FS, name string) error {
	isGo := strings.HasSuffix(name, ".go")
	isText := strings.HasSuffix(name, ".md") || path.Base(name) == "go.mod" || name == "go.work"
	if !isGo && !isText {
		return nil
	}
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if isText {
		t.Texts[name] = string(src)
		return nil
	}
	parsed, err := parser.ParseFile(t.Fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	t.Files = append(t.Files, &File{
		Path: name, AST: parsed, Lines: bytes.Count(src, []byte("\n")),
		Test: strings.HasSuffix(name, "_test.go"), Generated: ast.IsGenerated(parsed),
	})
	return nil
}

// finding words a violation with its place.
func (t *Tree) finding(at token.Pos, format string, args ...any) string {
	p := t.Fset.Position(at)
	return fmt.Sprintf("%s:%d: %s", p.Filename, p.Line, fmt.Sprintf(format, args...))
}
