package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// flagsOnly are the flags that say something about one run, so they are read from the arguments alone.
var flagsOnly = []string{"help", "yes", "live", "url", "timeout"}

// variables are the environment variables of a flag, in the order in which they are looked at.
func variables(flag string) []string {
	own := "SHOP_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
	switch {
	case slices.Contains(flagsOnly, flag):
		return nil
	case flag == "database-url":
		return []string{own, "DATABASE_URL"}
	case flag == "otlp-endpoint":
		return []string{own, "OTEL_EXPORTER_OTLP_ENDPOINT"}
	case flag == "listen":
		return []string{own, "PORT"}
	}
	return []string{own}
}

// isSecret tells whether a flag's value is never shown. Its variables have a twin with _FILE behind the name.
func isSecret(flag *kong.Flag) bool { return flag.Tag.Has("secret") }

// fromEnvironment looks a flag up in its variables, and a secret in the files that its variables name.
func (s *sources) fromEnvironment(flag *kong.Flag) (value, from string, found bool) {
	var plain, files []string
	for _, name := range variables(flag.Name) {
		if s.getenv(name) != "" {
			plain = append(plain, name)
		}
		if isSecret(flag) && s.getenv(name+"_FILE") != "" {
			files = append(files, name+"_FILE")
		}
	}
	switch {
	case len(files) > 0 && len(plain)+len(files) > 1:
		s.wrong(flag.Name, "set once: "+strings.Join(append(plain, files...), " and ")+" are both there", origin{})
		return "", "", false
	case len(files) == 1:
		name := s.getenv(files[0])
		text, err := readSecret(name)
		if err != nil {
			s.wrong(flag.Name, fmt.Sprintf("%s %s", name, err), origin{from: files[0]})
			return "", "", false
		}
		s.secret = append(s.secret, name)
		return text, files[0] + ", " + name, true
	case len(plain) > 0:
		if value = s.getenv(plain[0]); plain[0] == "PORT" {
			value = ":" + value
		}
		return value, plain[0], true
	}
	return "", "", false
}
