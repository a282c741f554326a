package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const rolesPath = adminPath + "/roles"

type rolesAnswer struct {
	Body struct {
		Items []role `json:"items"`
	}
}

type addRoleInput struct {
	Body struct {
		Name        string   `json:"name" example:"Warehouse" maxLength:"255"`
		Permissions []string `json:"permissions" maxItems:"100"`
	}
}

type editRoleInput struct {
	Expecting

	Role string `path:"role" doc:"Its id."`
	Body struct {
		Name        stated[string]   `json:"name,omitempty" maxLength:"255"`
		Permissions stated[[]string] `json:"permissions,omitempty" maxItems:"100" doc:"All of them from now on."`
		Retired     stated[bool]     `json:"retired,omitempty" doc:"true gives nothing any more, to nobody."`
	}
}

type roleAnswer struct{ Body role }

type permissionsAnswer struct {
	Body struct {
		Items []permission `json:"items"`
	}
}

func (r *routes) mountAdminRoles() {
	reads := []fault.Class{fault.Unexpected, fault.Down}
	writes := append(reads, fault.Lost)
	Op(r.server, Route{
		ID: "admin-list-roles", Method: http.MethodGet, Path: rolesPath, Tag: staffTag, Permission: access.StaffRead,
		Summary: "The roles, retired ones too, oldest first", Problems: reads,
	}, r.listRoles)
	Command(r, Route{
		ID: "admin-add-role", Method: http.MethodPost, Path: rolesPath, Tag: staffTag, Permission: access.RolesWrite, Success: http.StatusCreated,
		Summary: "Make a role", Description: "Nobody gives a permission that they lack.",
		Problems: writes,
	}, r.addRole, func(ctx context.Context, _ *addRoleInput, subject string) (*roleAnswer, error) {
		return r.addedRole(ctx, subject)
	})
	Op(r.server, Route{
		ID: "admin-edit-role", Method: http.MethodPatch, Path: rolesPath + "/{role}", Tag: staffTag, Permission: access.RolesWrite,
		Summary:     "Change or retire a role",
		Description: "It takes effect with the next request of who has the role. Nobody gives or takes a permission that they lack.",
		Problems:    append([]fault.Class{fault.Missing, ordering.ExpectedVersion}, writes...),
	}, r.editRole)
	Op(r.server, Route{
		ID: "admin-list-permissions", Method: http.MethodGet, Path: adminPath + "/permissions", Tag: staffTag, Permission: access.StaffRead,
		Summary: "All permissions, which are the scopes of API keys too", Description: "None implies another.",
		Problems: reads,
	}, r.listPermissions)
}

func (r *routes) listRoles(ctx context.Context, _ *struct{}) (*rolesAnswer, error) {
	roles, err := r.Access.Roles(ctx, PrincipalOf(ctx))
	if err != nil {
		return nil, err
	}
	out := &rolesAnswer{}
	out.Body.Items = make([]role, len(roles))
	for i, one := range roles {
		out.Body.Items[i] = roleOf(one)
	}
	return out, nil
}

func (r *routes) addRole(ctx context.Context, in *addRoleInput, at Attempt) (*roleAnswer, string, error) {
	id := ref.NewID[ref.RoleKind](at.ID("role"))
	if at.Again {
		if out, err := r.addedRole(ctx, id.String()); !fault.Is(err, fault.Missing) {
			return out, id.String(), err
		}
	}
	made, err := r.Access.SaveRole(ctx, PrincipalOf(ctx), access.Role{ID: id, Name: in.Body.Name, Permissions: permissionsOf(in.Body.Permissions)})
	if err != nil {
		return nil, "", busy(err)
	}
	return &roleAnswer{Body: roleOf(made)}, id.String(), nil
}

// addedRole shows a role that was made, as it is now. It is what its maker may see, who need not be allowed to list roles.
func (r *routes) addedRole(ctx context.Context, id string) (*roleAnswer, error) {
	roles, err := r.Access.Roles(ctx, access.System("replay"))
	if err != nil {
		return nil, err
	}
	for _, one := range roles {
		if one.ID.String() == id {
			return &roleAnswer{Body: roleOf(one)}, nil
		}
	}
	return nil, fault.Missing.New("there is no such role")
}

func (r *routes) editRole(ctx context.Context, in *editRoleInput) (*roleAnswer, error) {
	id, err := ref.ParseID[ref.RoleKind](in.Role)
	if err != nil || id.IsZero() {
		return nil, fault.Missing.New("there is no such role")
	}
	change := access.RoleChange{Name: in.Body.Name.value, Retired: in.Body.Retired.value}
	if in.Body.Permissions.value != nil {
		permissions := permissionsOf(*in.Body.Permissions.value)
		change.Permissions = &permissions
	}
	saved, err := r.Access.EditRole(ctx, PrincipalOf(ctx), id, in.expects(), change)
	if err != nil {
		return nil, in.refused(err)
	}
	return &roleAnswer{Body: roleOf(saved)}, nil
}

func (r *routes) listPermissions(context.Context, *struct{}) (*permissionsAnswer, error) {
	out := &permissionsAnswer{}
	for _, p := range access.Permissions {
		out.Body.Items = append(out.Body.Items, permission{Key: string(p.Key), Description: p.Description})
	}
	return out, nil
}
