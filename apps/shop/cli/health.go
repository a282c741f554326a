package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// healthAnswerMax is how much of an answer is read; a shop's is some hundred bytes.
const healthAnswerMax = 64 << 10

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

// Run asks.
func (c *healthCmd) Run(ctx context.Context, p Process) error {
	if err := c.check(); err != nil {
		return err
	}
	asking, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(asking, http.MethodGet, c.address(), http.NoBody)
	if err != nil {
		return err
	}
	// No proxy of the environment stands between a container and itself.
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	if err != nil {
		return interrupted(ctx, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, healthAnswerMax))
	if err != nil {
		return interrupted(ctx, err)
	}
	var answer struct {
		Status   string            `json:"status"`
		Services map[string]string `json:"services"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return fmt.Errorf("%s is no shop: %s and no JSON", c.address(), response.Status)
	}
	text := answer.Status
	var services []string
	for name, state := range answer.Services {
		services = append(services, name+" "+state)
	}
	slices.Sort(services)
	if len(services) > 0 {
		text += ": " + strings.Join(services, ", ")
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s: %s", c.address(), response.Status, text)
	}
	_, err = fmt.Fprintln(p.Stdout, text)
	return err
}
