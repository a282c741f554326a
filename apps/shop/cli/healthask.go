package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// healthAnswerMax is how much of an answer is read; a shop's is some hundred bytes.
const healthAnswerMax = 64 << 10

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
