package fiberhttp

import (
	"context"
	"net/http"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	keysTag  = "API keys"
	keysPath = adminPath + "/api-keys"
)

type keysAnswer struct {
	Body struct {
		Items []APIKey `json:"items"`
	}
}

type createKeyInput struct {
	Body struct {
		Name      string    `json:"name" example:"Stock feed" maxLength:"255"`
		Scopes    []string  `json:"scopes" maxItems:"100" doc:"Permissions, of those that the caller has."`
		ExpiresAt time.Time `json:"expires_at" doc:"Within two years."`
	}
}

type newKeyAnswer struct {
	Body struct {
		APIKey

		Key *string `json:"key" doc:"Its text, shown this once; it goes into X-API-Key. null when an earlier request with the same Idempotency-Key made it: if that answer was lost, revoke the key and make another."`
	}
}

type keyInput struct {
	Key string `path:"key" doc:"Its id."`
}

func (r *routes) mountAdminKeys() {
	reads := []fault.Class{fault.Unexpected, fault.Down}
	writes := append(reads, fault.Lost)
	Op(r.server, Route{
		ID: "admin-list-api-keys", Method: http.MethodGet, Path: keysPath, Tag: keysTag, Permission: access.APIKeysRead,
		Summary: "The API keys, revoked ones too, newest first", Problems: reads,
	}, r.listKeys)
	Command(r, Route{
		ID: "admin-create-api-key", Method: http.MethodPost, Path: keysPath, Tag: keysTag, Permission: access.APIKeysWrite, Success: http.StatusCreated,
		Summary: "Make an API key; its text is shown this once", Description: "Nobody gives a scope that they lack as a permission.",
		Problems: writes,
	}, r.createKey, func(ctx context.Context, _ *createKeyInput, subject string) (*newKeyAnswer, error) {
		return r.createdKey(ctx, subject)
	})
	Op(r.server, Route{
		ID: "admin-revoke-api-key", Method: http.MethodDelete, Path: keysPath + "/{key}", Tag: keysTag, Permission: access.APIKeysWrite, Success: http.StatusNoContent,
		Summary: "End an API key for ever", Problems: append([]fault.Class{fault.Missing}, writes...),
	}, r.revokeKey)
}

func (r *routes) listKeys(ctx context.Context, _ *struct{}) (*keysAnswer, error) {
	keys, err := r.Access.Keys(ctx, PrincipalOf(ctx))
	if err != nil {
		return nil, err
	}
	out := &keysAnswer{}
	out.Body.Items = make([]APIKey, len(keys))
	for i, k := range keys {
		out.Body.Items[i] = apiKeyOf(k)
	}
	return out, nil
}

func (r *routes) createKey(ctx context.Context, in *createKeyInput, at Attempt) (*newKeyAnswer, string, error) {
	id := ref.NewID[ref.APIKeyKind](at.ID("key"))
	if at.Again {
		if out, err := r.createdKey(ctx, id.String()); !fault.Is(err, fault.Missing) {
			return out, id.String(), err
		}
	}
	k, secret, err := r.Access.CreateKey(ctx, PrincipalOf(ctx), access.KeyRequest{
		ID: id, Name: in.Body.Name, Scopes: permissionsOf(in.Body.Scopes), ExpiresAt: in.Body.ExpiresAt,
	})
	if err != nil {
		return nil, "", busy(err)
	}
	out := &newKeyAnswer{}
	text := secret.Reveal()
	out.Body.APIKey, out.Body.Key = apiKeyOf(k), &text
	return out, id.String(), nil
}

// createdKey shows a key that was made, without its text, which nobody has any more. It is what its maker may see, who
// need not be allowed to list keys.
func (r *routes) createdKey(ctx context.Context, id string) (*newKeyAnswer, error) {
	keys, err := r.Access.Keys(ctx, access.System("replay"))
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		if k.ID.String() == id {
			out := &newKeyAnswer{}
			out.Body.APIKey = apiKeyOf(k)
			return out, nil
		}
	}
	return nil, fault.Missing.New("there is no such API key")
}

func (r *routes) revokeKey(ctx context.Context, in *keyInput) (*struct{}, error) {
	id, err := ref.ParseID[ref.APIKeyKind](in.Key)
	if err != nil {
		return nil, fault.Missing.New("there is no such API key")
	}
	return done(busy(r.Access.RevokeKey(ctx, PrincipalOf(ctx), id)))
}
