// Package ports holds the technical driven ports: what every context needs and no context owns.
//
// A port whose signature names a business noun stands in that noun's context, in its ports.go; docs/adapters.md
// lists all of them with their suites and adapters. An extra that only some adapters can do is a capability
// interface of its own, found with As, which looks through decorators.
//
// # Time and chance
//
// Clock and IDs, so that nothing in the domain asks the machine. All other ports take the time from their callers: what
// is due, and whose lease is over, is decided by values, and a test or a simulation may let a week pass at once.
//
// # What rides in a commit
//
// A commit of a context carries, beside the change itself, what must become true with it:
//
//   - a Command: the record that a key was used, so that the same request again gets the same answer (Commands);
//   - events: what happened, for whoever wants to know (Outbox);
//   - Jobs: what is to be done later (Jobs).
//
// # From the outbox to a consumer
//
//	commit ──► outbox ──16 partitions──► relay of a server ──► handler of a consumer
//	                                        │ an event fails
//	                                        └──► parked: its aggregate waits, others flow
//
// Relays of all servers share a consumer's partitions by leases. A relay claims (Outbox.Claim), reads, calls the handler
// and acknowledges (Outbox.Ack), all under a token that changes with each holder: who was overtaken writes nothing.
// Delivery is at least once, in order for each aggregate. What cannot be delivered is seen and settled with ParkedEvents;
// OutboxSweeper deletes what all have taken.
//
// # Jobs
//
//	waiting ──Claim──► running ──done──► gone, or waiting for the next tick
//	   ▲                  │
//	   └──failed, later───┤ or the lease is over: claimed by another
//	                      └──failed for the last time──► dead ──JobsDesk.Retry──► waiting
//
// A Job has a kind, for which runners have a handler, and perhaps a key, which makes it one of its kind. What each step
// does to it is a pure method of JobRecord, which every store uses.
//
// # Blobs
//
// What a job needs and is too large for its payload, such as a file to import, waits for it in Blobs, where every server
// finds it.
//
// # Leases
//
// Both work alike: a lease is taken for a while at a time that the caller names, renewed by who works, over when its time
// is, and has a token. Whoever is late finds the token changed and gets LeaseLost. So a server may stop at any moment, and
// another one goes on where it was: with what was begun and not ended, which is why handlers are idempotent.
package ports
