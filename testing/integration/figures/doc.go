// Package figures measures the shop against the database that it stands on, a bare handler, and itself with something
// switched off. Its tests do nothing unless COMMERCE_FIGURES is set (make figures): they take an hour and want a quiet
// machine. docs/performance.md tells how to read what they write.
package figures
