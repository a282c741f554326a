// Package corefx plugs the core into fx: the services of the contexts, the bridge between them, the memory store, the
// system's clock and ids, the payment providers of the core, the relay of the outbox with its consumers, and the jobs with
// their sweeps.
//
// It is a thin skin: every part can be made without fx by the constructor that the module calls. A shop is composed
// of Services, one store (Memory, or another adapter's module such as postgresfx), System and at least one provider.
package corefx
