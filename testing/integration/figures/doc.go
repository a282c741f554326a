// Package figures measures the shop against the database that it stands on. Its tests do nothing unless
// COMMERCE_FIGURES is set (make figures): they take minutes and want a quiet machine.
package figures
