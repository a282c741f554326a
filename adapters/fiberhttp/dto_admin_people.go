package fiberhttp

import (
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// staffMember is who works in the shop.
type staffMember struct {
	ID        string    `json:"id" example:"acc_01jd8x5v9ke2vbrwkxtq4m6h3m" doc:"Of the account."`
	StaffID   string    `json:"staff_id" example:"stf_01jd8x5v9ke2vbrwkxtq4m6h3m" doc:"Names who did what in the audit log."`
	Version   int64     `json:"version" doc:"Counts the changes of the account; for If-Match."`
	Email     string    `json:"email"`
	Name      string    `json:"name"`
	State     string    `json:"state" enum:"unverified,active,disabled,closed" doc:"An unverified one has a mail to answer first."`
	Owner     bool      `json:"owner" doc:"Has every permission, and alone makes owners."`
	Roles     []string  `json:"roles" doc:"Ids of roles."`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

func staffMemberOf(a access.Account) staffMember {
	out := staffMember{
		ID: a.ID.String(), Version: int64(a.Version), Email: a.Email.String(), Name: a.Name, State: string(a.State),
		Roles: []string{}, CreatedAt: a.CreatedAt.UTC(), UpdatedAt: a.UpdatedAt.UTC(),
	}
	if s := a.Staff; s != nil {
		out.StaffID, out.Owner = s.ID.String(), s.Owner
		for _, id := range s.Roles {
			out.Roles = append(out.Roles, id.String())
		}
	}
	return out
}

// rolesOf reads ids of roles. It fails with fault.Bad, whose paths stand below roles.
func rolesOf(texts []string) ([]ref.RoleID, error) {
	out := make([]ref.RoleID, len(texts))
	var wrong []*fault.Error
	for i, text := range texts {
		id, err := ref.ParseID[ref.RoleKind](text)
		if err != nil {
			wrong = append(wrong, access.Rule.New("it is no id of a role").At(fmt.Sprintf("roles[%d]", i)))
		}
		out[i] = id
	}
	return out, fault.Collect(wrong)
}

// role is a named set of permissions.
type role struct {
	ID          string    `json:"id" example:"rol_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Version     int64     `json:"version" doc:"Counts the changes; for If-Match."`
	Name        string    `json:"name"`
	Permissions []string  `json:"permissions"`
	Retired     bool      `json:"retired" doc:"Gives nothing any more, to nobody."`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

func roleOf(r access.Role) role {
	return role{
		ID: r.ID.String(), Version: int64(r.Version), Name: r.Name, Permissions: texts(r.Permissions), Retired: r.Retired,
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

// permissionsOf are texts as permissions; the service finds those that there are not.
func permissionsOf(texts []string) []access.Permission {
	out := make([]access.Permission, len(texts))
	for i, text := range texts {
		out[i] = access.Permission(text)
	}
	return out
}

// permission is a right that roles and API keys give.
type permission struct {
	Key         string `json:"key" example:"orders.refund"`
	Description string `json:"description"`
}

// APIKey is an API key as it is shown, without its text. It is embedded in an answer, so exported: see CartAddress.
type APIKey struct {
	ID        string     `json:"id" example:"key_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Name      string     `json:"name"`
	Hint      string     `json:"hint" doc:"How its text begins; empty for one that an operator chose."`
	Scopes    []string   `json:"scopes" doc:"Permissions."`
	CreatedBy string     `json:"created_by" doc:"Id of who made it."`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt *time.Time `json:"expires_at" doc:"null for the key of a start, which the operator's settings hold."`
	RevokedAt *time.Time `json:"revoked_at"`
	UsedAt    *time.Time `json:"used_at" doc:"Its last use, to the hour."`
}

func apiKeyOf(k access.APIKey) APIKey {
	return APIKey{
		ID: k.ID.String(), Name: k.Name, Hint: k.Hint, Scopes: texts(k.Scopes), CreatedBy: k.CreatedBy, CreatedAt: k.CreatedAt.UTC(),
		ExpiresAt: shownInstant(k.ExpiresAt), RevokedAt: shownInstant(k.RevokedAt), UsedAt: shownInstant(k.UsedAt),
	}
}
