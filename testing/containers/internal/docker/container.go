package docker

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"os"
	"strconv"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/modules/postgres"

	"github.com/ipswich-retail/commerce/testing/containers/internal/lease"
)

const (
	labelHost  = "com.github.ipswich-retail.commerce.test.host"  // The machine whose process owns the container.
	labelLease = "com.github.ipswich-retail.commerce.test.lease" // That process's folder; its lock tells whether it lives.

	lowestPort  = 15000 // As for local servers: below what systems hand to clients, so that no client takes the port
	highestPort = 30000 // of a server that is down.
	portTries   = 100
)

func customize(ctx context.Context, dir string, settings []string) ([]testcontainers.ContainerCustomizer, error) {
	host, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("containers: name of this machine: %w", err)
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	args := []string{"postgres", "-c", "fsync=on"} // The module's own default is off.
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return []testcontainers.ContainerCustomizer{
		postgres.WithPassword(rand.Text()),
		testcontainers.WithCmd(args...),
		testcontainers.WithEnv(map[string]string{"POSTGRES_INITDB_ARGS": "--encoding=UTF8 --locale=C.UTF-8"}),
		testcontainers.WithLabels(map[string]string{labelHost: host, labelLease: dir}),
		// A port that the engine picks would change when the container is started again.
		testcontainers.WithHostConfigModifier(func(config *container.HostConfig) {
			config.PortBindings = network.PortMap{
				network.MustParsePort("5432/tcp"): {{HostPort: strconv.Itoa(port)}},
			}
		}),
	}, nil
}

// freePort looks on this machine, where the engine usually is; elsewhere it is a guess that is seldom wrong.
func freePort(ctx context.Context) (int, error) {
	for range portTries {
		port := lowestPort + mathrand.IntN(highestPort-lowestPort) //nolint:gosec // A port is no secret.
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", ":"+strconv.Itoa(port))
		if err == nil && listener.Close() == nil {
			return port, nil
		}
	}
	return 0, errors.New("containers: no free port")
}

// sweep removes the containers of processes of this machine that ended without removing them.
func sweep(ctx context.Context, engine *testcontainers.DockerClient) error {
	host, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("containers: name of this machine: %w", err)
	}
	found, err := engine.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: make(client.Filters).Add("label", labelHost+"="+host),
	})
	if err != nil {
		return fmt.Errorf("containers: left-over containers: %w", err)
	}
	var problems []error
	for _, item := range found.Items {
		if dir := item.Labels[labelLease]; dir != "" && lease.Abandoned(dir) {
			problems = append(problems, removeLeftOver(ctx, engine, item))
		}
	}
	// The folders hold nothing but the lock.
	return errors.Join(append(problems, lease.Sweep(leaseKind, func(string) error { return nil }))...)
}

// removeLeftOver lets a suspended container go on first: older engines do not kill a frozen one.
func removeLeftOver(ctx context.Context, engine *testcontainers.DockerClient, item container.Summary) error {
	if item.State == container.StatePaused {
		if _, err := engine.ContainerUnpause(ctx, item.ID, client.ContainerUnpauseOptions{}); err != nil && !errdefs.IsNotFound(err) {
			return fmt.Errorf("containers: resume container %s: %w", item.ID, err)
		}
	}
	return remove(ctx, engine, item.ID)
}

// remove treats a container that is gone, or being removed by another process, as removed.
func remove(ctx context.Context, engine *testcontainers.DockerClient, id string) error {
	_, err := engine.ContainerRemove(ctx, id, client.ContainerRemoveOptions{RemoveVolumes: true, Force: true})
	if err == nil || errdefs.IsNotFound(err) || errdefs.IsConflict(err) {
		return nil
	}
	return fmt.Errorf("containers: remove container %s: %w", id, err)
}
