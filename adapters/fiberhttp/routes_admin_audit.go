package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
)

type auditInput struct {
	Paged

	Subject string `query:"subject" maxLength:"255" doc:"Only what was done to this, by its id."`
	Actor   string `query:"actor" maxLength:"255" doc:"Only what this one did, by their id."`
}

type auditAnswer struct {
	Body struct {
		Items []auditEntry `json:"items"`
		Next  *string      `json:"next_cursor" doc:"Where the next page begins; null on the last one."`
	}
}

func (r *routes) mountAdminAudit() {
	Op(r.server, Route{
		ID: "admin-list-audit", Method: http.MethodGet, Path: adminPath + "/audit", Tag: "Audit", Permission: access.AuditRead,
		Summary:     "The audit log, newest first",
		Description: "Each command of administrators: who, what, on what, when, what came of it and what it changed. Nothing in it is ever changed or taken away.",
		Problems:    []fault.Class{catalog.InvalidCursor, fault.Bad, fault.Unexpected, fault.Down},
	}, r.listAudit)
}

func (r *routes) listAudit(ctx context.Context, in *auditInput) (*auditAnswer, error) {
	q := access.AuditQuery{Limit: in.Limit, Subject: in.Subject, Actor: in.Actor}
	if in.Cursor != "" {
		var err error
		if _, q.Before, err = parsePoint(auditList, in.Cursor); err != nil {
			return nil, err
		}
	}
	entries, err := r.Access.Entries(ctx, PrincipalOf(ctx), q)
	if err != nil {
		return nil, err
	}
	out := &auditAnswer{}
	out.Body.Items = make([]auditEntry, len(entries))
	for i, e := range entries {
		out.Body.Items[i] = auditEntryOf(e)
	}
	if len(entries) < in.Limit {
		return out, nil
	}
	q.Before, q.Limit = entries[len(entries)-1].ID, 1
	more, err := r.Access.Entries(ctx, PrincipalOf(ctx), q)
	if err != nil {
		return nil, err
	}
	if len(more) > 0 {
		out.Body.Next = formatPoint(auditList, cursorStart, q.Before)
	}
	return out, nil
}
