// Package system gives the core what only the machine has: the time, chance, and a loop that carries events from a
// store's outbox to who wants them.
package system
