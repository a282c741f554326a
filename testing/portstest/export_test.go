package portstest

import "time"

// Mutants wait in vain: less long, but long enough for a machine that does a lot beside.
func init() { patience = 1500 * time.Millisecond }
