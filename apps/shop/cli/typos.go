package cli

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// linked are the variables that Kubernetes and old Docker links set in every container beside a service named "shop".
var linked = regexp.MustCompile(`^SHOP_(SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?)$`)

// unknownVariables tells of every variable that looks like a setting and is none: a slip in a name must not silently
// leave a setting at its default.
func unknownVariables(environ []string, app *kong.Node) []string {
	known := map[string]bool{}
	knownVariables(app, known)
	var out []string
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		name, wanted := strings.CutSuffix(name, "_FILE")
		full := name + map[bool]string{true: "_FILE"}[wanted]
		if !strings.HasPrefix(name, "SHOP_") || value == "" || known[full] || linked.MatchString(full) {
			continue
		}
		switch flag := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(full, "SHOP_"), "_", "-")); {
		case slices.Contains(flagsOnly, flag):
			out = append(out, fmt.Sprintf("%s does nothing: --%s is taken from arguments alone", full, flag))
		case wanted && known[name]:
			out = append(out, fmt.Sprintf("%s does nothing: %s is no secret and not read from a file of its own", full, name))
		default:
			out = append(out, fmt.Sprintf("%s does nothing: there is no such setting%s", full, meant(full, known)))
		}
	}
	slices.Sort(out)
	return out
}

// knownVariables collects the variables of a command's flags and of those below it.
func knownVariables(n *kong.Node, into map[string]bool) {
	for _, flag := range n.Flags {
		for _, name := range variables(flag.Name) {
			into[name] = true
			if isSecret(flag) {
				into[name+"_FILE"] = true
			}
		}
	}
	for _, child := range n.Children {
		knownVariables(child, into)
	}
}

// meant asks whether the nearest known name was meant, if one is near.
func meant(name string, known map[string]bool) string {
	best, nearest := max(2, len(name)/4)+1, ""
	for candidate := range known {
		if d := distance(name, candidate); d < best || d == best && nearest != "" && candidate < nearest {
			best, nearest = d, candidate
		}
	}
	if nearest == "" {
		return ""
	}
	return "; did you mean " + nearest + "?"
}

// distance is how many characters must be put in, left out or replaced to make one text of the other.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
