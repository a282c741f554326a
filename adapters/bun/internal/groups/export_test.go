package groups

import "github.com/ipswich-retail/commerce/domain/ordering"

// Told gives verdicts with these errors to a group whose members share one place for answers, and gives the errors as they
// come.
func Told(verdicts ...error) []error {
	answers := make(chan answer[ordering.Outcome], len(verdicts))
	var group []*Commit
	var judged []ordering.Verdict
	for _, err := range verdicts {
		group, judged = append(group, &Commit{done: answers}), append(judged, ordering.Verdict{Err: err})
	}
	Tell(group, judged)
	var out []error
	for range verdicts {
		out = append(out, (<-answers).err)
	}
	return out
}
