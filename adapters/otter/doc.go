// Package otter keeps what can be made anew in the memory of the process, with github.com/maypok86/otter: within a bound of
// bytes it keeps what is asked for most, and what is asked for once, such as the searches of a crawler, does not drive that
// out.
//
//	cache, err := otter.NewCache(32 << 20)
//
// What a tag makes old is not looked for and removed: each entry knows when it was read, each tag when it was last
// forgotten, and the two are compared when the entry is asked for. So forgetting costs the same whatever is kept, and what
// is put while it is being made old is old too.
package otter
