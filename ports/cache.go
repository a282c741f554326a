package ports

import "time"

// Keep tells how long something may be given out of a Cache.
type Keep struct {
	Mark  uint64    // Cache.Mark, asked before what is kept was read.
	Until time.Time // It is not given from then on.
	Tags  []string  // What it was made of: when one of them is forgotten, it is.
}

// Cache keeps in this process what can be made anew at any time, such as the bytes of an answer. It keeps what it has room
// for, and may drop anything. Values are shared: who puts or gets one never changes its bytes.
//
// What a cache gives is never older than a change that was told to it: whoever reads asks for a Mark first, then reads, then
// puts; whoever changes something calls Forget once the change can be read. However the two run beside each other, what was
// read before the change is not given after Forget has returned.
//
// Contract: [cache-get] Get gives what was put last under that very key, or nothing; [cache-keep] of a few small values it
// gives each; [cache-until] it gives nothing at the moment of its Until or later; [cache-forget] after Forget it gives nothing
// that has one of the tags and a Mark of before, whether that was put before or after; [cache-others] what has none of the
// tags, and what was marked since, it may go on to give. Safe for concurrent use.
type Cache interface {
	Mark() uint64
	Get(key string, at time.Time) (value []byte, ok bool)
	Put(key string, value []byte, k Keep)
	Forget(tags []string)
}
