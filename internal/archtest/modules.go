package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// outsideWorkspace are the modules that go.work leaves out: tools pins programs whose hundreds of dependencies must not
// decide the versions of ours.
var outsideWorkspace = []string{"tools"}

// Modules checks that the core requires nothing, that each module's path follows its folder, and that go.work ties
// them together.
func Modules(t *Tree) []string {
	var found []string
	used := usedByWorkspace(t.Texts["go.work"])
	for name, text := range t.Texts {
		if path.Base(name) != "go.mod" {
			continue
		}
		folder, want := path.Dir(name), Module
		if folder != "." {
			want += "/" + folder
		}
		words := strings.Fields(text)
		if i := slices.Index(words, "module"); i < 0 || i+1 >= len(words) || words[i+1] != want {
			found = append(found, name+": the module's path must be "+want)
		}
		if folder == "." && slices.Contains(words, "require") {
			found = append(found, "go.mod: the core requires nothing; put the technology into a module of its own")
		}
		if in, out := slices.Contains(used, folder), slices.Contains(outsideWorkspace, folder); in == out {
			found = append(found, fmt.Sprintf("%s: in go.work is %t and must be %t", name, in, !out))
		}
	}
	slices.Sort(found)
	return found
}

// usedByWorkspace gives the folders that go.work names.
func usedByWorkspace(text string) []string {
	var out []string
	for word := range strings.FieldsSeq(text) {
		if word == "." || strings.HasPrefix(word, "./") {
			out = append(out, path.Clean(word))
		}
	}
	return out
}
