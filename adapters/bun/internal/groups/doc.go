// Package groups brings what many callers want written to those who write it, who make it true together. Who waits may
// leave until a group takes what it brought; from then on its answer counts.
package groups
