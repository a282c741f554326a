package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	meTag  = "Me"
	mePath = apiPath + "/me"
)

type meAnswer struct{ Body me }

type editMeInput struct {
	Expecting

	Body struct {
		Name  stated[string] `json:"name,omitempty" minLength:"1" maxLength:"255"`
		Phone clearable      `json:"phone,omitempty" maxLength:"255" doc:"null takes it away."`
	}
}

type changePasswordInput struct {
	Body struct {
		CurrentPassword string `json:"current_password" maxLength:"1024"`
		Password        string `json:"password" maxLength:"1024" doc:"8 characters or more, and none that anybody tries first."`
	}
}

type changeEmailInput struct {
	Body struct {
		Password string `json:"password" maxLength:"1024" doc:"The present one: what an open session alone may not change."`
		Email    string `json:"email" example:"ann@example.com" maxLength:"254"`
	}
}

type sessionsAnswer struct {
	Body struct {
		Items []mySession `json:"items"`
	}
}

type sessionInput struct {
	Session string `path:"session" doc:"Its id."`
}

func (r *routes) mountMe() {
	reads := []fault.Class{fault.Unexpected, fault.Down}
	writes := append(reads, fault.Lost)
	proving := append([]fault.Class{access.RateLimited}, writes...)
	Op(r.server, Route{
		ID: "get-me", Method: http.MethodGet, Path: mePath, Tag: meTag, Summary: "Who is signed in", Auth: SignedIn, Problems: reads,
	}, r.getMe)
	Op(r.server, Route{
		ID: "edit-me", Method: http.MethodPatch, Path: mePath, Tag: meTag, Summary: "Change the own profile", Auth: CustomerOnly,
		Problems: append([]fault.Class{ordering.ExpectedVersion}, writes...),
	}, r.editMe)
	Op(r.server, Route{
		ID: "change-password", Method: http.MethodPut, Path: mePath + "/password", Tag: meTag, Auth: SignedIn, Success: http.StatusNoContent,
		Summary:     "Choose another password, for the present one",
		Description: "All sessions end, the one that asks too. A wrong `current_password` is 401 with that field.",
		Problems:    proving,
	}, r.changePassword)
	Op(r.server, Route{
		ID: "change-email", Method: http.MethodPut, Path: mePath + "/email", Tag: meTag, Auth: SignedIn, Success: http.StatusAccepted,
		Summary: "Ask for a mail to another address",
		Description: "Until the token in that mail is shown to `POST /customers/verify` the present address stands; it is told " +
			"of the change. The answer does not tell whether the other one has an account. A wrong password is 401 with that field.",
		Problems: proving,
	}, r.changeEmail)
	Op(r.server, Route{
		ID: "list-my-sessions", Method: http.MethodGet, Path: mePath + "/sessions", Tag: meTag, Auth: SignedIn,
		Summary: "Where one is signed in, newest first", Problems: reads,
	}, r.mySessions)
	Op(r.server, Route{
		ID: "revoke-my-session", Method: http.MethodDelete, Path: mePath + "/sessions/{session}", Tag: meTag, Auth: SignedIn,
		Summary: "End one of the own sessions", Success: http.StatusNoContent, Problems: append([]fault.Class{fault.Missing}, writes...),
	}, r.revokeMySession)
}

func (r *routes) getMe(ctx context.Context, _ *struct{}) (*meAnswer, error) {
	who := PrincipalOf(ctx)
	var c customers.Customer
	if !who.Customer.IsZero() {
		var err error
		if c, err = r.Customers.Customer(ctx, who.Customer); err != nil {
			return nil, err
		}
	}
	return r.shownMe(ctx, c)
}

// shownMe shows who asks, given the customer that they are.
func (r *routes) shownMe(ctx context.Context, c customers.Customer) (*meAnswer, error) {
	who := PrincipalOf(ctx)
	a, err := r.Access.Account(ctx, who.Account)
	if err != nil {
		return nil, err
	}
	return &meAnswer{Body: meOf(who, a, c)}, nil
}

func (r *routes) editMe(ctx context.Context, in *editMeInput) (*meAnswer, error) {
	c, err := r.Customers.EditProfile(ctx, PrincipalOf(ctx).Customer, in.expects(), customers.ProfileChange{Name: in.Body.Name.value, Phone: in.Body.Phone.text})
	if err != nil {
		return nil, in.refused(err)
	}
	return r.shownMe(ctx, c)
}

func (r *routes) changePassword(ctx context.Context, in *changePasswordInput) (*struct{}, error) {
	err := r.Access.ChangePassword(ctx, PrincipalOf(ctx), access.NewSecret(in.Body.CurrentPassword), access.NewSecret(in.Body.Password))
	return done(busy(misnamed(err, "current_password")))
}

func (r *routes) changeEmail(ctx context.Context, in *changeEmailInput) (*struct{}, error) {
	return done(busy(r.Access.RequestEmailChange(ctx, PrincipalOf(ctx), access.NewSecret(in.Body.Password), in.Body.Email)))
}

// misnamed is a wrong password under the name that this call has for the present one.
func misnamed(err error, field string) error {
	if f := fault.Of(err); f != nil && fault.Is(err, access.Unauthenticated) && f.Field() != "" {
		return f.At(field)
	}
	return err
}

func (r *routes) mySessions(ctx context.Context, _ *struct{}) (*sessionsAnswer, error) {
	sessions, err := r.Access.MySessions(ctx, PrincipalOf(ctx))
	if err != nil {
		return nil, err
	}
	out := &sessionsAnswer{}
	out.Body.Items = make([]mySession, len(sessions))
	for i, s := range sessions {
		out.Body.Items[i] = mySessionOf(s)
	}
	return out, nil
}

func (r *routes) revokeMySession(ctx context.Context, in *sessionInput) (*struct{}, error) {
	id, err := ref.ParseID[ref.SessionKind](in.Session)
	if err != nil {
		return nil, fault.Missing.New("there is no such session")
	}
	return done(busy(r.Access.RevokeSession(ctx, PrincipalOf(ctx), id)))
}
