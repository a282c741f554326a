package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

func TestHelpListsEverything(t *testing.T) {
	t.Parallel()
	code, out, err := run(t, nil, "--help")
	if code != cli.ExitDone || err != "" {
		t.Fatalf("%d %q", code, err)
	}
	for _, want := range []string{
		"serve ", "migrate up ", "migrate down ", "migrate status ", "migrate verify ", "import products ", "admin create ", "openapi ", "version ",
		"--listen=127.0.0.1:8080 ", "$PORT", "--drain=", "2s; 0s on a terminal", "--migrate ", "--seed=FILE", "--currency=GBP", "--locale=en-GB",
		"--country=GB", "--production ", "--log-level=info", "--store=", "--sqlite-file=shop.db", "--database-url=", "$DATABASE_URL", "--conns=0", "--commit-group=64",
		"--commit-loops=2", "--payments=", "(manual,test;", "--token-keys=", "--lease=15s", "--format=text", "--report=FILE", "--config=FILE",
		"--yes", "--admin-email=EMAIL", "$SHOP_ADMIN_API_KEY", "$SHOP_RATE_SIGNIN", "--mail=log|DIR", "$SHOP_LISTEN", "$SHOP_CONFIG", "130 interrupted",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(out, "$SHOP_YES") || strings.Contains(out, "$SHOP_HELP") {
		t.Error("a variable says what only an argument may")
	}
	for line := range strings.Lines(out) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 100 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestHelpOfACommandListsItsOwnSettings(t *testing.T) {
	t.Parallel()
	tests := []struct{ args, with, without string }{
		{"serve --help", "Usage: shop serve [FLAGS]\n|--listen|--store|--config", "--format|Commands"},
		{"import products --help", "Usage: shop import products [FLAGS] FILE\n|Arguments\n|--report|--currency", "--listen|--yes"},
		{"migrate --help", "Usage: shop migrate COMMAND [FLAGS]\n|migrate down|--yes|--format", "--listen"},
		{"migrate down --help", "--yes|--database-url", "--commit-group"},
		{"version --help", "Usage: shop version [FLAGS]\n|Print the version.", "--store"},
	}
	for _, test := range tests {
		code, out, _ := run(t, nil, strings.Fields(test.args)...)
		if code != cli.ExitDone {
			t.Errorf("%s: %d", test.args, code)
		}
		for want := range strings.SplitSeq(test.with, "|") {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %q in %s", test.args, want, out)
			}
		}
		for never := range strings.SplitSeq(test.without, "|") {
			if strings.Contains(out, never) {
				t.Errorf("%s: %q in %s", test.args, never, out)
			}
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	code, out, err := run(t, nil, "version")
	if fields := strings.Fields(out); code != cli.ExitDone || err != "" || len(fields) != 4 || fields[0] != "shop" || !strings.HasPrefix(fields[2], "go1.") {
		t.Errorf("%d %q %q", code, out, err)
	}
}

func TestOpenAPIIsTheDocument(t *testing.T) {
	t.Parallel()
	code, out, err := run(t, nil, "openapi")
	var document struct {
		OpenAPI string
		Paths   map[string]map[string]json.RawMessage
	}
	if e := json.Unmarshal([]byte(out), &document); code != cli.ExitDone || err != "" || e != nil || !strings.HasPrefix(document.OpenAPI, "3.1.") {
		t.Fatalf("%d %q %v %s", code, err, e, document.OpenAPI)
	}
	for path, method := range map[string]string{
		"/api/v1/products": "get", "/api/v1/carts": "post", "/api/v1/carts/{cart}/checkout": "post", "/health": "get", "/health/ready": "get",
	} {
		if document.Paths[path][method] == nil {
			t.Errorf("no %s %s", method, path)
		}
	}
}

// TestWrongUse looks at what is said: one line that names the setting, where it came from and the rule, and code 2.
func TestWrongUse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		env  map[string]string
		args string
		want []string
	}{
		{"flag", nil, "serve --foo", []string{"unknown flag --foo", "shop --help"}},
		{"command", nil, "frobnicate", []string{"frobnicate", "shop --help"}},
		{"half a command", nil, "import", []string{`expected one of "products", "orders"`, "shop --help"}},
		{"no file", nil, "import products", []string{"<file>", "shop --help"}},
		{"no value", nil, "serve --listen", []string{"--listen", "shop --help"}},
		{"number", nil, "serve --commit-group many", []string{"--commit-group", "many"}},
		{"time", nil, "serve --lease soon", []string{"--lease", "soon"}},
		{"number of a variable", map[string]string{"SHOP_CONNS": "x"}, "serve", []string{"--conns", "set by SHOP_CONNS"}},
		{"time of a variable", map[string]string{"SHOP_DRAIN": "x"}, "", []string{"--drain", "set by SHOP_DRAIN"}},
		{"truth of a variable", map[string]string{"SHOP_PRODUCTION": "perhaps"}, "", []string{"--production", "set by SHOP_PRODUCTION"}},
		{"no file of sqlite", nil, "--sqlite-file=", []string{"setting --sqlite-file", "the name of a file"}},
		{"store of a variable", map[string]string{"SHOP_STORE": "cloud"}, "", []string{"setting --store", "memory, sqlite or postgres", "set by SHOP_STORE"}},
		{"port", map[string]string{"PORT": "http"}, "", []string{"setting --listen", "set by PORT"}},
		{"database of a variable", map[string]string{"DATABASE_URL": "mysql://u:secret@h/d"}, "", []string{"setting --database-url", "set by DATABASE_URL"}},
		{"test provider in production", map[string]string{"DATABASE_URL": "postgres://h/d"}, "--production --payments test --token-keys " + goodKeys, []string{"--payments", "production refuses"}},
		{"keys in production", map[string]string{"DATABASE_URL": "postgres://h/d"}, "--production", []string{"--token-keys", "production needs"}},
		{"memory in production", nil, "--store memory --production --token-keys " + goodKeys, []string{"--store", "production refuses memory"}},
		{"anywhere in production", nil, "--production --token-keys " + goodKeys, []string{"--store", "production wants to be told"}},
		{"seed", nil, "--seed /nowhere/x.csv", []string{"setting --seed", "/nowhere/x.csv", "no such file"}},
		{"seed that is a folder", nil, "--seed /", []string{"setting --seed", "is a directory"}},
		{"import into memory", nil, "import products x.csv --store memory", []string{"import needs a store that lasts", "--database-url"}},
		{"import of nothing", map[string]string{"DATABASE_URL": "postgres://127.0.0.1:1/d"}, "import products /nowhere/x.csv", []string{"/nowhere/x.csv", "no such file"}},
		{"import of a folder", map[string]string{"DATABASE_URL": "postgres://127.0.0.1:1/d"}, "import products /", []string{"/ cannot be read", "is a directory"}},
		{"report", map[string]string{"DATABASE_URL": "postgres://h/d"}, "import products x --report /nowhere/r", []string{"setting --report", "/nowhere/r"}},
		{"format", map[string]string{"SHOP_FORMAT": "xml"}, "migrate status --database-url postgres://h/d", []string{"setting --format", "text or json", "SHOP_FORMAT"}},
		{"no database", nil, "migrate up --store postgres", []string{"setting --database-url", "postgres://"}},
		{"memory has no schema", nil, "migrate up --store memory", []string{"memory has no schema", "--store sqlite"}},
		{"down", nil, "migrate down --database-url postgres://h/d", []string{"say --yes"}},
		{"down by a variable", map[string]string{"SHOP_YES": "true"}, "migrate down --database-url postgres://h/d", []string{"say --yes"}},
		{"a flag for a value", nil, "serve --drain --migrate", []string{"--drain", "shop --help"}},
		{"config", nil, "serve --config /nowhere/c.json", []string{"/nowhere/c.json", "no such file"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, out, err := run(t, test.env, strings.Fields(test.args)...)
			if code != cli.ExitUsage || out != "" {
				t.Errorf("%d, on standard output %q", code, out)
			}
			if warning, rest, found := strings.Cut(err, "\n"); found && strings.HasPrefix(warning, "shop: warning: ") {
				err = rest
			}
			lines := strings.Split(strings.TrimSpace(err), "\n")
			if len(lines) > 2 || len(lines) == 2 && !strings.HasPrefix(lines[1], "Run ") || !strings.HasPrefix(err, "shop: ") {
				t.Errorf("not one line: %s", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err, want) {
					t.Errorf("no %q in %s", want, err)
				}
			}
			if strings.Contains(err, "secret") {
				t.Errorf("a password in %s", err)
			}
		})
	}
}

func TestConfigIsStrict(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"listen": "x"`:           "no JSON object",
		`[]`:                       "no JSON object",
		`{} {}`:                    "goes on",
		`{"listne": ":1"}`:         `"listne" is no setting`,
		`{"yes": true}`:            `"yes" is no setting`,
		`{"config": "x"}`:          `"config" is no setting`,
		`{"listen": {"port": 1}}`:  `"listen": is a text`,
		`{"payments": ["test",1]}`: `"payments": a list holds texts`,
		`{"conns": 1.5}`:           "--conns",
		`{"currency": "gbp"}`:      "setting --currency",
	} {
		code, _, err := run(t, nil, "serve", "--config", config(t, text))
		if code != cli.ExitUsage || !strings.Contains(err, want) {
			t.Errorf("%s: %d %s", text, code, err)
		}
	}
	if _, _, err := run(t, map[string]string{"SHOP_CONFIG": config(t, `{"store": "x"}`)}); !strings.Contains(err, `shop.json:1 to "x")`) {
		t.Errorf("%s", err)
	}
}

// config writes a file of settings.
func config(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "shop.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
