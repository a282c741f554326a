package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/fault"
)

const groupsPath = adminPath + "/customer-groups"

type groupsAnswer struct {
	Body struct {
		Items []customerGroup `json:"items" doc:"By key, archived ones too."`
	}
}

type groupAnswer struct{ Body customerGroup }

type createGroupInput struct {
	Body struct {
		Key  string `json:"key" minLength:"1" maxLength:"64" pattern:"^[a-z0-9_-]+$" patternDescription:"lower-case letters, digits, - and _" example:"trade"`
		Name string `json:"name" minLength:"1" maxLength:"255" example:"Trade customers"`
	}
}

type editGroupInput struct {
	Expecting

	Group string `path:"group" doc:"Its key."`
	Body  struct {
		Name     *string `json:"name,omitempty" minLength:"1" maxLength:"255"`
		Archived *bool   `json:"archived,omitempty" doc:"An archived one counts for nothing and keeps its members."`
		Version  *int64  `json:"version,omitempty" minimum:"1" doc:"The version that is to be changed; 409 when it is no longer the present one."`
	}
}

// mountAdminCustomerGroups registers the calls to the groups that customers are in.
func (r *routes) mountAdminCustomerGroups() {
	Op(r.server, Route{
		ID: "admin-list-customer-groups", Method: http.MethodGet, Path: groupsPath, Tag: adminCustomersTag, Permission: access.CustomersRead,
		Summary: "The groups of customers", Problems: staffReads,
	}, r.listGroups)
	Command(r, Route{
		ID: "admin-create-customer-group", Method: http.MethodPost, Path: groupsPath, Tag: adminCustomersTag, Permission: access.CustomersWrite,
		Summary: "Make a group of customers", Success: http.StatusCreated, Problems: also(staffWrites, customers.GroupTaken),
	}, r.createGroup, func(ctx context.Context, _ *createGroupInput, key string) (*groupAnswer, error) {
		g, err := r.group(ctx, key)
		return &groupAnswer{Body: customerGroupOf(g)}, err
	})
	Op(r.server, Route{
		ID: "admin-edit-customer-group", Method: http.MethodPatch, Path: groupsPath + "/{group}", Tag: adminCustomersTag, Permission: access.CustomersWrite,
		Summary: "Rename a group of customers, archive it or bring it back", Problems: staffChanges,
	}, r.editGroup)
}

func (r *routes) listGroups(ctx context.Context, _ *struct{}) (*groupsAnswer, error) {
	groups, err := r.Customers.Groups(ctx)
	if err != nil {
		return nil, err
	}
	out := &groupsAnswer{}
	out.Body.Items = make([]customerGroup, len(groups))
	for i, g := range groups {
		out.Body.Items[i] = customerGroupOf(g)
	}
	return out, nil
}

// group finds a group by its key.
func (r *routes) group(ctx context.Context, key string) (customers.Group, error) {
	groups, err := r.Customers.Groups(ctx)
	if err != nil {
		return customers.Group{}, err
	}
	for _, g := range groups {
		if g.Key == key {
			return g, nil
		}
	}
	return customers.Group{}, fault.Missing.New("there is no such group")
}

func (r *routes) createGroup(ctx context.Context, in *createGroupInput, a Attempt) (*groupAnswer, string, error) {
	g, err := r.Customers.SaveGroup(ctx, PrincipalOf(ctx).Actor(), customers.Group{Key: in.Body.Key, Name: in.Body.Name})
	if a.Again && fault.Is(err, customers.GroupTaken) {
		g, err = r.group(ctx, in.Body.Key) // The earlier attempt's.
	}
	if err != nil {
		return nil, "", err
	}
	return &groupAnswer{Body: customerGroupOf(g)}, g.Key, nil
}

func (r *routes) editGroup(ctx context.Context, in *editGroupInput) (*groupAnswer, error) {
	g, err := r.group(ctx, in.Group)
	if err != nil {
		return nil, err
	}
	if g.Version, err = in.over(g.Version, in.Body.Version); err != nil {
		return nil, err
	}
	put(&g.Name, in.Body.Name)
	put(&g.Archived, in.Body.Archived)
	if g, err = r.Customers.SaveGroup(ctx, PrincipalOf(ctx).Actor(), g); err != nil {
		return nil, err
	}
	return &groupAnswer{Body: customerGroupOf(g)}, nil
}
