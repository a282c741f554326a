//go:build race

package simulation_test

// raced tells that the race detector slows everything down.
const raced = true
