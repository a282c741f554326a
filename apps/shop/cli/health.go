package cli

import (
	"errors"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// healthCmd asks a running shop how it is. It is in the binary because an image without a shell has nothing else that
// could.
type healthCmd struct {
	Listen  string        `help:"Address that the shop serves on." default:"127.0.0.1:8080" placeholder:"HOST:PORT" group:"Server"`
	URL     string        `help:"Of health: address of the shop, where it is not on this machine." placeholder:"URL" group:"Server"`
	Live    bool          `help:"Of health: ask only whether it lives, not whether it can serve." group:"Server"`
	Timeout time.Duration `help:"Of health: how long to wait for the answer." default:"3s" placeholder:"TIME" group:"Server"`
}

// check judges all settings.
func (c *healthCmd) check() error {
	var found []error
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		found = append(found, &compose.SettingError{Name: "--listen", Rule: "HOST:PORT, such as 127.0.0.1:8080 or :8080"})
	}
	if u, err := url.Parse(c.URL); err != nil || c.URL != "" && (u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		found = append(found, &compose.SettingError{Name: "--url", Rule: "an address such as http://127.0.0.1:8080"})
	}
	if c.Timeout <= 0 {
		found = append(found, &compose.SettingError{Name: "--timeout", Rule: "a time above 0s, such as 3s"})
	}
	return errors.Join(found...)
}

// address is where to ask: the shop's own machine when it serves on all addresses.
func (c *healthCmd) address() string {
	base := strings.TrimSuffix(c.URL, "/")
	if base == "" {
		host, port, _ := net.SplitHostPort(c.Listen)
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "localhost"
		}
		base = "http://" + net.JoinHostPort(host, port)
	}
	if c.Live {
		return base + "/health/live"
	}
	return base + "/health/ready"
}
