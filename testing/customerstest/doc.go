// Package customerstest proves adapters of the ports of package customers, clause by clause: TestCommitter and
// TestCustomers.
package customerstest
