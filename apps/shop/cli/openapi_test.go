package cli_test

import (
	"os"
	"regexp"
	"testing"
)

// keptDocument is the API's document in the repository: for those who generate clients, and what a change is held
// against.
const keptDocument = "../../../docs/openapi.json"

var documentVersion = regexp.MustCompile(`(?m)^    "version": "[^"]*"$`)

// TestOpenAPIDocumentIsKept holds docs/openapi.json against what the program prints, but for its version. With
// COMMERCE_UPDATE it writes the file, as make generate does.
func TestOpenAPIDocumentIsKept(t *testing.T) {
	t.Parallel()
	code, out, stderr := run(t, nil, "openapi")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	if got := len(documentVersion.FindAllString(out, -1)); got != 1 {
		t.Fatalf("%d versions", got)
	}
	out = documentVersion.ReplaceAllString(out, `    "version": "unreleased"`)
	if os.Getenv("COMMERCE_UPDATE") != "" {
		if err := os.WriteFile(keptDocument, []byte(out), 0o644); err != nil { //nolint:gosec // a document for everybody
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(keptDocument)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != out {
		t.Error("docs/openapi.json is stale: run make generate")
	}
}
