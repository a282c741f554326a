package integration_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/testing/containers"
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run keeps the shop's binary for as long as the tests need it.
func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "commerce-integration-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	shopBinary = sync.OnceValues(func() (string, error) { return buildProgram(folder) })
	code := containers.Main(m)
	if err := os.RemoveAll(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	return code
}

// shopBinary builds the shop once and gives its path.
var shopBinary func() (string, error)

// buildProgram builds with the go command that runs the tests, in the shop's own module. Where the tests count what they
// reach, so does the program: most of what the whole does is reached there alone.
func buildProgram(folder string) (string, error) {
	path := filepath.Join(folder, "shop")
	args := []string{"build", "-o", path}
	if mode := testing.CoverMode(); mode != "" {
		args = append(args, "-cover", "-covermode="+mode, "-coverpkg=github.com/ipswich-retail/commerce/...")
		reached := flag.Lookup("test.gocoverdir").Value.String()
		if reached == "" {
			reached = folder // Nobody asks for it, but a program without a place complains of that in its log.
		}
		if err := os.Setenv("GOCOVERDIR", reached); err != nil {
			return "", err
		}
	}
	cmd := exec.Command("go", append(args, "./shop")...) //nolint:noctx // Built for all tests, it ends with none.
	cmd.Dir = filepath.Join("..", "..", "apps")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
}
