// Package local runs PostgreSQL from the binaries on this machine, in a temporary folder, for the time of a test process.
package local

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// folders lists where packages put PostgreSQL's server binaries when they are not on the PATH.
var folders = []string{
	"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu.
	"/usr/pgsql-*/bin",                                   // The PGDG's packages for Red Hat and its kin.
	"/usr/libexec/postgresql*",                           // Alpine.
	"/opt/homebrew/opt/postgresql@*/bin",                 // Homebrew on Apple silicon.
	"/usr/local/opt/postgresql@*/bin",                    // Homebrew on Intel.
	"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app.
}

// Find returns the folder that holds both initdb and postgres: dir if it is not empty, else the one on the PATH, else the
// highest version in the places where packages put it.
func Find(dir string) (string, error) {
	if dir != "" {
		if !complete(dir) {
			return "", fmt.Errorf("the folder %s does not hold PostgreSQL's initdb and postgres", dir)
		}
		return dir, nil
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		// The PATH may hold a link to this one binary, without its siblings.
		if target, err := filepath.EvalSymlinks(path); err == nil && complete(filepath.Dir(target)) {
			return filepath.Dir(target), nil
		}
	}
	var found []string
	for _, pattern := range folders {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			return "", fmt.Errorf("look for PostgreSQL in %s: %w", pattern, err)
		}
		found = append(found, slices.DeleteFunc(matches, func(dir string) bool { return !complete(dir) })...)
	}
	if len(found) == 0 {
		return "", fmt.Errorf("no PostgreSQL server binaries on the PATH or in %s", strings.Join(folders, ", "))
	}
	return slices.MaxFunc(found, func(a, b string) int { return cmp.Compare(version(a), version(b)) }), nil
}

func complete(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
			return false
		}
	}
	return true
}

// version reads the major version from a path such as /usr/lib/postgresql/15/bin; 0 if it names none.
func version(dir string) int {
	digits := strings.FieldsFunc(dir, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 0 {
		return 0
	}
	n, err := strconv.Atoi(digits[0])
	if err != nil {
		return 0
	}
	return n
}
