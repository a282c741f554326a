package fiberhttp

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// auditEntry is a line of the audit log.
type auditEntry struct {
	ID      string        `json:"id"`
	Of      *string       `json:"of" doc:"The entry whose command this one ends; null for one that stands alone."`
	At      time.Time     `json:"at"`
	Actor   auditActor    `json:"actor"`
	Action  string        `json:"action" example:"access.role_saved"`
	Subject string        `json:"subject" doc:"Id of what it was done to."`
	Outcome string        `json:"outcome" enum:"begun,done,refused,unknown" doc:"One that is begun and has no end was cut off, and its effect may stand."`
	Code    string        `json:"code" doc:"Of the problem, unless it was done."`
	Changes []auditChange `json:"changes"`
}

type auditActor struct {
	Kind string `json:"kind" enum:"customer,staff,api_key,system"`
	ID   string `json:"id" doc:"Of the system, the part that acts."`
}

type auditChange struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

func auditEntryOf(e ports.AuditEntry) auditEntry {
	out := auditEntry{
		ID: ref.UUID(e.ID).String(), At: e.At.UTC(), Actor: auditActor(e.Actor), Action: e.Action, Subject: e.Subject,
		Outcome: string(e.Outcome), Code: e.Code, Changes: make([]auditChange, len(e.Changes)),
	}
	if e.Of != ([16]byte{}) {
		of := ref.UUID(e.Of).String()
		out.Of = &of
	}
	for i, c := range e.Changes {
		out.Changes[i] = auditChange(c)
	}
	return out
}
