// Package accesstest proves adapters of the ports of package access, clause by clause. A store's adapter is proven by
// TestCommitter, TestAccounts, TestSessions, TestRoles, TestAPIKeys and TestAuditLog, a hasher by TestPasswordHasher;
// Hasher is a quick one for tests of what uses a hasher.
package accesstest
