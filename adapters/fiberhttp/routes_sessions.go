package fiberhttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const sessionsPath = apiPath + "/sessions"

type signInInput struct {
	Scoped

	client string // What the client calls itself.

	Body struct {
		Email       string `json:"email" example:"ann@example.com" maxLength:"254"`
		Password    string `json:"password" maxLength:"1024"`
		Kind        string `json:"kind,omitempty" enum:"customer,staff" doc:"Which account of the address; without it that of staff, if there is one, else the customer's."`
		DeviceToken string `json:"device_token,omitempty" maxLength:"255" doc:"Of an earlier sign-in on this device, whose session the new one replaces."`
		Cart        string `json:"cart,omitempty" maxLength:"255" doc:"Id of the guest's cart, which becomes the customer's or goes into it."`
	}
}

// Resolve keeps what the client calls itself, by which people tell their sessions apart: every client sends it already.
func (in *signInInput) Resolve(ctx huma.Context) []error {
	in.client = ctx.Header("User-Agent")
	return nil
}

type newSessionAnswer struct{ Body newSession }

type refreshInput struct {
	Body struct {
		RefreshToken string `json:"refresh_token" maxLength:"255"`
	}
}

type tokensAnswer struct{ Body SessionTokens }

func (r *routes) mountSessions() {
	Op(r.server, Route{
		ID: "sign-in", Method: http.MethodPost, Path: sessionsPath, Tag: accountsTag, Success: http.StatusCreated,
		Summary: "Sign in, as a customer or as staff",
		Description: "Whatever is wrong, the address, the password or the state of the account, the answer is the same. " +
			"A cart that cannot be taken over is among the warnings and never fails the sign-in.",
		Problems: []fault.Class{access.Unauthenticated, access.RateLimited, fault.Unexpected, fault.Down, fault.Lost},
	}, r.signIn)
	Op(r.server, Route{
		ID: "refresh-session", Method: http.MethodPost, Path: sessionsPath + "/refresh", Tag: accountsTag,
		Summary: "Replace the tokens of a session",
		Description: "A refresh token works once. Shown again within seconds, for an answer that was lost or two tabs at once, " +
			"it gives the same tokens; shown later it is in two hands, and the session ends.",
		Problems: []fault.Class{access.Unauthenticated, fault.Unexpected, fault.Down, fault.Lost},
	}, r.refresh)
	Op(r.server, Route{
		ID: "sign-out", Method: http.MethodDelete, Path: sessionsPath + "/current", Tag: accountsTag, Success: http.StatusNoContent,
		Summary: "Sign out: end the session that asks", Auth: SignedIn,
		Problems: []fault.Class{fault.Unexpected, fault.Down, fault.Lost},
	}, r.signOut)
}

func (r *routes) signIn(ctx context.Context, in *signInInput) (*newSessionAnswer, error) {
	scope, err := r.scope(in.Scoped)
	if err != nil {
		return nil, err
	}
	signed, err := r.Access.SignIn(ctx, access.SignInRequest{
		Kind: access.Kind(in.Body.Kind), Email: in.Body.Email, Password: access.NewSecret(in.Body.Password),
		Address: ClientAddress(ctx), Device: access.NewSecret(in.Body.DeviceToken), Client: in.client,
	})
	if err != nil {
		return nil, busy(err)
	}
	out := newSession{SessionTokens: tokensOf(signed), DeviceToken: signed.Tokens.Device.Reveal(), Warnings: []notice{}}
	if in.Body.Cart != "" {
		var warning []notice
		if out.Cart, warning = r.takeOver(ctx, scope, signed.Principal, in.Body.Cart); len(warning) > 0 {
			out.Warnings = warning
		}
	}
	return &newSessionAnswer{Body: out}, nil
}

// takeOver makes the guest's cart that came with a sign-in the customer's. Why that was not possible is a warning, for
// who has the password is not to be kept out by a cart.
func (r *routes) takeOver(ctx context.Context, scope ref.Scope, who access.Principal, id string) (*cart, []notice) {
	guest, err := ref.ParseCartID(id)
	switch {
	case err != nil:
		err = fault.Missing.New("there is no such cart")
	case who.Customer.IsZero():
		err = fault.Missing.New("this account has no cart")
	default:
		q, adopted := r.Ordering.AdoptCart(ctx, scope, who.Customer, guest)
		if err = adopted; err == nil {
			shown := cartOf(q)
			return &shown, nil
		}
	}
	p := ProblemOf(err, http.MethodPost, RequestID(ctx))
	if p.Status >= http.StatusInternalServerError {
		r.server.report(exchangeIn(ctx), p)
	}
	return nil, []notice{{Code: p.Code, Field: "cart", Message: "the cart stays as it is: " + p.Detail}}
}

func (r *routes) refresh(ctx context.Context, in *refreshInput) (*tokensAnswer, error) {
	next, err := r.Access.Refresh(ctx, access.NewSecret(in.Body.RefreshToken))
	if err != nil {
		return nil, busy(err)
	}
	return &tokensAnswer{Body: tokensOf(next)}, nil
}

func (r *routes) signOut(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return done(busy(r.Access.SignOut(ctx, PrincipalOf(ctx))))
}
