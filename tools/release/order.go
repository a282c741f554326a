package main

import (
	"fmt"
	"maps"
	"slices"
)

// ordered puts modules behind those that they require, otherwise by path; that is the core, adapters, apps.
func ordered(byPath map[string]aModule) ([]aModule, error) {
	var out []aModule
	const visiting, done = 1, 2
	state := map[string]int{}
	var visit func(name string) error
	visit = func(name string) error {
		switch state[name] {
		case visiting:
			return fmt.Errorf("modules require each other in a circle at %s", name)
		case done:
			return nil
		}
		state[name] = visiting
		m := byPath[name]
		for _, required := range m.mod.Require {
			if _, ours := byPath[required.Mod.Path]; !ours {
				continue
			}
			if err := visit(required.Mod.Path); err != nil {
				return err
			}
		}
		state[name] = done
		out = append(out, m)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(byPath)) {
		if err := visit(name); err != nil {
			return nil, err
		}
	}
	return out, nil
}
