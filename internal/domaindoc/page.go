package domaindoc

import (
	"fmt"
	"regexp"
	"strings"
)

// File is the page, from the repository's root.
const File = "docs/domain.md"

// block is a machine's place in the page: its marker, the diagram and the end.
var block = regexp.MustCompile(`(?s)<!-- machine (\w+\.\w+) -->\n.*?<!-- end -->`)

// Fill writes the diagrams of the machines into their places. Errors: a place of no machine, a machine with no place or
// with two.
func Fill(page string, machines []Machine) (string, error) {
	places := map[string]int{}
	byName := map[string]Machine{}
	for _, m := range machines {
		byName[m.Name] = m
	}
	var unknown []string
	out := block.ReplaceAllStringFunc(page, func(old string) string {
		name := block.FindStringSubmatch(old)[1]
		places[name]++
		m, known := byName[name]
		if !known {
			unknown = append(unknown, name)
			return old
		}
		return fmt.Sprintf("<!-- machine %s -->\n```mermaid\n%s```\n<!-- end -->", name, m.Diagram)
	})
	if len(unknown) > 0 {
		return "", fmt.Errorf("%s has places for machines that are not there: %s", File, strings.Join(unknown, ", "))
	}
	for _, m := range machines {
		if places[m.Name] != 1 {
			return "", fmt.Errorf("%s has %d places for %s, not one", File, places[m.Name], m.Name)
		}
	}
	return out, nil
}
