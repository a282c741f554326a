package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// checkVersion is no version that anyone will release.
const checkVersion = "v0.0.0-release.check"

// check publishes the working tree to a proxy in a temporary folder, and uses it as strangers would.
func check(ctx context.Context) (err error) {
	root, err := git(ctx, ".", "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "release-check-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	staged, proxy := filepath.Join(work, "tree"), filepath.Join(work, "proxy")
	if err := stage(ctx, root, staged); err != nil {
		return err
	}
	published, err := publish(staged, proxy, checkVersion)
	if err != nil {
		return err
	}
	env, err := consumerEnv(ctx, work, proxy)
	if err != nil {
		return err
	}
	if err := checkDomainConsumer(ctx, filepath.Join(work, "consumer"), env); err != nil {
		return err
	}
	if err := checkShop(ctx, staged, work, env); err != nil {
		return err
	}
	fmt.Printf("release-check: %d modules can be released\n", len(published))
	return nil
}

// consumerEnv is the environment of a stranger who finds this version at the proxy. What the machine has downloaded of
// other modules is used again; the tree's own go.sum files have vouched for it, so no sum database is asked.
func consumerEnv(ctx context.Context, work, proxy string) ([]string, error) {
	out, err := command(ctx, work, []string{"GOWORK=off"}, "go", "env", "GOPROXY", "GOMODCACHE")
	if err != nil {
		return nil, err
	}
	upstream, cache, _ := strings.Cut(strings.TrimSpace(out), "\n")
	proxies := []string{"file://" + filepath.ToSlash(proxy), "file://" + filepath.ToSlash(filepath.Join(cache, "cache", "download")), upstream}
	return []string{
		"GOWORK=off", "GOFLAGS=-mod=mod -modcacherw", "GOPROXY=" + strings.Join(proxies, ","), "GOSUMDB=off",
		"GONOPROXY=none", "GOPRIVATE=", "GOMODCACHE=" + filepath.Join(work, "modcache"), "GOBIN=" + filepath.Join(work, "bin"),
	}, nil
}

// checkDomainConsumer builds a module that imports only domain/ordering: it gets one require and two modules.
func checkDomainConsumer(ctx context.Context, dir string, env []string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, text := range map[string]string{
		"go.mod":  "module example.com/consumer\n\ngo 1.26.0\n",
		"main.go": "package main\n\nimport _ \"" + core + "/domain/ordering\"\n\nfunc main() {}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	for _, args := range [][]string{{"get", core + "/domain/ordering@" + checkVersion}, {"mod", "tidy"}, {"build", "./..."}} {
		if _, err := command(ctx, dir, env, "go", args...); err != nil {
			return err
		}
	}
	graph, err := command(ctx, dir, env, "go", "list", "-m", "all")
	if err != nil {
		return err
	}
	goMod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return err
	}
	if n := strings.Count(string(goMod), core); n != 1 || strings.Contains(string(goMod), "indirect") {
		return fmt.Errorf("a consumer of domain/ordering has not exactly one require:\n%s", goMod)
	}
	if n := strings.Count(graph, "\n"); n != 2 {
		return fmt.Errorf("a consumer of domain/ordering has %d modules in its graph, not 2:\n%s", n, graph)
	}
	fmt.Println("release-check: a consumer of domain/ordering has one require and builds")
	return nil
}
