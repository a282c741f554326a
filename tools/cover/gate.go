package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// run reads everything and gives a table of the packages; an error names all that is too low.
func run(list string, profiles []string, f floors) (string, error) {
	folders, err := readList(list)
	if err != nil {
		return "", err
	}
	if len(profiles) == 0 {
		return "", errors.New("name the profiles")
	}
	p := profile{}
	for _, name := range profiles {
		if err := p.read(name); err != nil {
			return "", err
		}
	}
	return gate(p, folders, f)
}

// readList reads the packages that count, and their folders.
func readList(name string) (map[string]string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for line := range strings.Lines(string(data)) {
		importPath, folder, found := strings.Cut(strings.TrimSpace(line), " ")
		if !found {
			return nil, fmt.Errorf("%s: %q is no import path with its folder", name, line)
		}
		out[importPath] = folder
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s lists no package", name)
	}
	return out, nil
}

// gate adds up and judges.
func gate(p profile, folders map[string]string, f floors) (string, error) {
	shares, total := map[string]share{}, share{}
	for b, t := range p {
		name := b.importPath()
		if _, counts := folders[name]; !counts {
			continue
		}
		s := shares[name]
		s.statements += t.statements
		total.statements += t.statements
		if t.reached {
			s.reached += t.statements
			total.reached += t.statements
		}
		shares[name] = s
	}
	var table strings.Builder
	var low []error
	for _, name := range slices.Sorted(maps.Keys(folders)) {
		s, met := shares[name]
		if !met {
			// No test program contains it, so no profile tells how much there is to reach.
			has, err := hasCode(folders[name])
			if err != nil {
				return table.String(), err
			}
			if has {
				low = append(low, fmt.Errorf("%s is in no test", name))
			}
		}
		fmt.Fprintf(&table, "%s %%  %6d  %s\n", s, s.statements, name)
		if strings.Contains(name, "/domain/") && s.below(f.domain) {
			low = append(low, fmt.Errorf("%s has %s %%, and a package of the domain needs %d", name, strings.TrimSpace(s.String()), f.domain))
		}
	}
	fmt.Fprintf(&table, "%s %%  %6d  all\n", total, total.statements)
	if total.below(f.all) {
		low = append(low, fmt.Errorf("all together have %s %%, and need %d", strings.TrimSpace(total.String()), f.all))
	}
	return table.String(), errors.Join(low...)
}
