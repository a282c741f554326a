package orderingtest

import (
	"bytes"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// attachClauses prove [commit-attach].
func attachClauses() []Clause[Harness] {
	const id = "commit-attach"
	return []Clause[Harness]{
		{ID: id, Case: "kept", Run: attachmentsKept},
		{ID: id, Case: "replaced", Run: attachmentReplaced},
		{ID: id, Case: "as many and as large as allowed", Run: attachmentsFull},
	}
}

// attached checks what is kept under a key.
func (w *world) attached(kind, key string, wanted []byte) {
	w.Helper()
	got, ok := w.attachment(kind, key)
	if !ok || !bytes.Equal(got, wanted) {
		w.Errorf("attachment %s/%s: found %v, %d bytes, want %d", kind, key, ok, len(got), len(wanted))
	}
}

func attachmentsKept(t TB, open func(TB) Harness) {
	w := begin(t, open)
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	w.accept(ordering.Commit{At: w.at, Attach: []ordering.Attachment{
		{Kind: "erp", Key: "1", Data: every},
		{Kind: "erp", Key: "2", Data: []byte("two")},
		{Kind: "crm", Key: "1", Data: []byte("three")},
		{Kind: "ключ", Key: "🗝 ", Data: []byte("")},
	}})
	w.attached("erp", "1", every)
	w.attached("erp", "2", []byte("two"))
	w.attached("crm", "1", []byte("three"))
	w.attached("ключ", "🗝 ", nil)
	if _, ok := w.attachment("crm", "2"); ok {
		w.Errorf("an attachment was found that nobody wrote")
	}
}

func attachmentReplaced(t TB, open func(TB) Harness) {
	w := begin(t, open)
	for _, data := range []string{"first", "second", "", "fourth"} {
		w.accept(ordering.Commit{At: w.at, Attach: []ordering.Attachment{{Kind: "erp", Key: "1", Data: []byte(data)}}})
		w.attached("erp", "1", []byte(data))
	}
	w.accept(ordering.Commit{At: w.at, Attach: []ordering.Attachment{
		{Kind: "erp", Key: "1", Data: []byte("fifth")}, {Kind: "erp", Key: "1", Data: []byte("sixth")},
	}})
	w.attached("erp", "1", []byte("sixth"))
}

func attachmentsFull(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := ordering.Commit{At: w.at}
	for i := range ordering.AttachMax {
		c.Attach = append(c.Attach, ordering.Attachment{
			Kind: "bulk", Key: string(rune('a' + i)), Data: bytes.Repeat([]byte{byte(i)}, ordering.AttachSizeMax),
		})
	}
	w.accept(c)
	for _, a := range c.Attach {
		w.attached(a.Kind, a.Key, a.Data)
	}
}
