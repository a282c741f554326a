package fiberhttp

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/valyala/fasthttp"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// Auth tells whom an operation without a permission lets in.
type Auth uint8

// Whom operations let in.
const (
	Public        Auth = iota // Anybody; credentials are not looked at.
	MayBeCustomer             // Anybody; who shows credentials is known, and bad ones are refused.
	CustomerOnly              // A customer who signed in, and whose address is proven.
	SignedIn                  // Whoever signed in, as a customer or as staff; no API key.
)

const (
	keyAPIHeader = "X-API-Key" // Where programs show their key.
	bearerScheme = "bearer"    // Names of the document's security schemes.
	apiKeyScheme = "apiKey"

	// permissionExtension is the member of an operation in the document that names its permission, and authExtension
	// the one that tells whom an operation without one lets in.
	permissionExtension = "x-permission"
	authExtension       = "x-auth"
)

// name is the value of the document's x-auth.
func (a Auth) name() string {
	return [...]string{"public", "optional", "customer", "session"}[a]
}

// PrincipalOf is who asks, as the edge proved it before the handler ran. It is nobody, the zero value, for operations
// that are Public and for callers without credentials.
func PrincipalOf(ctx context.Context) access.Principal {
	if x := exchangeIn(ctx); x != nil {
		return x.principal
	}
	return access.Principal{}
}

// guarded tells whether the operation looks at credentials.
func (r Route) guarded() bool { return r.Permission != "" || r.Auth != Public }

// authCases are the cases that looking at credentials can answer.
func (r Route) authCases() []fault.Class {
	switch {
	case !r.guarded():
		return nil
	case r.Auth == MayBeCustomer && r.Permission == "":
		return []fault.Class{access.Unauthenticated}
	default:
		return []fault.Class{access.Unauthenticated, access.Denied}
	}
}

// documentAuth says in the document what credentials the operation takes.
func (r Route) documentAuth(op *huma.Operation) {
	op.Extensions = map[string]any{authExtension: r.Auth.name()}
	op.Security = []map[string][]string{{}} // None is needed: said, since a missing list reads like a forgotten one.
	switch {
	case r.Permission != "":
		op.Extensions = map[string]any{permissionExtension: string(r.Permission)}
		op.Security = []map[string][]string{{bearerScheme: {}}, {apiKeyScheme: {}}}
	case r.Auth == MayBeCustomer:
		op.Security = []map[string][]string{{}, {bearerScheme: {}}}
	case r.Auth != Public:
		op.Security = []map[string][]string{{bearerScheme: {}}}
	}
}

// callers says in words whom the operation lets in; nothing for anybody.
func (r Route) callers() string {
	switch {
	case r.Permission != "":
		return "For staff and API keys with the permission `" + string(r.Permission) + "`."
	case r.Auth == MayBeCustomer:
		return "For anybody; who signed in sends their token along."
	case r.Auth == CustomerOnly:
		return "For customers who signed in."
	case r.Auth == SignedIn:
		return "For whoever signed in."
	}
	return ""
}

// securitySchemes are how callers of the API prove who they are.
func securitySchemes() map[string]*huma.SecurityScheme {
	return map[string]*huma.SecurityScheme{
		bearerScheme: {Type: "http", Scheme: "bearer", Description: "The access token of a session: `Authorization: Bearer …`."},
		apiKeyScheme: {Type: "apiKey", In: "header", Name: keyAPIHeader, Description: "The text of an API key, for programs."},
	}
}

// identify proves who asks and refuses who may not, before anything else of the request is looked at. Credentials are
// read by principal alone: there are no cookies here.
func (s *Server) identify(ctx context.Context, request *fasthttp.Request, route Route) (access.Principal, error) {
	who, err := s.principal(ctx, &request.Header)
	if err != nil {
		return access.Principal{}, err
	}
	return who, route.admits(who)
}

// principal proves whose the credential of a header is: nobody's when there is none.
func (s *Server) principal(ctx context.Context, header *fasthttp.RequestHeader) (access.Principal, error) {
	credential, isKey, err := credentialOf(header)
	if err != nil || credential.IsZero() {
		return access.Principal{}, err
	}
	who, err := s.options.Authenticate(ctx, credential)
	if err != nil {
		return access.Principal{}, err
	}
	if isKey && who.Kind != access.PrincipalKey {
		return access.Principal{}, access.Unauthenticated.New("this header takes the text of an API key; a session's token goes into Authorization")
	}
	return who, nil
}

// admits refuses who may not call the operation.
func (r Route) admits(who access.Principal) error {
	switch {
	case r.Permission != "":
		return who.Require(r.Permission)
	case r.Auth == Public, r.Auth == MayBeCustomer:
		return nil
	case who.Kind == "":
		return access.Unauthenticated.New("sign in")
	case r.Auth == SignedIn && who.Session.IsZero():
		return access.Denied.New("this is for who signed in; an API key has no session")
	case r.Auth == CustomerOnly && (who.Kind != access.PrincipalCustomer || who.Customer.IsZero()):
		return access.Denied.New("this is for customers")
	}
	return nil
}

// credentialOf reads the one credential of a request, and tells whether it came as an API key.
func credentialOf(header *fasthttp.RequestHeader) (credential access.Secret, isKey bool, err error) {
	bearers, keys := header.PeekAll(fasthttp.HeaderAuthorization), header.PeekAll(keyAPIHeader)
	if len(bearers)+len(keys) > 1 {
		return credential, false, access.Unauthenticated.New("more than one credential was sent; send one")
	}
	if len(keys) == 1 {
		return access.NewSecret(string(keys[0])), true, nil
	}
	if len(bearers) == 0 {
		return credential, false, nil
	}
	scheme, token, _ := strings.Cut(string(bearers[0]), " ")
	token = strings.TrimLeft(token, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " \t,") {
		return credential, false, access.Unauthenticated.New("write Authorization: Bearer and the access token, one space between them")
	}
	return access.NewSecret(token), false, nil
}

// challenge is what RFC 9110, 15.5.2, wants in every answer of 401.
func challenge(header http.Header) { header.Set("WWW-Authenticate", "Bearer") }
