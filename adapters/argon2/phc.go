package argon2

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// The bounds of a hash that is read. What the store holds must not be able to ask for gigabytes or for minutes: a hash of
// the most takes 64 MiB, the second choice of RFC 9106, and about a second.
const (
	prefix      = "$argon2id$"
	version     = "v=19" // Of RFC 9106; an older one is not read.
	memoryLeast = 8 * lanesMost
	memoryMost  = 64 * 1024 // KiB.
	passesMost  = 16
	lanesMost   = 4
	saltLeast   = 8
	saltMost    = 48
)

// params say what a hash takes.
type params struct {
	memory uint32 // KiB.
	passes uint32
	lanes  uint8
}

// phc is a hash as it is read and written.
type phc struct {
	params

	salt, key []byte
}

// b64 is the base 64 of PHC strings.
var b64 = base64.RawStdEncoding.Strict()

// ours tells whether a hash says that it is one of Argon2id.
func ours(hash string) bool { return strings.HasPrefix(hash, prefix) }

// String is the hash as a PHC string.
func (p phc) String() string {
	return fmt.Sprintf("%s%s$m=%d,t=%d,p=%d$%s$%s", prefix, version, p.memory, p.passes, p.lanes, b64.EncodeToString(p.salt), b64.EncodeToString(p.key))
}

// parse reads a hash, written in the one way in which hashes are. Its error holds nothing of it.
func parse(hash string) (phc, error) {
	unreadable := fault.Unexpected.New("a password hash cannot be read")
	parts := strings.Split(strings.TrimPrefix(hash, prefix), "$")
	if !ours(hash) || len(parts) != 4 || parts[0] != version {
		return phc{}, unreadable
	}
	p, ok := parseParams(parts[1])
	if !ok {
		return phc{}, unreadable
	}
	salt, err := b64.DecodeString(parts[2])
	if err != nil || len(salt) < saltLeast || len(salt) > saltMost {
		return phc{}, unreadable
	}
	key, err := b64.DecodeString(parts[3])
	if err != nil || len(key) != keyLen { // So one that was cut off is not taken for a short one.
		return phc{}, unreadable
	}
	out := phc{params: p, salt: salt, key: key}
	if out.String() != hash { // Base 64 passes over line breaks.
		return phc{}, unreadable
	}
	return out, nil
}

// parseParams reads m=…,t=…,p=… within the bounds.
func parseParams(text string) (params, bool) {
	fields := strings.Split(text, ",")
	if len(fields) != 3 {
		return params{}, false
	}
	lanes, ok := parseParam(fields[2], "p=", 1, lanesMost)
	if !ok {
		return params{}, false
	}
	memory, okMemory := parseParam(fields[0], "m=", 8*lanes, memoryMost) // RFC 9106, 3.1: eight blocks for each lane.
	passes, okPasses := parseParam(fields[1], "t=", 1, passesMost)
	return params{memory: uint32(memory), passes: uint32(passes), lanes: uint8(lanes)}, okMemory && okPasses //nolint:gosec // Within the bounds.
}

func parseParam(text, name string, least, most uint64) (uint64, bool) {
	digits, ok := strings.CutPrefix(text, name)
	n, err := strconv.ParseUint(digits, 10, 32)
	return n, ok && err == nil && n >= least && n <= most
}
