package portstest

import (
	"bytes"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// TestBlobs proves an adapter of ports.Blobs. Open gives an empty store for each subtest.
func TestBlobs(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	run(t, BlobsClauses(), open)
}

// BlobsClauses are the clauses of ports.Blobs.
func BlobsClauses() []Clause[Harness] {
	return []Clause[Harness]{
		{ID: "blobs-get", Case: "any bytes", Run: blobsBytes},
		{ID: "blobs-get", Case: "what is not there", Run: blobsMissing},
		{ID: "blobs-get", Case: "what nobody else can change", Run: blobsOwn},
		{ID: "blobs-put", Case: "over what was there", Run: blobsReplaced},
		{ID: "blobs-put", Case: "what the caller changes afterwards", Run: blobsKept},
		{ID: "blobs-put", Case: "what is no blob", Run: blobsRefused},
		{ID: "blobs-delete", Case: "one alone, and again", Run: blobsDeleted},
		{ID: "blobs-durable", Case: "opened anew", Run: blobsDurable},
	}
}

// put keeps content that the store must take.
func (w *world) put(key string, content []byte) {
	w.Helper()
	w.must("Put", w.Blobs.Put(w.Context(), key, content))
}

// content checks what a key has; nil is nothing.
func (w *world) content(key string, want []byte) {
	w.Helper()
	got, err := w.Blobs.Get(w.Context(), key)
	switch {
	case want == nil && (err == nil || fault.KindOf(err) != fault.NotFound):
		w.Errorf("%s: %d bytes, %v; want kind not_found", key, len(got), err)
	case want != nil && (err != nil || !bytes.Equal(got, want)):
		w.Errorf("%s: %d bytes, %v; want %d", key, len(got), err, len(want))
	}
}

// everyByte is content with all there is, of so many bytes.
func everyByte(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(i)
	}
	return out
}

func blobsBytes(t TB, open func(TB) Harness) {
	w := begin(t, open)
	for key, content := range map[string][]byte{"a": everyByte(256), "large": everyByte(3 << 20), "a/b": {}, "A": []byte("text")} {
		w.put(key, content)
		w.content(key, content)
	}
	w.content("a", everyByte(256))
}

func blobsMissing(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.put("a", []byte("x"))
	for _, key := range []string{"b", "a/", "A", "%", ""} {
		w.content(key, nil)
	}
}

func blobsOwn(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.put("a", []byte("content"))
	got, err := w.Blobs.Get(w.Context(), "a")
	w.must("Get", err)
	clear(got)
	w.content("a", []byte("content"))
}

func blobsReplaced(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.put("a", everyByte(1000))
	w.put("b", []byte("other"))
	w.put("a", []byte("short"))
	w.content("a", []byte("short"))
	w.content("b", []byte("other"))
}

func blobsKept(t TB, open func(TB) Harness) {
	w := begin(t, open)
	mine := []byte("content")
	w.put("a", mine)
	clear(mine)
	w.content("a", []byte("content"))
}

func blobsRefused(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.put("a", []byte("content"))
	for key, content := range map[string][]byte{
		"": []byte("x"), string(bytes.Repeat([]byte("k"), ports.BlobKeyMost+1)): []byte("x"), "a": make([]byte, ports.BlobMost+1),
	} {
		if err := w.Blobs.Put(w.Context(), key, content); !fault.Is(err, fault.Bad) {
			w.Errorf("a key of %d bytes with %d bytes of content: %v", len(key), len(content), err)
		}
	}
	w.content("a", []byte("content"))
	w.put(string(bytes.Repeat([]byte("k"), ports.BlobKeyMost)), []byte("x"))
}

func blobsDeleted(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.put("a", []byte("x"))
	w.put("a/b", []byte("y"))
	for range 2 {
		w.must("Delete", w.Blobs.Delete(w.Context(), "a"))
		w.content("a", nil)
		w.content("a/b", []byte("y"))
	}
	w.put("a", []byte("z"))
	w.content("a", []byte("z"))
}

func blobsDurable(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.put("a", everyByte(1<<20))
	w.put("b", []byte("x"))
	w.must("Delete", w.Blobs.Delete(w.Context(), "b"))
	w.Harness = w.Reopen(t)
	w.content("a", everyByte(1<<20))
	w.content("b", nil)
}
