package compose

import (
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
)

// distinctBytesMin is how many different bytes a random key has at the very least. Of 32 random bytes fewer than 26 are
// different once in a million times; a key of 32 random hexadecimal digits has fewer than 10 once in 5000 times, a typed
// pattern nearly always.
const distinctBytesMin = 10

// examples are the secrets that stand in documents and in people's fingers: whoever attacks a shop tries them first.
var examples = []string{
	"admin", "changeme", "default", "demo", "example", "letmein", "owner", "passw0rd", "password", "postgres", "qwerty", "secret", "shop", "test",
}

// isExample tells whether a secret is one that everybody knows. What joins such words, and digits behind them, do not
// make one better: change-me, Secret123, shop_password.
func isExample(secret string) bool {
	text := strings.ToLower(secret)
	for _, join := range []string{"-", "_", " ", ".", "!"} {
		text = strings.ReplaceAll(text, join, "")
	}
	text = strings.TrimRight(text, "0123456789")
	for text != "" {
		rest := text
		for _, word := range examples {
			rest = strings.TrimPrefix(rest, word)
		}
		if rest == text {
			return false
		}
		text = rest
	}
	return true
}

// checkProduction refuses what is for trying out only. Each setting's own Check has refused the memory store, the test
// provider and generated keys.
func (v ServeSettings) checkProduction(s Settings) []error {
	if !s.Production {
		return nil
	}
	var found []error
	if keys, err := v.Keys(); err == nil {
		for _, key := range keys {
			if patterned(string(key.Secret)) {
				found = append(found, wrong("--token-keys", "production refuses keys that are no random bytes: openssl rand -base64 32"))
				break
			}
		}
	}
	if v.AdminPassword != "" && isExample(v.AdminPassword) {
		found = append(found, wrong("--admin-password", "production refuses an example's password; choose one that nobody knows"))
	}
	if v.AdminAPIKey != "" && (isExample(v.AdminAPIKey) || patterned(v.AdminAPIKey)) {
		found = append(found, wrong("--admin-api-key", "production refuses a key that can be guessed: openssl rand -base64 24"))
	}
	for name, address := range map[string]string{"--database-url": s.DatabaseURL, "--direct-url": s.DirectURL} {
		if config, err := pgx.ParseConfig(address); address != "" && err == nil && config.Password != "" && isExample(config.Password) {
			found = append(found, wrong(name, "production refuses an example's password in it; give the database's user another one"))
		}
	}
	if site, err := url.Parse(v.Site); err == nil && site.Scheme == "http" {
		found = append(found, wrong("--site", "production leads people to https:// only"))
	}
	return found
}

// patterned tells whether a key was typed rather than drawn: it has few different bytes, counts up, or says something twice.
func patterned(key string) bool {
	distinct, counting := map[byte]bool{}, true
	for i := range len(key) {
		distinct[key[i]] = true
		counting = counting && (i == 0 || key[i] == key[i-1]+1)
	}
	repeated := strings.Contains((key + key)[1:max(1, 2*len(key)-1)], key)
	return len(distinct) < distinctBytesMin || counting || repeated || isExample(key)
}
