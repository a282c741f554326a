package cli_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

// goodKeys are token keys that production takes.
const goodKeys = "k1:8jqA2YyVUZbq0mAKkZ1TqXn6nqfLkHn2dW8i4aTgq0E="

// row is how a setting of serve is tried: a value that is good, with what else it needs, and one that is bad.
type row struct {
	good  string
	needs []string // Arguments.
	shows string   // What config shows of the good value; itself when empty.
	bad   string   // "" where no value is bad by itself.
	rule  string   // Words of the rule that the bad value breaks.
}

// rows are all settings of serve. A setting without one fails TestEverySetting.
var rows = map[string]row{
	"listen":          {good: "127.0.0.1:9999", bad: "8080", rule: "HOST:PORT"},
	"drain":           {good: "5s", bad: "-1s", rule: "from 0s to 10m"},
	"max-requests":    {good: "64", bad: "7", rule: "from 8 to"},
	"cache-size":      {good: "8", bad: "-1", rule: "of MiB from 0 to"},
	"cache-age":       {good: "2s", bad: "1h", rule: "from 0s to 1m"},
	"max-connections": {good: "512", bad: "15", rule: "from 16 to"},
	"migrate":         {good: "true", bad: "perhaps", rule: "true or false"},
	"seed":            {good: "products.csv"},
	"currency":        {good: "EUR", bad: "eur", rule: "ISO 4217"},
	"locale":          {good: "de-DE", bad: "German", rule: "BCP 47"},
	"country":         {good: "DE", bad: "de", rule: "ISO 3166-1"},
	"production":      {good: "false", bad: "maybe", rule: "true or false"},
	"log-level":       {good: "debug", bad: "loud", rule: "debug, info, warn or error"},
	"store":           {good: "memory", bad: "cloud", rule: "memory, sqlite or postgres"},
	"database-url":    {good: "postgres://u:hidden-1@h/d", bad: "postgres://u:hidden-2@h:port/d", rule: "cannot be read"},
	"direct-url":      {good: "postgres://u:hidden-1@h/d", needs: []string{"--database-url", "postgres://h/d"}, bad: "postgres://u:hidden-2@h:port/d", rule: "cannot be read"},
	"sqlite-file":     {good: "elsewhere.db", bad: "folder/", rule: "the name of a file"},
	"conns":           {good: "16", bad: "many", rule: "a whole number"},
	"commit-group":    {good: "8", bad: "0", rule: "from 1 to 1024"},
	"commit-loops":    {good: "1", bad: "65", rule: "from 1 to 64"},
	"payments":        {good: "manual", bad: "gold", rule: "manual and test"},
	"token-keys":      {good: goodKeys, bad: "k1:hidden-2", rule: "ID:BASE64"},
	"lease":           {good: "20s", bad: "soon", rule: "a time"},
	"admin-email":     {good: "owner@example.org", needs: []string{"--admin-password", "hidden-1 long and unlikely"}, bad: "owner", rule: "an e-mail address"},
	"admin-password":  {good: "hidden-1 long and unlikely", needs: []string{"--admin-email", "owner@example.org"}, bad: "hidden2", rule: "8 characters"},
	"admin-api-key":   {good: "hidden-1-of-an-operator", bad: "hidden-2", rule: "22 characters"},
	"rate-mail":       {good: "5/1h", bad: "often", rule: "COUNT/TIME"},
	"rate-signin":     {good: "5/1h", bad: "often", rule: "COUNT/TIME"},
	"mail":            {good: "log"},
	"site":            {good: "https://shop.example", bad: "shop.example", rule: "https://"},
	"hash-memory":     {good: "32768", bad: "31", rule: "from 32 to 65536"},
	"trusted-proxies": {good: "10.0.0.0/8", bad: "everybody", rule: "networks such as"},
	"rate-checkout":   {good: "5/1h", bad: "often", rule: "COUNT/TIME"},
	"rate-carts":      {good: "600/10m", bad: "often", rule: "COUNT/TIME"},
	"origins":         {good: "https://shop.example", bad: "https://shop.example/", rule: "without a slash at the end"},
	"otlp-endpoint":   {good: "http://localhost:4318", bad: "localhost", rule: "http"},
	"trace-ratio":     {good: "0.5", bad: "2", rule: "from 0 to 1"},
	"slow-query":      {good: "1s", bad: "2h", rule: "from 0s to 1m"},
}

