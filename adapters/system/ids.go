package system

import (
	"crypto/rand"
	"encoding/binary"
	"sync/atomic"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// IDs makes UUIDs of version 7 and secrets, both with crypto/rand. UUIDs ascend within the process: by RFC 9562, 6.2,
// method 3, the 12 bits after the milliseconds hold their fraction, and a value that would not ascend is one above
// the last. The 62 bits behind are random. The zero value is ready; safe for concurrent use.
type IDs struct{ last atomic.Uint64 }

var _ ports.IDs = (*IDs)(nil)

// NewIDs makes a maker of ids.
func NewIDs() *IDs { return &IDs{} }

// New makes a UUID of version 7.
func (i *IDs) New() [16]byte {
	var id [16]byte
	stamp := i.next(stampOf(time.Now()))
	binary.BigEndian.PutUint64(id[:8], stamp>>12<<16|0x7000|stamp&0xfff)
	_, _ = rand.Read(id[8:]) // Never fails: the process ends instead.
	id[8] = id[8]&0x3f | 0x80
	return id
}

// Secret makes 160 random bits.
func (*IDs) Secret() [ref.SecretSize]byte {
	var secret [ref.SecretSize]byte
	_, _ = rand.Read(secret[:]) // Never fails: the process ends instead.
	return secret
}

// stampOf is the time in 4096ths of a millisecond: 48 bits of milliseconds and 12 of their fraction.
func stampOf(t time.Time) uint64 {
	millis := t.UnixMilli()
	fraction := t.Sub(time.UnixMilli(millis))
	return uint64(millis)<<12 | uint64(fraction)<<12/uint64(time.Millisecond)
}

// next gives the stamp, or one above the last when that is not below it.
func (i *IDs) next(stamp uint64) uint64 {
	for {
		last := i.last.Load()
		if stamp <= last {
			stamp = last + 1
		}
		if i.last.CompareAndSwap(last, stamp) {
			return stamp
		}
	}
}
