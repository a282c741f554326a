package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
)

const (
	accountsTag = "Accounts"
	accountPath = apiPath + "/customers"
)

type registerInput struct {
	Body struct {
		Email    string `json:"email" example:"ann@example.com" maxLength:"254"`
		Password string `json:"password" maxLength:"1024" doc:"8 characters or more, and none that anybody tries first."`
		Name     string `json:"name" example:"Ann Reed" maxLength:"255"`
	}
}

type verifyInput struct {
	Body struct {
		Token string `json:"token" maxLength:"255" doc:"Of the mail."`
	}
}

type resetInput struct {
	Body struct {
		Email string `json:"email" example:"ann@example.com" maxLength:"254"`
		Kind  string `json:"kind,omitempty" enum:"customer,staff" doc:"Which account of the address; without it that of staff, if there is one, else the customer's."`
	}
}

type newPasswordInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"255" doc:"Of the mail."`
		Password string `json:"password" maxLength:"1024" doc:"8 characters or more, and none that anybody tries first."`
	}
}

func (r *routes) mountAccounts() {
	stored := []fault.Class{fault.Unexpected, fault.Down, fault.Lost}
	Op(r.server, Route{
		ID: "register", Method: http.MethodPost, Path: accountPath, Tag: accountsTag, Success: http.StatusAccepted,
		Summary: "Ask for an account",
		Description: "The answer is the same whether the address is new or has an account: what only its owner may know goes " +
			"to them by mail. Nobody signs in before the address is proven, see `POST /customers/verify`.",
		Problems: append([]fault.Class{access.RateLimited}, stored...),
	}, r.register)
	Op(r.server, Route{
		ID: "verify", Method: http.MethodPost, Path: accountPath + "/verify", Tag: accountsTag, Success: http.StatusNoContent,
		Summary:     "Prove an e-mail address with the token that was mailed",
		Description: "The token works once. It signs nobody in, for the mail may be read elsewhere.",
		Problems:    append([]fault.Class{access.EmailTaken}, stored...),
	}, r.verify)
	Op(r.server, Route{
		ID: "request-password-reset", Method: http.MethodPost, Path: accountPath + "/password-reset", Tag: accountsTag, Success: http.StatusAccepted,
		Summary:     "Ask for a mail that allows a new password",
		Description: "The answer is the same whether the address has an account or not. A newer mail replaces the one before.",
		Problems:    append([]fault.Class{access.RateLimited}, stored...),
	}, r.requestReset)
	Op(r.server, Route{
		ID: "reset-password", Method: http.MethodPost, Path: accountPath + "/password", Tag: accountsTag, Success: http.StatusNoContent,
		Summary:     "Choose a new password with the token that was mailed",
		Description: "The token works once. All sessions of the account end, and it signs nobody in.",
		Problems:    stored,
	}, r.resetPassword)
}

func (r *routes) register(ctx context.Context, in *registerInput) (*struct{}, error) {
	return done(busy(r.Access.Register(ctx, access.Registration{
		Email: in.Body.Email, Password: access.NewSecret(in.Body.Password), Name: in.Body.Name, Address: ClientAddress(ctx),
	})))
}

func (r *routes) verify(ctx context.Context, in *verifyInput) (*struct{}, error) {
	return done(busy(r.Verify(ctx, access.NewSecret(in.Body.Token))))
}

func (r *routes) requestReset(ctx context.Context, in *resetInput) (*struct{}, error) {
	return done(r.Access.RequestReset(ctx, access.ResetRequest{
		Kind: access.Kind(in.Body.Kind), Email: in.Body.Email, Address: ClientAddress(ctx),
	}))
}

func (r *routes) resetPassword(ctx context.Context, in *newPasswordInput) (*struct{}, error) {
	return done(busy(r.Access.ResetPassword(ctx, access.NewSecret(in.Body.Token), access.NewSecret(in.Body.Password))))
}

// done is the answer of a call that tells no more than that it was done.
func done(err error) (*struct{}, error) {
	if err != nil {
		return nil, err
	}
	return &struct{}{}, nil
}
