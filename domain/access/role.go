package access

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Role is a named set of permissions that staff are given; a change of it takes effect with their next request. That of
// the owner is fixed and no role: see Staff.Owner.
type Role struct {
	ID          ref.RoleID
	Version     ref.Version
	Name        string
	Permissions []Permission // Of the catalogue, each once.
	Retired     bool         // Gives nothing any more, to nobody.
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Validate refuses a role without a name, or with a permission that the catalogue lacks. Errors: Bad with fields.
func (r Role) Validate() error {
	violations := nameRule(r.Name)
	return fault.Collect(append(violations, permissionRules("permissions", r.Permissions)...))
}

// nameRule checks a name that people read.
func nameRule(name string) []*fault.Error {
	switch {
	case strings.TrimSpace(name) == "":
		return []*fault.Error{Rule.New("it must not be empty").At("name")}
	case utf8.RuneCountInString(name) > NameMax:
		return []*fault.Error{Rule.Newf("it has at most %d characters", NameMax).At("name")}
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return []*fault.Error{Rule.New("it has printable characters only").At("name")}
	}
	return nil
}

// permissionRules checks a list of permissions.
func permissionRules(field string, perms []Permission) []*fault.Error {
	var out []*fault.Error
	seen := map[Permission]bool{}
	for i, p := range perms {
		at := fmt.Sprintf("%s[%d]", field, i)
		switch {
		case !p.Known():
			out = append(out, Rule.New("there is no such permission").At(at))
		case seen[p]:
			out = append(out, Rule.New("a permission is named once").At(at))
		}
		seen[p] = true
	}
	return out
}
