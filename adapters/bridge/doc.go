// Package bridge is the only place where one context meets another: it gives a context what it asks for in its own
// words, from the services of those that have it, and holds the commands that change several contexts in turn.
package bridge
