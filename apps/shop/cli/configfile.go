package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/alecthomas/kong"
)

// configMax is how large a file of settings may be; they are some dozens of short lines.
const configMax = 1 << 20

// fileValue is a setting in a file: its value as it would stand behind a flag, and where.
type fileValue struct {
	text string
	line int
}

// load reads the file that --config or SHOP_CONFIG names, once.
func (s *sources) load(ctx *kong.Context) {
	if s.loaded {
		return
	}
	s.loaded = true
	s.fileName = s.getenv("SHOP_CONFIG")
	for _, path := range ctx.Path {
		if path.Flag != nil && path.Flag.Name == "config" {
			s.fileName, _ = ctx.FlagValue(path.Flag).(string)
		}
	}
	if s.fileName == "" {
		return
	}
	data, err := readAtMost(s.fileName, configMax)
	if err != nil {
		s.problems = append(s.problems, fmt.Errorf("the file of settings %s %w", s.fileName, err))
		return
	}
	values, problems := readConfig(data, settingNames(ctx.Model.Node))
	s.file = values
	for _, p := range problems {
		s.problems = append(s.problems, fmt.Errorf("%s:%w", s.fileName, p))
	}
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

// readAtMost reads a file that is not larger than so many bytes. Its error is what is wrong, without the file's name.
func readAtMost(name string, most int64) ([]byte, error) {
	f, err := os.Open(name) //nolint:gosec // The operator names the file.
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", pathCause(err))
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", pathCause(err))
	}
	if info.IsDir() {
		return nil, errors.New("cannot be read: is a directory")
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot be read: %w", pathCause(err))
	case int64(len(data)) > most:
		return nil, fmt.Errorf("is larger than %d KiB", most>>10)
	}
	return data, nil
}
