// Package memory keeps a whole shop in memory: every storage port, with the guarantees that a database gives.
//
// A Store is one unit of truth. Commits take turns, each decided by the same pure rules as in every other store and
// published at one moment, so that a reader sees all of a commit or nothing of it; readers never wait for a decision,
// only for a publication. What goes in and what comes out is copied: nobody shares a slice or a pointer with the
// store. Everything is gone when the process ends, and nothing is ever evicted but old records of commands.
//
// Use it in tests, demonstrations and shops that live as long as their process.
package memory
