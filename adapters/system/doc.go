// Package system gives the core what only the machine has: the time, chance, and two loops that go on while a shop is
// open. Relay carries events from a store's outbox to who wants them; JobRunner does what is due.
//
// Both come in two forms. Run goes on until its context ends, waits for what wakes it, and hands its leases back. Step does
// what is to be done now and returns, without a goroutine or a timer of its own; Next tells when to come again. A test or a
// simulation steps with a clock of its own and sees the same each time:
//
//	relay := system.NewRelay(outbox, clock, ids.New(), consumers, &system.RelayOptions{Parallel: 1})
//	for {
//		if progress, _ := relay.Step(ctx); !progress {
//			clock.To(relay.Next())
//		}
//	}
//
// Besides, PasswordHasher hashes passwords, and MailLog and MailDir write mail where who tries a shop out reads it.
package system
