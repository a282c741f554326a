package portstest_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

// The flaws of what keeps blobs.
const (
	blobsAsText    = "bytes that are no text are replaced"
	blobsFold      = "keys are found in any case"
	blobsInvent    = "an unknown key has an empty blob"
	blobsShareOut  = "a reader shares what is kept"
	blobsShareIn   = "a writer shares what is kept"
	blobsAppend    = "a put goes behind what was there"
	blobsAnySize   = "anything is kept"
	blobsStay      = "what is deleted stays"
	blobsSubtree   = "what begins with a key goes with it"
	blobsForgotten = "nothing outlives the process"
)

// shelfOfBlobs is the smallest ports.Blobs, with a flaw or without.
type shelfOfBlobs struct {
	flaw string
	mu   sync.Mutex
	kept map[string][]byte
}

func (s *shelfOfBlobs) harness() portstest.Harness {
	return portstest.Harness{Blobs: s, Reopen: func(portstest.TB) portstest.Harness {
		if s.flaw == blobsForgotten {
			clear(s.kept)
		}
		return s.harness()
	}}
}

func (s *shelfOfBlobs) key(key string) string {
	if s.flaw == blobsFold {
		return strings.ToLower(key)
	}
	return key
}

func (s *shelfOfBlobs) Put(_ context.Context, key string, content []byte) error {
	if err := ports.CheckBlob(key, len(content)); err != nil && s.flaw != blobsAnySize {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.flaw {
	case blobsShareIn:
		s.kept[key] = content
	case blobsAppend:
		s.kept[key] = append(s.kept[key], content...)
	case blobsAsText:
		s.kept[key] = bytes.ToValidUTF8(content, []byte("?"))
	default:
		s.kept[s.key(key)] = append([]byte{}, content...)
	}
	return nil
}

func (s *shelfOfBlobs) Get(_ context.Context, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	content, there := s.kept[s.key(key)]
	switch {
	case !there && s.flaw == blobsInvent:
		return []byte{}, nil
	case !there:
		return nil, fault.Missing.New("it is not there")
	case s.flaw == blobsShareOut:
		return content, nil
	}
	return append([]byte{}, content...), nil
}

func (s *shelfOfBlobs) Delete(_ context.Context, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for other := range s.kept {
		if s.flaw == blobsSubtree && strings.HasPrefix(other, key) || s.flaw != blobsStay && other == key {
			delete(s.kept, other)
		}
	}
	return nil
}

func TestBlobsMutants(t *testing.T) {
	t.Parallel()
	broken := func(flaw string, kills ...string) clausetest.Mutant[portstest.Harness] {
		return clausetest.Mutant[portstest.Harness]{Name: flaw, Kills: kills, Open: func(clausetest.TB) portstest.Harness {
			return (&shelfOfBlobs{flaw: flaw, kept: map[string][]byte{}}).harness()
		}}
	}
	clausetest.TestMutants(t, portstest.BlobsClauses(), []clausetest.Mutant[portstest.Harness]{
		broken(""),
		// What comes back is no longer what was put, whatever is done with it.
		broken(blobsAsText, "blobs-get", "blobs-durable"),
		broken(blobsFold, "blobs-get"),
		// What was deleted is there again, empty.
		broken(blobsInvent, "blobs-get", "blobs-delete", "blobs-durable"),
		broken(blobsShareOut, "blobs-get"),
		broken(blobsShareIn, "blobs-put"),
		broken(blobsAppend, "blobs-put"),
		broken(blobsAnySize, "blobs-put"),
		broken(blobsStay, "blobs-delete", "blobs-durable"),
		broken(blobsSubtree, "blobs-delete"),
		broken(blobsForgotten, "blobs-durable"),
	})
}
