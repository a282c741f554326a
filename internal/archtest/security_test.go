package archtest_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ipswich-retail/commerce/internal/archtest"
)

// TestSecurityPage holds docs/security.md against the ids of OWASP ASVS 5.0, levels 1 and 2.
func TestSecurityPage(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/asvs-5.0-level-2.txt")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := archtest.Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range archtest.Security(tree, strings.Fields(string(text))) {
		t.Error(finding)
	}
}

func TestSecurityPageIsHeldToItsRules(t *testing.T) {
	t.Parallel()
	tree, err := archtest.Load(fstest.MapFS{
		"a_test.go": {Data: []byte("package a\n\nfunc TestThere() {}\n\nfunc FuzzThere() {}\n")},
		archtest.SecurityFile: {Data: []byte(strings.Join([]string{
			"| V1.1.1 | met | in the place where it is met | `TestThere`, `FuzzThere` |",
			"| V1.1.2, V2.* | operator | the operator sees to it, as docs/deploy.md says | |",
			"| V3.1.1 | met | in the place where it is met | |",
			"| V3.1.2 | met | in the place where it is met | `TestNowhere` |",
			"| V3.1.3 | maybe | in the place where it is met | `TestThere` |",
			"| V3.1.4 | not met | no | |",
			"| V3.1.4 | no such part | nothing of the kind is here | |",
			"| V9.9.9 | no such part | nothing of the kind is here | |",
		}, "\n"))},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := archtest.Security(tree, []string{"V1.1.1", "V1.1.2", "V2.1.1", "V2.1.2", "V3.1.1", "V3.1.2", "V3.1.3", "V3.1.4", "V4.1.1"})
	want := []string{
		"docs/security.md:3: what is met names the test that shows it",
		"docs/security.md:4: there is no test TestNowhere",
		`docs/security.md:5: the standing "maybe" is none of ["met" "partly" "operator" "not met" "no such part"]`,
		"docs/security.md:6: the third column says where, or why not",
		"docs/security.md:8: V9.9.9 is no requirement of the level",
		"docs/security.md: V3.1.4 has 2 rows, not one",
		"docs/security.md: V4.1.1 has 0 rows, not one",
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
