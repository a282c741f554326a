package cli

import (
	"errors"
	"os"
	"strings"
)

// secretMax is how large a file with one secret may be.
const secretMax = 64 << 10

// readSecret reads a secret from a file, without the line end that editors and echo put behind it. Its error is what is
// wrong, without the file's name and with nothing of what is in it.
func readSecret(name string) (string, error) {
	data, err := readAtMost(name, secretMax)
	if err != nil {
		return "", err
	}
	text := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	if strings.TrimSpace(text) == "" {
		return "", errors.New("is empty")
	}
	return text, nil
}

// mounted are the folders in which container engines put secrets for nobody but the container's own processes; they
// make them readable for all of these.
var mounted = []string{"/run/secrets/", "/var/run/secrets/"}

// readableByAll tells of the files of secrets which every user of the machine may read.
func readableByAll(names []string) []string {
	var out []string
	for _, name := range names {
		own := false
		for _, folder := range mounted {
			own = own || strings.HasPrefix(name, folder)
		}
		if info, err := os.Stat(name); err == nil && info.Mode().Perm()&0o004 != 0 && !own {
			out = append(out, name)
		}
	}
	return out
}
