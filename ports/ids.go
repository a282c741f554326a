package ports

// IDs makes ids and credentials, so that the domain never asks for chance.
//
// Contract: [ids-v7] New gives UUIDs of version 7 (RFC 9562) and never the same twice; [ids-sorted] those of one
// goroutine ascend; [ids-secret] Secret gives 160 bits of a cryptographic source. Safe for concurrent use.
type IDs interface {
	New() [16]byte
	Secret() [20]byte
}
