package main

import (
	"context"
	"fmt"
	"strings"
)

// record commits the rewritten modules and tags them in order. When a tag fails those made before it are taken back.
func record(ctx context.Context, root, tree, version string, tags []string) error {
	message := "Release " + version + "\n\nThe modules name each other by version instead of by replace."
	if _, err := git(ctx, tree, "commit", "--quiet", "--message", message); err != nil {
		return err
	}
	commit, err := git(ctx, tree, "rev-parse", "HEAD")
	if err != nil {
		return err
	}
	for i, tag := range tags {
		if _, err := git(ctx, root, "tag", "--annotate", "--message", tag, tag, commit); err != nil {
			if i > 0 {
				_, _ = git(context.WithoutCancel(ctx), root, append([]string{"tag", "--delete"}, tags[:i]...)...)
			}
			return err
		}
		fmt.Println("tagged", tag)
	}
	fmt.Printf("push them in this order, so that each finds what it requires:\n  git push origin %s\n", strings.Join(tags, "\n  git push origin "))
	return nil
}
