package fiberhttp

import (
	"context"
	"net/http"
	"slices"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

const (
	adminCustomersTag  = "Admin: customers"
	adminCustomersPath = adminPath + "/customers"
	adminCustomerPath  = adminCustomersPath + "/{customer}"
	staffCustomersList = "admin/customers"
)

type listCustomersInput struct {
	Paged

	Group string `query:"group" maxLength:"64" doc:"Members of the group alone, by its key."`
}

type customersAnswer struct {
	Body struct {
		Items      []customerSummary `json:"items"`
		NextCursor *string           `json:"next_cursor" doc:"Where the next page starts; null on the last one."`
	}
}

// CustomerAddress is embedded in the input of every call of staff to a customer.
type CustomerAddress struct {
	Customer string `path:"customer" doc:"Its id."`
}

type customerInput struct{ CustomerAddress }

type customerAnswer struct{ Body staffCustomer }

type createCustomerInput struct {
	Body struct {
		Email      string              `json:"email,omitempty" maxLength:"254" doc:"Without it the customer has none."`
		Name       string              `json:"name,omitempty" maxLength:"255"`
		Phone      string              `json:"phone,omitempty" maxLength:"255"`
		Groups     []string            `json:"groups,omitempty" maxItems:"50"`
		References []externalReference `json:"references,omitempty" maxItems:"10"`
	}
}

type editCustomerInput struct {
	CustomerAddress
	Expecting

	Body struct {
		Email      *string              `json:"email,omitempty" maxLength:"254" doc:"Empty takes it away. Whoever has an account changes it themselves."`
		Name       *string              `json:"name,omitempty" maxLength:"255"`
		Phone      *string              `json:"phone,omitempty" maxLength:"255"`
		Groups     *[]string            `json:"groups,omitempty" maxItems:"50" doc:"All of them."`
		References *[]externalReference `json:"references,omitempty" maxItems:"10" doc:"All of them."`
		Version    *int64               `json:"version,omitempty" minimum:"1" doc:"The version that is to be changed; 409 when it is no longer the present one."`
	}
}

// customerPlace is a place in the list of customers.
type customerPlace struct {
	ID ref.CustomerID `json:"i"`
}

func (p customerPlace) sound() bool { return !p.ID.IsZero() }

func (r *routes) mountAdminCustomers() {
	drafts := also(staffWrites, customers.EmailTaken, customers.ReferenceTaken)
	Op(r.server, Route{
		ID: "admin-list-customers", Method: http.MethodGet, Path: adminCustomersPath, Tag: adminCustomersTag, Permission: access.CustomersRead,
		Summary: "Customers, the newest first", Problems: also(staffReads, catalog.InvalidCursor),
	}, r.listCustomers)
	Op(r.server, Route{
		ID: "admin-get-customer", Method: http.MethodGet, Path: adminCustomerPath, Tag: adminCustomersTag, Permission: access.CustomersRead,
		Summary: "A customer with their addresses", Problems: also(staffReads, fault.Missing),
	}, r.getCustomer)
	Command(r, Route{
		ID: "admin-create-customer", Method: http.MethodPost, Path: adminCustomersPath, Tag: adminCustomersTag, Permission: access.CustomersWrite,
		Summary: "Make a customer without an account", Success: http.StatusCreated, Problems: drafts,
	}, r.createCustomer, func(ctx context.Context, _ *createCustomerInput, subject string) (*customerAnswer, error) {
		return r.getCustomer(ctx, &customerInput{CustomerAddress{subject}})
	})
	Op(r.server, Route{
		ID: "admin-edit-customer", Method: http.MethodPatch, Path: adminCustomerPath, Tag: adminCustomersTag, Permission: access.CustomersWrite,
		Summary: "Change a customer", Problems: also(staffChanges, customers.EmailTaken, customers.ReferenceTaken),
	}, r.editCustomer)
	steps := also(staffWrites, fault.Missing)
	for _, step := range []struct {
		on       customers.Event
		perm     access.Permission
		summary  string
		problems []fault.Class
	}{
		{customers.Disable, access.CustomersWrite, "Let a customer sign in no more", also(steps, statemachine.IllegalTransition)},
		{customers.Enable, access.CustomersWrite, "Let a customer sign in again", also(steps, statemachine.IllegalTransition)},
		{customers.Erase, access.CustomersErase, "Take away all that is personal of a customer, for ever", steps},
	} {
		Command(r, Route{
			ID: "admin-" + string(step.on) + "-customer", Method: http.MethodPost, Path: adminCustomerPath + "/" + string(step.on), Tag: adminCustomersTag,
			Permission: step.perm, Summary: step.summary, Problems: step.problems,
			Description: "The account follows at once. In the state that it leads to already it changes nothing.",
		}, func(ctx context.Context, in *customerInput, _ Attempt) (*customerAnswer, string, error) {
			return r.setCustomer(ctx, in, step.on)
		}, func(ctx context.Context, in *customerInput, _ string) (*customerAnswer, error) {
			return r.getCustomer(ctx, in)
		})
	}
	r.mountAdminCustomerBooks()
	r.mountAdminCustomerGroups()
}

func (in CustomerAddress) id() (ref.CustomerID, error) {
	return idOf[ref.CustomerKind](in.Customer, "customer")
}

func shownCustomer(c customers.Customer, err error) (*customerAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &customerAnswer{Body: staffCustomerOf(c)}, nil
}

func (r *routes) listCustomers(ctx context.Context, in *listCustomersInput) (*customersAnswer, error) {
	q := customers.ListQuery{Limit: in.Limit, Group: in.Group}
	if in.Cursor != "" {
		place, err := parsePlace[customerPlace](staffCustomersList, in.Cursor)
		if err != nil {
			return nil, err
		}
		q.Before = place.ID
	}
	page, err := r.Customers.List(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &customersAnswer{}
	out.Body.Items = make([]customerSummary, len(page))
	for i, c := range page {
		out.Body.Items[i] = customerSummary{
			ID: c.ID.String(), Status: string(c.Status), Email: c.Email.String(), Name: c.Name, Groups: append([]string{}, c.Groups...),
			HasAccount: !c.Account.IsZero(), CreatedAt: c.CreatedAt.UTC(),
		}
	}
	if len(page) < in.Limit {
		return out, nil
	}
	last := page[len(page)-1].ID
	more, err := r.Customers.List(ctx, customers.ListQuery{Limit: 1, Group: in.Group, Before: last})
	if err != nil {
		return nil, err
	}
	if len(more) > 0 {
		next := formatPlace(staffCustomersList, customerPlace{ID: last})
		out.Body.NextCursor = &next
	}
	return out, nil
}

func (r *routes) getCustomer(ctx context.Context, in *customerInput) (*customerAnswer, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return shownCustomer(r.Customers.Customer(ctx, id))
}

func (r *routes) createCustomer(ctx context.Context, in *createCustomerInput, a Attempt) (*customerAnswer, string, error) {
	id := ref.NewID[ref.CustomerKind](a.ID("customer"))
	b := in.Body
	out, err := shownCustomer(r.Customers.CreateAs(ctx, PrincipalOf(ctx).Actor(), id, customers.Draft{
		Email: b.Email, Name: b.Name, Phone: b.Phone, Groups: b.Groups, References: referencesOf(b.References),
	}))
	return out, id.String(), err
}

func referencesOf(in []externalReference) []customers.Reference {
	var out []customers.Reference
	for _, r := range in {
		out = append(out, customers.Reference(r))
	}
	return out
}

func (r *routes) editCustomer(ctx context.Context, in *editCustomerInput) (*customerAnswer, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	present, err := r.Customers.Customer(ctx, id)
	if err != nil {
		return nil, err
	}
	expected, err := in.over(present.Version, in.Body.Version)
	if err != nil {
		return nil, err
	}
	d := customers.Draft{Email: present.Email.String(), Name: present.Name, Phone: present.Phone, Groups: slices.Clone(present.Groups), References: present.References}
	put(&d.Email, in.Body.Email)
	put(&d.Name, in.Body.Name)
	put(&d.Phone, in.Body.Phone)
	put(&d.Groups, in.Body.Groups)
	if in.Body.References != nil {
		d.References = referencesOf(*in.Body.References)
	}
	return shownCustomer(r.Customers.Edit(ctx, PrincipalOf(ctx).Actor(), id, expected, d))
}

func (r *routes) setCustomer(ctx context.Context, in *customerInput, on customers.Event) (*customerAnswer, string, error) {
	id, err := in.id()
	if err != nil {
		return nil, "", err
	}
	if err := r.SetCustomerStatus(ctx, PrincipalOf(ctx), id, on); err != nil {
		return nil, "", err
	}
	out, err := r.getCustomer(ctx, in)
	return out, id.String(), err
}
