// Package ports holds the technical driven ports: what every context needs and no context owns.
//
// A port whose signature names a business noun stands in that noun's context, in its ports.go; docs/adapters.md
// lists all of them with their suites and adapters. An extra that only some adapters can do is a capability
// interface of its own, found with As, which looks through decorators.
package ports
