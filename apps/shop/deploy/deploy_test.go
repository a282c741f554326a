// Package deploy_test holds the delivery files against the program that they deliver.
package deploy_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// read reads a file.
func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// found are the first groups of all matches, each once, sorted.
func found(text, pattern string) []string {
	var out []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// shop runs the program with nothing but these variables in its environment.
func shop(env map[string]string, args ...string) (code int, out, err string) {
	var stdout, stderr strings.Builder
	var environ []string
	for name, value := range env {
		environ = append(environ, name+"="+value)
	}
	code = cli.Run(args, cli.Process{
		Stdout: &stdout, Stderr: &stderr, Getenv: func(name string) string { return env[name] }, Environ: func() []string { return environ },
	})
	return code, stdout.String(), stderr.String()
}

// secrets runs the script that makes them, and gives their folder.
func secrets(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "secrets")
	out, err := exec.CommandContext(t.Context(), "./secrets.sh", folder).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return folder
}

// TestProductionTakesWhatComposeGives runs the settings of compose.yaml, with the secrets that its script makes, through
// the program: every variable is a setting, and none is refused.
func TestProductionTakesWhatComposeGives(t *testing.T) {
	t.Parallel()
	text, folder := read(t, "compose.yaml"), secrets(t)
	env := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^ +((?:SHOP|DATABASE)_[A-Z_]+): (.+)$`).FindAllStringSubmatch(text, -1) {
		value := strings.Trim(regexp.MustCompile(`\$\{[A-Z_]+:-([^}]*)\}`).ReplaceAllString(m[2], "$1"), `"`)
		env[m[1]] = strings.Replace(value, "/run/secrets", folder, 1)
	}
	if len(env) < 8 || env["SHOP_PRODUCTION"] != "true" {
		t.Fatalf("not the environment of compose.yaml: %v", env)
	}
	code, out, errs := shop(env, "config")
	if code != cli.ExitDone || !strings.Contains(out, "All settings are good.") {
		t.Fatalf("%d %s", code, errs)
	}
	for line := range strings.Lines(errs) { // The folder is not the one that container engines keep closed.
		if !strings.Contains(line, "every user of this machine may read the secret in "+folder) {
			t.Errorf("%s", line)
		}
	}
	for _, name := range found(text, `(?m)^  ([a-z_]+): \{file:`) {
		secret := strings.TrimSpace(read(t, filepath.Join(folder, name)))
		if len(secret) < 20 || strings.Contains(out+errs, secret) {
			t.Errorf("%s is short or shown", name)
		}
	}
}

func TestSecretsAreMadeOnceAndForTheOwnerAlone(t *testing.T) {
	t.Parallel()
	first, second := secrets(t), secrets(t)
	names := found(read(t, "compose.yaml"), `(?m)^  ([a-z_]+): \{file:`)
	if len(names) != 5 {
		t.Fatalf("%v", names)
	}
	for _, name := range names {
		text := read(t, filepath.Join(first, name))
		if text == read(t, filepath.Join(second, name)) {
			t.Errorf("%s is the same each time", name)
		}
		if out, err := exec.CommandContext(t.Context(), "./secrets.sh", first).CombinedOutput(); err != nil || strings.Contains(string(out), "made") || read(t, filepath.Join(first, name)) != text {
			t.Errorf("%s was made anew: %v %s", name, err, out)
		}
	}
	if info, err := os.Stat(first); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", info.Mode(), err)
	}
}

// TestEnvExampleListsWhatComposeReads, and says what compose.yaml does without.
func TestEnvExampleListsWhatComposeReads(t *testing.T) {
	t.Parallel()
	text, example := read(t, "compose.yaml"), read(t, ".env.example")
	// What builds the image is no setting of who runs it.
	builds := []string{"COMPOSE_PROJECT_NAME", "GO_IMAGE", "SHOP_VERSION"}
	for _, m := range regexp.MustCompile(`\$\{([A-Z_]+):-([^}]*)\}`).FindAllStringSubmatch(text, -1) {
		if !slices.Contains(builds, m[1]) && !strings.Contains(example, fmt.Sprintf("# %s=%s", m[1], m[2])) {
			t.Errorf(".env.example does not say %s=%s", m[1], m[2])
		}
	}
	for _, name := range found(example, `(?m)^# ([A-Z_]+)=`) {
		if !strings.Contains(text, "${"+name+":-") {
			t.Errorf("compose.yaml does not read %s", name)
		}
	}
}

// TestComposeWaitsForTheShopToEnd: who is killed in the middle of its drain loses requests.
func TestComposeWaitsForTheShopToEnd(t *testing.T) {
	t.Parallel()
	graces := found(read(t, "compose.yaml"), `(?m)^    stop_grace_period: ([0-9]+s)$`)
	if len(graces) != 1 {
		t.Fatalf("%v", graces)
	}
	grace, err := time.ParseDuration(graces[0])
	if err != nil {
		t.Fatal(err)
	}
	if need := 2*time.Second + compose.ShutdownTime + 2*time.Second; grace < need {
		t.Errorf("%s is shorter than drain and shutdown, %s", grace, need)
	}
}

// TestImageIsMadeOfTheProgramAlone looks at what reaches the builder: an entry that is forgotten here would put secrets
// or tests into a layer.
func TestImageIsMadeOfTheProgramAlone(t *testing.T) {
	t.Parallel()
	text := read(t, "../../../.dockerignore")
	lines := strings.Split(strings.TrimSpace(text), "\n")
	lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "#") })
	if lines[0] != "*" || !slices.Contains(lines, "apps/shop/deploy/") {
		t.Errorf("%q", lines)
	}
	for _, want := range []string{"USER 65532:65532", "CGO_ENABLED=0", "-trimpath", `CMD ["/shop", "health"]`, "ENTRYPOINT [\"/shop\"]"} {
		if !strings.Contains(read(t, "Dockerfile"), want) {
			t.Errorf("the Dockerfile does not say %s", want)
		}
	}
}

// TestScriptsParse, with the shell that runs them.
func TestScriptsParse(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("*.sh")
	if err != nil || len(scripts) < 3 {
		t.Fatalf("%v %v", scripts, err)
	}
	limit, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, name := range scripts {
		if out, err := exec.CommandContext(limit, "bash", "-n", name).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
