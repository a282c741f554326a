package compose

import (
	"strconv"
	"strings"
	"time"
)

// Effective gives, by flag, what a setting that is left out comes to, where its default does not say it already.
func (v ServeSettings) Effective(s Settings) map[string]string {
	out := map[string]string{
		"store": s.StoreName(), "drain": "2s, 0s on a terminal", "payments": strings.Join(v.Providers(s), ","), "site": v.site(), "rate-carts": off,
	}
	if attempts, err := v.Attempts(s); err == nil {
		out["rate-signin"] = rateText(attempts.Count, attempts.Window)
	}
	if attempts, err := v.checkouts(s); err == nil {
		out["rate-checkout"] = rateText(attempts.Count, attempts.Window)
	}
	return out
}

// rateText is a rate as one writes it: 10/15m.
func rateText(count int, window time.Duration) string {
	text := window.String()
	for _, zero := range []string{"m0s", "h0m"} { // 15m0s, 1h0m
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return strconv.Itoa(count) + "/" + text
}
