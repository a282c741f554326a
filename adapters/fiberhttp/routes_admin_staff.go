package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

const (
	staffTag  = "Staff"
	staffPath = adminPath + "/staff"
)

type staffListAnswer struct {
	Body struct {
		Items []staffMember `json:"items"`
	}
}

type addStaffInput struct {
	Body struct {
		Email string   `json:"email" example:"bea@shop.example" maxLength:"254"`
		Name  string   `json:"name" example:"Bea Hale" maxLength:"255"`
		Owner bool     `json:"owner,omitempty" doc:"Has every permission; owners alone make owners."`
		Roles []string `json:"roles,omitempty" maxItems:"100" doc:"Ids of roles."`
	}
}

// StaffAddress is embedded in the input of every call to a member of staff.
type StaffAddress struct {
	Staff string `path:"staff" doc:"Id of the account."`
}

type staffInput struct{ StaffAddress }

type editStaffInput struct {
	StaffAddress
	Expecting

	Body struct {
		Owner stated[bool]     `json:"owner,omitempty" doc:"Owners alone make and unmake owners."`
		Roles stated[[]string] `json:"roles,omitempty" maxItems:"100" doc:"Ids of all roles from now on."`
	}
}

type staffStateInput struct {
	StaffAddress

	Body struct {
		State string `json:"state" enum:"active,disabled,closed" doc:"Disabled and closed ones are signed out everywhere at once; closed is for ever."`
	}
}

type staffAnswer struct{ Body staffMember }

type newStaffAnswer struct {
	Location string `header:"Location" doc:"Address of the member of staff."`
	Body     staffMember
}

func (r *routes) mountAdminStaff() {
	reads := []fault.Class{fault.Unexpected, fault.Down}
	writes := append(reads, fault.Lost)
	Op(r.server, Route{
		ID: "admin-list-staff", Method: http.MethodGet, Path: staffPath, Tag: staffTag, Permission: access.StaffRead,
		Summary: "Who works here, oldest first; closed accounts are left out", Problems: reads,
	}, r.listStaff)
	Command(r, Route{
		ID: "admin-add-staff", Method: http.MethodPost, Path: staffPath, Tag: staffTag, Permission: access.StaffWrite, Success: http.StatusCreated,
		Summary:     "Add a member of staff",
		Description: "A mail lets them choose their password. Nobody gives a permission that they lack.",
		Problems:    append([]fault.Class{access.EmailTaken}, writes...),
	}, r.addStaff, func(ctx context.Context, _ *addStaffInput, subject string) (*newStaffAnswer, error) {
		return r.addedStaff(ctx, subject)
	})
	Op(r.server, Route{
		ID: "admin-get-staff", Method: http.MethodGet, Path: staffPath + "/{staff}", Tag: staffTag, Permission: access.StaffRead,
		Summary: "A member of staff", Problems: append([]fault.Class{fault.Missing}, reads...),
	}, r.getStaff)
	Op(r.server, Route{
		ID: "admin-edit-staff", Method: http.MethodPatch, Path: staffPath + "/{staff}", Tag: staffTag, Permission: access.StaffWrite,
		Summary:     "Give other roles, make or unmake an owner",
		Description: "It takes effect with their next request. Nobody gives or takes a permission that they lack, and the last owner stays.",
		Problems:    append([]fault.Class{fault.Missing, access.LastOwner, ordering.ExpectedVersion}, writes...),
	}, r.editStaff)
	Op(r.server, Route{
		ID: "admin-set-staff-state", Method: http.MethodPut, Path: staffPath + "/{staff}/state", Tag: staffTag, Permission: access.StaffWrite,
		Summary:     "Disable, enable or close an account of staff",
		Description: "In the state that is asked for already it changes nothing. The last owner stays.",
		Problems:    append([]fault.Class{fault.Missing, access.LastOwner, statemachine.IllegalTransition}, writes...),
	}, r.setStaffState)
}

func (r *routes) listStaff(ctx context.Context, _ *struct{}) (*staffListAnswer, error) {
	accounts, err := r.Access.Staff(ctx, PrincipalOf(ctx))
	if err != nil {
		return nil, err
	}
	out := &staffListAnswer{}
	out.Body.Items = make([]staffMember, len(accounts))
	for i, a := range accounts {
		out.Body.Items[i] = staffMemberOf(a)
	}
	return out, nil
}

func (r *routes) addStaff(ctx context.Context, in *addStaffInput, at Attempt) (*newStaffAnswer, string, error) {
	roles, err := rolesOf(in.Body.Roles)
	if err != nil {
		return nil, "", err
	}
	id := ref.NewID[ref.AccountKind](at.ID("account"))
	if at.Again {
		if out, err := r.addedStaff(ctx, id.String()); !fault.Is(err, fault.Missing) {
			return out, id.String(), err
		}
	}
	a, err := r.Access.AddStaff(ctx, PrincipalOf(ctx), access.StaffRequest{ID: id, Email: in.Body.Email, Name: in.Body.Name, Owner: in.Body.Owner, Roles: roles})
	if err != nil {
		return nil, "", busy(err)
	}
	return &newStaffAnswer{Location: staffPath + "/" + a.ID.String(), Body: staffMemberOf(a)}, id.String(), nil
}

// addedStaff shows who was added, as they are now.
func (r *routes) addedStaff(ctx context.Context, id string) (*newStaffAnswer, error) {
	a, err := r.getStaff(ctx, &staffInput{StaffAddress{id}})
	if err != nil {
		return nil, err
	}
	return &newStaffAnswer{Location: staffPath + "/" + id, Body: a.Body}, nil
}

func (r *routes) getStaff(ctx context.Context, in *staffInput) (*staffAnswer, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return r.shownStaff(ctx, id)
}

// shownStaff shows a member of staff as they are now.
func (r *routes) shownStaff(ctx context.Context, id ref.AccountID) (*staffAnswer, error) {
	a, err := r.Access.Account(ctx, id)
	if fault.Is(err, fault.Missing) || err == nil && a.Staff == nil {
		return nil, noStaff()
	}
	if err != nil {
		return nil, err
	}
	return &staffAnswer{Body: staffMemberOf(a)}, nil
}

func (r *routes) editStaff(ctx context.Context, in *editStaffInput) (*staffAnswer, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	change := access.StaffChange{Owner: in.Body.Owner.value}
	if in.Body.Roles.value != nil {
		roles, err := rolesOf(*in.Body.Roles.value)
		if err != nil {
			return nil, err
		}
		change.Roles = &roles
	}
	a, err := r.Access.EditStaff(ctx, PrincipalOf(ctx), id, in.expects(), change)
	if err != nil {
		return nil, in.refused(err)
	}
	return &staffAnswer{Body: staffMemberOf(a)}, nil
}

// leads are the events that lead to the states that may be asked for.
var leads = map[string]access.AccountEvent{
	string(access.Active): access.Enable, string(access.Disabled): access.Disable, string(access.Closed): access.Close,
}

func (r *routes) setStaffState(ctx context.Context, in *staffStateInput) (*staffAnswer, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	if err := r.Access.SetStaffState(ctx, PrincipalOf(ctx), id, leads[in.Body.State]); err != nil {
		return nil, busy(err)
	}
	return r.shownStaff(ctx, id)
}

// id reads the id. A text that is none is answered like the id of nobody.
func (a StaffAddress) id() (ref.AccountID, error) {
	id, err := ref.ParseID[ref.AccountKind](a.Staff)
	if err != nil {
		return ref.AccountID{}, noStaff()
	}
	return id, nil
}

func noStaff() error { return fault.Missing.New("there is no such member of staff") }
