package cli

import (
	"fmt"

	"github.com/alecthomas/kong"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// sources are where settings come from that no flag says: the environment, then the file that --config names. Kong's
// own handling of the environment is not used, for it reads that of the process alone and takes "" for a value.
//
// What is wrong with a value is kept in problems instead of ending the reading, so that a start names all of it.
type sources struct {
	getenv  func(string) string
	environ func() []string

	loaded   bool
	fileName string
	file     map[string]fileValue // By flag.
	origins  map[string]origin    // Of each flag that was set.
	secret   []string             // The files that secrets were read from.
	problems []error
}

// origin is where a setting's value came from.
type origin struct {
	from  string // A variable, the line of a file, or the flag.
	value string // As it was written; "" for a secret.
}

// Validate does nothing: the file's name is not known yet.
func (s *sources) Validate(*kong.Application) error { return nil }

// Resolve gives the value of a flag that no argument sets, or nil.
func (s *sources) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	s.load(ctx)
	if value, from, found := s.fromEnvironment(flag); found {
		return s.set(flag, from, value), nil
	}
	if value, found := s.file[flag.Name]; found {
		return s.set(flag, fmt.Sprintf("%s:%d", s.fileName, value.line), value.text), nil
	}
	return nil, nil //nolint:nilnil // Kong's way to say that nothing is set here.
}

// set notes where a value came from.
func (s *sources) set(flag *kong.Flag, from, value string) string {
	if s.origins == nil {
		s.origins = map[string]origin{}
	}
	o := origin{from: from}
	if !isSecret(flag) {
		o.value = value
	}
	s.origins[flag.Name] = o
	return value
}

// wrong keeps what is wrong with a flag's value.
func (s *sources) wrong(flag, rule string, from origin) {
	if from.from != "" {
		if s.origins == nil {
			s.origins = map[string]origin{}
		}
		s.origins[flag] = from
	}
	s.problems = append(s.problems, &compose.SettingError{Name: "--" + flag, Rule: rule})
}

// arguments notes which flags the arguments set.
func (s *sources) arguments(ctx *kong.Context) {
	for _, path := range ctx.Path {
		if path.Flag == nil || path.Resolved {
			continue
		}
		if _, known := s.origins[path.Flag.Name]; !known {
			s.set(path.Flag, "its flag", fmt.Sprint(ctx.FlagValue(path.Flag)))
		}
	}
}
