package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

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

// shownMax is how much of a wrong value a message repeats.
const shownMax = 60

// explain tells of a setting that is wrong where its value came from.
func (s *sources) explain(err *compose.SettingError) string {
	o, found := s.origins[strings.TrimPrefix(err.Name, "--")]
	switch {
	case !found:
		return err.Error()
	case o.value == "":
		return fmt.Sprintf("%s (set by %s)", err, o.from)
	}
	value := []rune(o.value)
	if len(value) > shownMax {
		value = append(value[:shownMax], '…')
	}
	return fmt.Sprintf("%s (set by %s to %q)", err, o.from, string(value))
}

// refused are the lines that tell of an error: one for each setting or file in it that is wrong, or one for all of it.
func (s *sources) refused(err error) []string {
	var problems problemsError
	if errors.As(err, &problems) {
		var out []string
		for _, problem := range problems {
			out = append(out, s.refused(problem)...)
		}
		return out
	}
	settings := compose.SettingErrors(err)
	if len(settings) == 0 {
		return []string{oneLine(err)}
	}
	var out []string
	for _, wrong := range settings {
		out = append(out, strings.Join(strings.Fields(s.explain(wrong)), " "))
	}
	return out
}

// checker is a command that can judge its settings without doing anything.
type checker interface{ check() error }

// check gives what is wrong with the values that were read and, of those that could be read, with what the command
// would say of them; nothing when the command may run.
func (s *sources) check(ctx *kong.Context) problemsError {
	if len(s.problems) == 0 {
		return nil
	}
	found := problemsError(slices.Clone(s.problems))
	unread := map[string]bool{}
	for _, wrong := range compose.SettingErrors(found) {
		unread[wrong.Name] = true
	}
	if node := ctx.Selected(); node != nil && node.Target.CanAddr() {
		if c, ok := node.Target.Addr().Interface().(checker); ok {
			for _, wrong := range compose.SettingErrors(c.check()) {
				if !unread[wrong.Name] {
					found = append(found, wrong)
				}
			}
		}
	}
	return found
}

// warnings are what an operator should know of the settings before the command runs.
func (s *sources) warnings(ctx *kong.Context) *warnings {
	out := &warnings{}
	if s.environ != nil {
		out.lines = unknownVariables(s.environ(), ctx.Model.Node)
	}
	for _, flag := range ctx.Flags() {
		if production, _ := ctx.FlagValue(flag).(bool); flag.Name == "production" && production {
			for _, name := range readableByAll(s.secret) {
				out.lines = append(out.lines, fmt.Sprintf("every user of this machine may read the secret in %s: chmod 600, or 640 with a group", name))
			}
		}
	}
	return out
}

// warnings are lines that are told once.
type warnings struct{ lines []string }

// take gives them to whoever tells them.
func (w *warnings) take() []string {
	out := w.lines
	w.lines = nil
	return out
}

// print writes what was not told yet.
func (w *warnings) print(to io.Writer) {
	for _, line := range w.take() {
		fmt.Fprintln(to, "shop: warning:", line)
	}
}
