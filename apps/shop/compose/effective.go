package compose

import (
	"strconv"
	"strings"
)

// Effective gives, by flag, what a setting that is left out comes to, where its default does not say it already.
func (v ServeSettings) Effective(s Settings) map[string]string {
	out := map[string]string{
		"store": s.store(), "drain": "2s, 0s on a terminal", "payments": strings.Join(v.Providers(s), ","), "site": v.site(),
	}
	if attempts, err := v.Attempts(s); err == nil {
		window := strings.TrimSuffix(strings.TrimSuffix(attempts.Window.String(), "0s"), "0m")
		out["rate-signin"] = strconv.Itoa(attempts.Count) + "/" + window
	}
	return out
}
