// Package payments holds the payment providers that need no outside service: Manual, for money that comes by other
// ways, and Test, which pretends.
package payments
