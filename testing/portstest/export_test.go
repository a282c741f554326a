package portstest

import "time"

// Mutants wait in vain: briefly.
func init() { patience = 300 * time.Millisecond }
