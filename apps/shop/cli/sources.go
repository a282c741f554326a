package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// sources are where settings come from that no flag says: the environment, then the file that --config names. Kong's
// own handling of the environment is not used, for it reads that of the process alone and takes "" for a value.
type sources struct {
	getenv func(string) string
	file   map[string]string // By flag; nil until it was read.
	origin map[string]string // Of each flag that was set here: a variable's or the file's name.
}

// flagsOnly are the flags that say something about one run, so they are read from the arguments alone.
var flagsOnly = []string{"help", "yes"}

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

// Validate does nothing: the file's name is not known yet.
func (s *sources) Validate(*kong.Application) error { return nil }

// Resolve gives the value of a flag that no argument sets, or nil.
func (s *sources) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	for _, name := range variables(flag.Name) {
		if value := s.getenv(name); value != "" {
			if name == "PORT" {
				value = ":" + value
			}
			return s.set(flag.Name, name, value), nil
		}
	}
	if value, found := s.file[flag.Name]; found {
		return s.set(flag.Name, "the file of --config", value), nil
	}
	return nil, nil //nolint:nilnil // Kong's way to say that nothing is set here.
}

func (s *sources) set(flag, origin, value string) string {
	if s.origin == nil {
		s.origin = map[string]string{}
	}
	s.origin[flag] = origin
	return value
}

// explain adds to an error about a flag where its value came from, when it was no argument.
func (s *sources) explain(err error) error {
	for flag, origin := range s.origin {
		for _, end := range []string{":", " ", "="} {
			if strings.Contains(err.Error(), "--"+flag+end) {
				return fmt.Errorf("%w (set by %s)", err, origin)
			}
		}
	}
	return err
}

// load reads the file, once.
func (s *sources) load(ctx *kong.Context) error {
	if s.file != nil {
		return nil
	}
	s.file = map[string]string{}
	name := s.getenv("SHOP_CONFIG")
	for _, path := range ctx.Path {
		if path.Flag != nil && path.Flag.Name == "config" {
			name, _ = ctx.FlagValue(path.Flag).(string)
		}
	}
	if name == "" {
		return nil
	}
	f, err := os.Open(name) //nolint:gosec // The operator names the file.
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if s.file, err = readConfig(f, ctx.Model); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// readConfig reads settings by flag name. One file serves all commands, so every command's settings are known; what
// is no setting of any is a slip and refused.
func readConfig(r io.Reader, app *kong.Application) (map[string]string, error) {
	values := map[string]any{}
	in := json.NewDecoder(r)
	in.UseNumber()
	if err := in.Decode(&values); err != nil {
		return nil, fmt.Errorf("is no JSON object of settings: %w", err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("goes on behind its JSON object")
	}
	known := settingNames(app.Node)
	out := make(map[string]string, len(values))
	for name, value := range values {
		if !known[name] {
			return nil, fmt.Errorf("%q is no setting; a setting has the name of its flag, without the dashes before it", name)
		}
		if value == nil {
			continue
		}
		text, err := configText(value)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", name, err)
		}
		out[name] = text
	}
	return out, nil
}

// settingNames are the flags that may stand in a file, of a command and those below it.
func settingNames(n *kong.Node) map[string]bool {
	out := map[string]bool{}
	for _, flag := range n.Flags {
		if flag.Name != "config" && !slices.Contains(flagsOnly, flag.Name) {
			out[flag.Name] = true
		}
	}
	for _, child := range n.Children {
		for name := range settingNames(child) {
			out[name] = true
		}
	}
	return out
}

// configText is a value as it would stand behind a flag.
func configText(value any) (string, error) {
	switch value := value.(type) {
	case string:
		return value, nil
	case bool, json.Number:
		return fmt.Sprint(value), nil
	case []any:
		parts := make([]string, len(value))
		for i, v := range value {
			text, ok := v.(string)
			if !ok {
				return "", errors.New("a list holds texts")
			}
			parts[i] = text
		}
		return strings.Join(parts, ","), nil
	}
	return "", errors.New("is a text, a number, true, false or a list of texts")
}
