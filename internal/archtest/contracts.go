package archtest

import (
	"regexp"
	"strings"
)

var clauseID = regexp.MustCompile(`\[([a-z0-9]+(?:-[a-z0-9]+)+)\]`)

// Contracts checks that every port's comment states its contract in clauses with ids, by which suites name what they
// check and mutants what they break. An id belongs to one port.
func Contracts(t *Tree) []string {
	var found []string
	owner := map[string]string{}
	for _, p := range Ports(t) {
		_, contract, ok := strings.Cut(p.Doc, "Contract")
		ids := clauseID.FindAllStringSubmatch(contract, -1)
		if !ok || len(ids) == 0 {
			found = append(found, t.finding(p.Pos, "%s needs a contract in its comment, as clauses that have an [id]", p.Name))
		}
		for _, id := range ids {
			if other, taken := owner[id[1]]; taken {
				found = append(found, t.finding(p.Pos, "clause [%s] of %s is one of %s already", id[1], p.Name, other))
			}
			owner[id[1]] = p.Name
		}
	}
	return found
}
