package memory

import (
	"bytes"
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// blobs keeps content in a store.
type blobs struct{ store *Store }

var _ ports.Blobs = blobs{}

// Blobs gives the port that keeps content by key.
func (s *Store) Blobs() ports.Blobs { return blobs{s} }

// Put keeps a copy of the content.
func (b blobs) Put(ctx context.Context, key string, content []byte) error {
	if err := ports.CheckBlob(key, len(content)); err != nil {
		return err
	}
	return b.store.update(ctx, func() (func(), error) {
		kept := append([]byte{}, content...)
		return func() { b.store.content[key] = kept }, nil
	})
}

// Get gives a copy of the content.
func (b blobs) Get(ctx context.Context, key string) ([]byte, error) {
	return view(ctx, b.store, func() ([]byte, error) {
		kept, there := b.store.content[key]
		if !there {
			return nil, fault.Missing.New("there is no such blob")
		}
		return bytes.Clone(kept), nil
	})
}

// Delete forgets the content.
func (b blobs) Delete(ctx context.Context, key string) error {
	return b.store.update(ctx, func() (func(), error) {
		return func() { delete(b.store.content, key) }, nil
	})
}
