package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/mod/semver"
)

// cut makes the release commit of the repository that holds dir on top of its present one and tags every module on it, the core first. Version 2 and up
// would need other module paths.
func cut(ctx context.Context, dir, version string, dry bool) error {
	if semver.Canonical(version) != version || semver.Build(version) != "" || (semver.Major(version) != "v0" && semver.Major(version) != "v1") {
		return fmt.Errorf("%q is no version like v0.1.0", version)
	}
	root, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	if err := ready(ctx, root, version); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "release-cut-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	tree := filepath.Join(work, "tree")
	if _, err := git(ctx, root, "worktree", "add", "--quiet", "--detach", tree, "HEAD"); err != nil {
		return err
	}
	defer func() {
		// The context may be over; the worktree must go all the same.
		_, _ = git(context.WithoutCancel(ctx), root, "worktree", "remove", "--force", tree)
	}()
	published, err := publish(tree, filepath.Join(work, "proxy"), version)
	if err != nil {
		return err
	}
	// With go.sum files that are new.
	if _, err := git(ctx, tree, "add", "--all"); err != nil {
		return err
	}
	var tags []string
	for _, m := range published {
		tags = append(tags, m.tag(version))
	}
	if dry {
		changed, err := git(ctx, tree, "diff", "--cached", "--stat")
		fmt.Printf("would commit:\n%s\nwould tag, in this order:\n  %s\n", changed, strings.Join(tags, "\n  "))
		return err
	}
	return record(ctx, root, tree, version, tags)
}

// ready tells what stands in the way of the release: uncommitted work, a changelog without it, a tag that exists.
func ready(ctx context.Context, root, version string) error {
	dirty, err := git(ctx, root, "status", "--porcelain")
	if err != nil {
		return err
	}
	if dirty != "" {
		return fmt.Errorf("commit or put away first what git status shows:\n%s", dirty)
	}
	changes, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	heading := regexp.MustCompile(`(?m)^## .*\b` + regexp.QuoteMeta(strings.TrimPrefix(version, "v")) + `\b`)
	if !heading.Match(changes) {
		return fmt.Errorf("CHANGELOG.md has no heading for %s; move what is unreleased below one", version)
	}
	if err := keptDocument(root); err != nil {
		return err
	}
	exists, err := git(ctx, root, "tag", "--list", version, "*/"+version)
	if err != nil {
		return err
	}
	if exists != "" {
		return fmt.Errorf("released already:\n%s", exists)
	}
	return nil
}

// keptDocument demands that the document of the API which later changes are held against is the one that is released.
func keptDocument(root string) error {
	present, err := os.ReadFile(filepath.Join(root, "docs", "openapi.json"))
	if err != nil {
		return err
	}
	released, err := os.ReadFile(filepath.Join(root, "docs", "openapi.released.json"))
	if err != nil {
		return err
	}
	if !bytes.Equal(present, released) {
		return errors.New("docs/openapi.released.json is not docs/openapi.json: copy it and commit, once oasdiff finds the change harmless")
	}
	return nil
}
