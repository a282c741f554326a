// Package portstest proves adapters of the technical ports: TestClock, TestIDs, TestCommands and TestCommandSweeper,
// TestOutbox with TestParkedEvents and TestOutboxSweeper, TestJobs with TestJobsDesk.
//
// Each subtest is named by the id of the clause that it proves; the clauses stand in the comments of the ports. They are
// also given as values, such as OutboxClauses, that run against any TB: the tests of this package run them against
// adapters broken on purpose and demand that exactly the clause that is broken notices.
package portstest
