package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// shopFolder is the server's, from the root.
const shopFolder = "apps/shop"

// checkShop builds every staged module by itself, then installs the shop as a stranger would and asks its version.
func checkShop(ctx context.Context, staged, work string, env []string) error {
	all, err := modules(staged)
	if err != nil {
		return err
	}
	for _, m := range all {
		// The release's own go.sum must suffice: nothing may be added to it.
		frozen := append(append([]string{}, env...), "GOFLAGS=-mod=readonly -modcacherw")
		if _, err := command(ctx, filepath.Join(staged, m.dir), frozen, "go", "build", "-o", os.DevNull, "./..."); err != nil {
			return fmt.Errorf("the release's %s does not build: %w", m.path, err)
		}
	}
	if _, err := os.Stat(filepath.Join(staged, shopFolder)); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no %s to install", shopFolder)
	}
	// It works outside of any module. The cache is a new one: with the core of the same version in it, the go command
	// looks for the package there and not in its nested module.
	fresh := append(append([]string{}, env...), "GOFLAGS=-modcacherw", "GOMODCACHE="+filepath.Join(work, "modcache-shop"))
	if _, err := command(ctx, work, fresh, "go", "install", core+"/"+shopFolder+"@"+checkVersion); err != nil {
		return err
	}
	out, err := command(ctx, work, nil, filepath.Join(work, "bin", "shop"), "version")
	if err != nil {
		return err
	}
	if !strings.Contains(out, strings.TrimPrefix(checkVersion, "v")) {
		return fmt.Errorf("the installed shop says %q for its version, which is %s", out, checkVersion)
	}
	fmt.Println("release-check: the shop installs and tells its version")
	return nil
}
