package memory

import (
	"bytes"
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/ports"
)

// auditState holds the audit log, by the ids of the entries.
type auditState struct{ entries []ports.AuditEntry }

func compareEntries(a, b ports.AuditEntry) int { return bytes.Compare(a.ID[:], b.ID[:]) }

// write adds entries; most are newer than all that are there.
func (a *auditState) write(entries []ports.AuditEntry) {
	for _, e := range entries {
		e.Changes = slices.Clone(e.Changes)
		i, _ := slices.BinarySearchFunc(a.entries, e, compareEntries)
		a.entries = slices.Insert(a.entries, i, e)
	}
}

// auditLog reads the audit log of a store.
type auditLog struct{ store *Store }

var _ access.AuditLog = auditLog{}

// AuditLog gives the port that reads the audit log.
func (s *Store) AuditLog() access.AuditLog { return auditLog{s} }

// Entries gives a page, newest first.
func (l auditLog) Entries(ctx context.Context, q access.AuditQuery) ([]ports.AuditEntry, error) {
	return view(ctx, l.store, func() ([]ports.AuditEntry, error) {
		all := l.store.audit.entries
		if q.Before != [16]byte{} {
			i, _ := slices.BinarySearchFunc(all, ports.AuditEntry{ID: q.Before}, compareEntries)
			all = all[:i]
		}
		out := []ports.AuditEntry{}
		for _, e := range slices.Backward(all) {
			if len(out) == q.Limit {
				break
			}
			if (q.Subject == "" || q.Subject == e.Subject) && (q.Actor == "" || q.Actor == e.Actor.ID) {
				e.Changes = slices.Clone(e.Changes)
				out = append(out, e)
			}
		}
		return out, nil
	})
}