// shown is one setting in what config prints as JSON.
type shown struct {
	Name, Value, From string
	Secret, Set       bool
}

// configured runs config and gives what it shows.
func configured(t *testing.T, env map[string]string, args ...string) map[string]shown {
	t.Helper()
	code, out, text := run(t, env, append([]string{"config", "--format", "json"}, args...)...)
	if code != cli.ExitDone || text != "" {
		t.Fatalf("%v: %d %s", args, code, text)
	}
	var report struct{ Settings []shown }
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out, "hidden") || strings.Contains(out, goodKeys) {
		t.Errorf("a secret in %s", out)
	}
	all := map[string]shown{}
	for _, s := range report.Settings {
		all[s.Name] = s
	}
	return all
}

// TestEverySetting tries each setting of serve from each source.
func TestEverySetting(t *testing.T) {
	t.Parallel()
	all := configured(t, nil)
	for name := range rows {
		if _, found := all[name]; !found {
			t.Errorf("%s has a row and is no setting", name)
		}
	}
	for name, setting := range all {
		row, found := rows[name]
		if !found {
			t.Errorf("%s has no row: say how it is tried", name)
			continue
		}
		if setting.Set || setting.From != "default" {
			t.Errorf("%s is set by nobody and told as %+v", name, setting)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, source := range sourcesOf(name, setting.Secret) {
				good := source.with(t, row.good)
				if row.shows == "" && !setting.Secret {
					row.shows = row.good
				}
				got := configured(t, good.env, append(good.args, row.needs...)...)[name]
				if got.Value != row.shows || !got.Set || !strings.HasPrefix(got.From, good.from) {
					t.Errorf("%s: %+v, want %q from %s", source.name, got, row.shows, good.from)
				}
				if row.bad == "" {
					continue
				}
				bad := source.with(t, row.bad)
				code, out, text := run(t, bad.env, append([]string{"serve"}, append(bad.args, row.needs...)...)...)
				line := regexp.MustCompile(`(?m)^shop: setting --` + name + `: .*` + regexp.QuoteMeta(row.rule) + `.*\(set by ` + regexp.QuoteMeta(bad.from) + `.*\)$`)
				if code != cli.ExitUsage || out != "" || !line.MatchString(text) || strings.Contains(text, "hidden") {
					t.Errorf("%s: %d %q %s", source.name, code, out, text)
				}
				if !setting.Secret && !strings.Contains(text, `to "`) {
					t.Errorf("%s: the value is not shown: %s", source.name, text)
				}
			}
		})
	}
}

// source is a way to set a setting.
type source struct {
	name string
	with func(t *testing.T, value string) given
}

// given is a setting given in one way.
type given struct {
	args []string
	env  map[string]string
	from string // How messages call it, or how that begins.
}

// sourcesOf are all ways to set a setting.
func sourcesOf(name string, secret bool) []source {
	variable := "SHOP_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	out := []source{
		{"flag", func(_ *testing.T, value string) given {
			return given{args: []string{"--" + name + "=" + value}, from: "its flag"}
		}},
		{"variable", func(_ *testing.T, value string) given {
			return given{env: map[string]string{variable: value}, from: variable}
		}},
		{"file", func(t *testing.T, value string) given {
			t.Helper()
			text, err := json.Marshal(map[string]string{name: value})
			if err != nil {
				t.Fatal(err)
			}
			file := config(t, "\n\n"+string(text))
			return given{args: []string{"--config", file}, from: file + ":3"}
		}},
	}
	if secret {
		out = append(out, source{"file of its own", func(t *testing.T, value string) given {
			t.Helper()
			file := secretFile(t, value+"\n")
			return given{env: map[string]string{variable + "_FILE": file}, from: variable + "_FILE, " + file}
		}})
	}
	return out
}

