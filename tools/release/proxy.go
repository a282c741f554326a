package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	"golang.org/x/mod/zip"
)

// publish rewrites every module of the staged tree for the version and lays it out in the folder as a module proxy
// serves it.
func publish(staged, proxy, version string) ([]aModule, error) {
	all, err := modules(staged)
	if err != nil {
		return nil, err
	}
	known := sums{}
	for _, m := range all {
		if err := rewrite(staged, m, version, known); err != nil {
			return nil, err
		}
		if known[m.path], err = publishOne(staged, proxy, m, version); err != nil {
			return nil, fmt.Errorf("publish %s: %w", m.path, err)
		}
	}
	return all, nil
}

// publishOne writes one module's list, info, mod and zip, and gives its go.sum lines.
func publishOne(staged, proxy string, m aModule, version string) ([]string, error) {
	folder := filepath.Join(proxy, m.path, "@v")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	goMod, err := os.ReadFile(filepath.Join(staged, m.dir, "go.mod"))
	if err != nil {
		return nil, err
	}
	info, err := json.Marshal(map[string]any{"Version": version, "Time": time.Unix(0, 0).UTC()})
	if err != nil {
		return nil, err
	}
	for name, text := range map[string][]byte{"list": []byte(version + "\n"), version + ".info": info, version + ".mod": goMod} {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
			return nil, err
		}
	}
	archive := filepath.Join(folder, version+".zip")
	if err := writeZip(archive, staged, m, version); err != nil {
		return nil, err
	}
	whole, err := dirhash.HashZip(archive, dirhash.Hash1)
	if err != nil {
		return nil, err
	}
	alone, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(string(goMod))), nil
	})
	if err != nil {
		return nil, err
	}
	return []string{
		fmt.Sprintf("%s %s %s", m.path, version, whole),
		fmt.Sprintf("%s %s/go.mod %s", m.path, version, alone),
	}, nil
}

// writeZip packs a module as the go command would from the repository: without modules nested in it, and with the
// repository's licence where it has none.
func writeZip(archive, staged string, m aModule, version string) (err error) {
	dir := filepath.Join(staged, m.dir)
	if own := filepath.Join(dir, "LICENSE"); m.dir != "." {
		if _, err := os.Stat(own); os.IsNotExist(err) {
			defer func() { _ = os.Remove(own) }()
			if err := copyFile(filepath.Join(staged, "LICENSE"), own); err != nil {
				return fmt.Errorf("licence: %w", err)
			}
		}
	}
	out, err := os.Create(archive)
	if err != nil {
		return err
	}
	err = zip.CreateFromDir(out, module.Version{Path: path.Clean(m.path), Version: version}, dir)
	if closed := out.Close(); err == nil {
		err = closed
	}
	return err
}
