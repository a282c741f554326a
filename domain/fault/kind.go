package fault

// Kind is the closed set of ways to react to an error. Adapters translate kinds (to HTTP statuses, exit codes,
// retries); nobody translates messages.
type Kind uint8

// The kinds. The zero value is Internal, so that a forgotten kind is never mistaken for a client's error.
const (
	// Internal is a defect or a broken environment: log it, alert, show nothing of it.
	Internal Kind = iota
	// Invalid is input that breaks a rule; the same input fails again.
	Invalid
	// Unauthenticated means that the caller did not prove who they are.
	Unauthenticated
	// Denied means that the caller is known and may not do this.
	Denied
	// NotFound means that the thing does not exist, or not for this caller.
	NotFound
	// Conflict means that the present state forbids it; reload, decide, try again.
	Conflict
	// Precondition means that a version or condition which the caller named no longer holds.
	Precondition
	// Exhausted means that a limit or quota is used up; try later.
	Exhausted
	// Unavailable means that something needed is down and that nothing was done; try again.
	Unavailable
	// Unknown means that the answer was lost and the effect may stand; retry with the same idempotency key.
	Unknown
)

var kindNames = [...]string{
	"internal", "invalid", "unauthenticated", "denied", "not_found", "conflict", "precondition", "exhausted",
	"unavailable", "unknown",
}

// String is the kind's name in logs and documents.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[Internal]
}

// Kinds lists all kinds in order.
func Kinds() []Kind {
	out := make([]Kind, len(kindNames))
	for i := range out {
		out[i] = Kind(i)
	}
	return out
}

// Retryable tells whether the same call may succeed later without a change by the caller.
func (k Kind) Retryable() bool {
	return k == Exhausted || k == Unavailable || k == Unknown
}