// secretFile writes a file with a secret.
func secretFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestNamesOfSecretsAreSecret finds a setting that looks like a secret and would be shown.
func TestNamesOfSecretsAreSecret(t *testing.T) {
	t.Parallel()
	secret := regexp.MustCompile(`password|secret|token|key|database|direct|dsn|credential`)
	for name, s := range configured(t, nil) {
		if secret.MatchString(name) != s.Secret {
			t.Errorf("%s: secret is %t", name, s.Secret)
		}
	}
}

// TestAllThatIsWrongIsTold: nobody wants to mend a setting, start again and hear of the next one.
func TestAllThatIsWrongIsTold(t *testing.T) {
	t.Parallel()
	file := config(t, "{\n  \"currency\": \"gbp\",\n  \"lease\": \"soon\",\n  \"listne\": \":1\"\n}")
	code, out, text := run(t, map[string]string{
		"SHOP_CONNS": "many", "SHOP_COUNTRY": "gb", "SHOP_CONFIG": file, "SHOP_ADMIN_API_KEY": "hidden", "SHOP_TOKEN_KEYS_FILE": "/nowhere/keys",
	}, "--listen", "8080", "--drain=-1s", "--commit-loops", "0x")
	if code != cli.ExitUsage || out != "" || strings.Contains(text, "hidden") {
		t.Errorf("%d %q %s", code, out, text)
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	want := []string{
		`shop: ` + file + `:4: "listne" is no setting; did you mean listen?; a setting has the name of its flag, without the dashes before it`,
		`shop: setting --commit-loops: a whole number (set by its flag to "0x")`,
		`shop: setting --conns: a whole number (set by SHOP_CONNS to "many")`,
		`shop: setting --country: two capital letters of ISO 3166-1, such as GB (set by SHOP_COUNTRY to "gb")`,
		`shop: setting --currency: three capital letters of ISO 4217, such as GBP (set by ` + file + `:2 to "gbp")`,
		`shop: setting --drain: a time from 0s to 10m, such as 2s (set by its flag to "-1s")`,
		`shop: setting --lease: a time, such as 2s, 15m or 1h30m (set by ` + file + `:3 to "soon")`,
		`shop: setting --listen: HOST:PORT, such as 127.0.0.1:8080 or :8080 (set by its flag to "8080")`,
		`shop: setting --admin-api-key: 22 characters or more (set by SHOP_ADMIN_API_KEY)`,
		`shop: setting --token-keys: /nowhere/keys cannot be read: no such file or directory (set by SHOP_TOKEN_KEYS_FILE)`,
	}
	slices.Sort(lines)
	slices.Sort(want)
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

func TestFilesOfSecrets(t *testing.T) {
	t.Parallel()
	good := "a long and unlikely password"
	for _, test := range []struct{ name, text, want string }{
		{"plain", good, ""},
		{"line", good + "\n", ""},
		{"line of another system", good + "\r\n", ""},
		{"empty", "", "is empty"},
		{"empty line", "\n", "is empty"},
		{"blank", " \n", "is empty"},
		{"as large as can be", good + "\n" + strings.Repeat("x", 64<<10-len(good)-1), "1024 characters"}, // Read, and then refused by the rule of passwords.
		{"too large", strings.Repeat("x", 64<<10+1), "is larger than 64 KiB"},
	} {
		file := secretFile(t, test.text)
		code, _, text := run(t, map[string]string{"SHOP_ADMIN_EMAIL": "o@example.org", "SHOP_ADMIN_PASSWORD_FILE": file}, "config")
		if wrong := test.want != ""; wrong != (code == cli.ExitUsage) || wrong && (!strings.Contains(text, test.want) || !strings.Contains(text, file)) || strings.Contains(text, "xxx") {
			t.Errorf("%s: %d %s", test.name, code, text)
		}
	}
	file := secretFile(t, goodKeys)
	for want, env := range map[string]map[string]string{
		"is a directory":       {"SHOP_TOKEN_KEYS_FILE": t.TempDir()},
		"no such file":         {"SHOP_TOKEN_KEYS_FILE": file + "x"},
		"SHOP_TOKEN_KEYS and ": {"SHOP_TOKEN_KEYS_FILE": file, "SHOP_TOKEN_KEYS": goodKeys},
		"DATABASE_URL and SHOP_DATABASE_URL_FILE are both there":           {"SHOP_DATABASE_URL_FILE": file, "DATABASE_URL": "postgres://h/d"},
		"SHOP_DATABASE_URL_FILE and DATABASE_URL_FILE are both there":      {"SHOP_DATABASE_URL_FILE": file, "DATABASE_URL_FILE": file},
		"begins with postgres:// (or say --store postgres too, or --store": {"DATABASE_URL_FILE": file},
	} {
		if code, _, text := run(t, env, "config"); code != cli.ExitUsage || !strings.Contains(text, want) || strings.Contains(text, goodKeys) {
			t.Errorf("%s: %d %s", want, code, text)
		}
	}
	got := configured(t, map[string]string{"DATABASE_URL_FILE": secretFile(t, "postgres://h/d\n")})
	if got["store"].Value != "postgres" || !strings.HasPrefix(got["database-url"].From, "DATABASE_URL_FILE, ") {
		t.Errorf("%+v", got["database-url"])
	}
	// A flag goes before both.
	if got := configured(t, map[string]string{"SHOP_TOKEN_KEYS_FILE": "/nowhere"}, "--token-keys", goodKeys)["token-keys"]; got.From != "its flag" {
		t.Errorf("%+v", got)
	}
}

func TestSecretsThatAllMayReadAreTold(t *testing.T) {
	t.Parallel()
	file := secretFile(t, goodKeys)
	env := map[string]string{"SHOP_TOKEN_KEYS_FILE": file, "SHOP_PRODUCTION": "true", "DATABASE_URL": "postgres://h/d"}
	if code, _, text := run(t, env, "config"); code != cli.ExitDone || text != "" {
		t.Errorf("%d %s", code, text)
	}
	if err := os.Chmod(file, 0o644); err != nil { //nolint:gosec // What is tested.
		t.Fatal(err)
	}
	if code, _, text := run(t, env, "config"); code != cli.ExitDone || !strings.HasPrefix(text, "shop: warning: every user of this machine may read the secret in "+file) {
		t.Errorf("%d %s", code, text)
	}
	env["SHOP_PRODUCTION"] = "false"
	if code, _, text := run(t, env, "config"); code != cli.ExitDone || text != "" {
		t.Errorf("outside production: %d %s", code, text)
	}
}

func TestSlipsInNamesOfVariablesAreTold(t *testing.T) {
	t.Parallel()
	env := map[string]string{
		"SHOP_LISTN": ":1", "SHOP_SITE_FILE": "x", "SHOP_YES": "true", "SHOP_COLOUR_OF_THE_DOOR": "green", "SHOP_LISTNE": "",
		"SHOP_SERVICE_HOST": "10.0.0.1", "SHOP_SERVICE_PORT_HTTP": "80", "SHOP_PORT": "tcp://10.0.0.1:80", "SHOP_PORT_80_TCP_ADDR": "10.0.0.1",
		"SHOP_FORMAT": "text", "DATABASE_URL_FIEL": "x", "PATH": "/bin",
	}
	code, _, text := run(t, env, "config")
	want := "shop: warning: SHOP_COLOUR_OF_THE_DOOR does nothing: there is no such setting\n" +
		"shop: warning: SHOP_LISTN does nothing: there is no such setting; did you mean SHOP_LISTEN?\n" +
		"shop: warning: SHOP_SITE_FILE does nothing: SHOP_SITE is no secret and not read from a file of its own\n" +
		"shop: warning: SHOP_YES does nothing: --yes is taken from arguments alone\n"
	if code != cli.ExitDone || text != want {
		t.Errorf("%d\n%s", code, text)
	}
	// A start that is refused tells them too: the slip may be why.
	code, _, text = run(t, map[string]string{"SHOP_TOKN_KEYS": goodKeys, "SHOP_PRODUCTION": "true", "DATABASE_URL": "postgres://h/d"})
	if code != cli.ExitUsage || !strings.Contains(text, "did you mean SHOP_TOKEN_KEYS?") || !strings.Contains(text, "setting --token-keys: production needs") {
		t.Errorf("%d %s", code, text)
	}
	// While serving they are lines of the log like all others.
	c, _ := serve(t, map[string]string{"SHOP_LISTEN": "127.0.0.1:0", "SHOP_DRIAN": "1s"})
	for line := range strings.Lines(c.err.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
	c.err.wait(t, "did you mean SHOP_DRAIN?")
}

// TestConfigReadsWell looks at the text for people.
func TestConfigReadsWell(t *testing.T) {
	t.Parallel()
	code, out, text := run(t, map[string]string{"DATABASE_URL": "postgres://u:hidden@h/d", "SHOP_DRAIN": "5s"}, "config", "--currency", "EUR")
	if code != cli.ExitDone || text != "" || strings.Contains(out, "hidden") {
		t.Fatalf("%d %s %s", code, out, text)
	}
	for _, want := range []string{
		`(?m)^Server\n  listen +127\.0\.0\.1:8080 +default$`, `(?m)^  drain +5s +SHOP_DRAIN$`, `(?m)^  currency +EUR +its flag$`,
		`(?m)^  database-url +\(not shown\) +DATABASE_URL$`, `(?m)^  store +postgres +default$`, `(?m)^  token-keys +- +default$`,
		`(?m)^  rate-signin +10/15m +default$`, `(?m)^  rate-checkout +120/1m +default$`, `\nAll settings are good\.\n$`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

// TestHelpShowsEveryGroup: a setting of a group that help does not know would be shown nowhere.
func TestHelpShowsEveryGroup(t *testing.T) {
	t.Parallel()
	_, help, _ := run(t, nil, "--help")
	_, text, _ := run(t, nil, "config")
	for name := range configured(t, nil) {
		if !strings.Contains(help, "\n  --"+name) {
			t.Errorf("--help does not list %s", name)
		}
		if !strings.Contains(text, "\n  "+name+" ") {
			t.Errorf("config does not show %s", name)
		}
	}
}

func TestReadConfigNamesLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{\n\"listen\": \":1\",\n\"listen\": \":2\"}": `:3: "listen" stands there twice`,
		"{\n\"listen\": [\n1]}":                       `:2: "listen": a list holds texts`,
		"{\n\n\"listen\" \":1\"}":                     `:3: is no JSON object`,
		"{\"listen\": \":1\"\n\n":                     `:1: is no JSON object of settings: it ends too soon`,
		"":                                            `:1: is no JSON object of settings: it ends too soon`,
		"{}\n\n7":                                     `:3: goes on behind`,
		"\ufeff{}":                                    `:1: is no JSON object`,
	} {
		if code, _, got := run(t, nil, "config", "--config", config(t, text)); code != cli.ExitUsage || !strings.Contains(got, want) {
			t.Errorf("%q: %d %s", text, code, got)
		}
	}
	large := config(t, "{"+strings.Repeat(" ", 1<<20)+"}")
	if code, _, got := run(t, nil, "config", "--config", large); code != cli.ExitUsage || !strings.Contains(got, "is larger than 1024 KiB") {
		t.Errorf("%d %s", code, got)
	}
	if _, err := os.Stat(large); errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
