package fault

// The cases that belong to no context.
var (
	// Bad is the case of input that breaks one or more rules, each a violation with its field.
	Bad = Define(Invalid, "invalid", "One or more fields break a rule; each is listed with its path.")
	// Missing is the case of a thing that does not exist, or not for this caller.
	Missing = Define(NotFound, "not_found", "It does not exist, or it belongs to someone else.")
	// VersionConflict is the case of a write against a version that is no longer the present one.
	VersionConflict = Define(Conflict, "version_conflict", "It was changed by someone else since it was read; read it again.")
	// Limited is the case of what was tried too often.
	Limited = Define(Exhausted, "rate_limited", "This was tried too often; try again after retry_at.")
	// Down is the case of a dependency that is not reachable; nothing was done.
	Down = Define(Unavailable, "unavailable", "A part that this needs is not reachable; nothing was done, try again.")
	// Lost is the case of an answer that was lost: the effect may stand.
	Lost = Define(Unknown, "outcome_unknown", "The answer was lost and the effect may stand; retry with the same idempotency key.")
	// Unexpected is the case of a defect.
	Unexpected = Define(Internal, "internal", "Something failed that should not; it was logged under the request id.")
)

// Collect makes one error of class Bad from the violations, or nil when there are none. Its message counts them,
// so callers show the list, not the sentence.
func Collect(violations []*Error) error {
	switch len(violations) {
	case 0:
		return nil
	case 1:
		return Bad.New("one field breaks a rule").Listing(violations...)
	default:
		return Bad.Newf("%d fields break a rule", len(violations)).Listing(violations...)
	}
}
