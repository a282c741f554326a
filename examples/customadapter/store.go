package customadapter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// pending is the file that holds a commit while it is carried into the files that it changes.
const pending = "pending.json"

// Store is a catalogue in a directory. Made by Open; safe for concurrent use by one process.
type Store struct {
	dir string

	mu          sync.RWMutex
	book        book
	products    map[ref.ProductID]catalog.Product
	brands      map[ref.BrandID]catalog.Brand
	categories  map[ref.CategoryID]catalog.Category
	collections map[ref.CollectionID]catalog.Collection
	events      map[string]event.Event // By file, so that their order is that of the names.
}

// book is what a catalogue knows besides its things.
type book struct {
	Structure ref.Version
	Sweep     catalog.Sweep
	Moved     map[string]ref.ProductID // Slugs that were given up, and by whom.
}

// Open reads the directory, which need not exist yet, and ends a commit that a crash cut off.
func Open(dir string) (*Store, error) {
	s := &Store{
		dir: dir, products: map[ref.ProductID]catalog.Product{}, brands: map[ref.BrandID]catalog.Brand{},
		categories: map[ref.CategoryID]catalog.Category{}, collections: map[ref.CollectionID]catalog.Collection{},
		events: map[string]event.Event{}, book: book{Moved: map[string]ref.ProductID{}},
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	if err := s.settle(); err != nil {
		return nil, err
	}
	return s, fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".json" {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // A file of our own directory.
		if err != nil {
			return err
		}
		return s.learn(name, data)
	})
}

// change is a commit as files: their new contents by name, null for one that goes.
type change map[string]json.RawMessage

// put adds a file.
func (c change) put(name string, v any) error {
	data, err := json.Marshal(v)
	c[name+".json"] = data
	return err
}

// drop removes a file.
func (c change) drop(name string) { c[name+".json"] = json.RawMessage("null") }

// save makes the change true. A directory cannot change several files at once, but it can rename one: so the whole
// change is written into one file first. The rename is the moment at which it becomes true; what comes after can be
// done twice, and is done by whoever comes next when we cannot.
func (s *Store) save(c change) error {
	data, err := json.Marshal(c)
	if err == nil {
		err = s.write(pending, data)
	}
	if err != nil {
		return fault.Down.New("the commit could not be written; nothing was done").Because(err)
	}
	for name, data := range c {
		if err := s.learn(name, data); err != nil {
			return fault.Lost.New("the commit stands and could not be read back").Because(err)
		}
	}
	_ = s.settle() // The next commit tries again, and says so when it cannot.
	return nil
}

// settle carries the pending commit, if there is one, into its files.
func (s *Store) settle() error {
	data, err := os.ReadFile(filepath.Join(s.dir, pending))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var c change
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	for name, data := range c {
		if err != nil {
			break
		}
		if string(data) != "null" {
			err = s.write(name, data)
		} else if err = os.Remove(filepath.Join(s.dir, name)); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("ending a pending commit: %w", err)
	}
	return os.Remove(filepath.Join(s.dir, pending))
}

// write replaces a file as a whole: a reader, or a crash, finds the old one or the new one.
func (s *Store) write(name string, data []byte) error {
	to := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return err
	}
	if err := os.WriteFile(to+".tmp", data, 0o600); err != nil {
		return err
	}
	return os.Rename(to+".tmp", to)
}

// learn takes the contents of a file into memory. Decoding makes a copy that nobody else holds.
func (s *Store) learn(name string, data []byte) error {
	base := strings.TrimSuffix(path.Base(name), ".json")
	switch path.Dir(name) {
	case "products":
		return keep(s.products, base, data)
	case "brands":
		return keep(s.brands, base, data)
	case "categories":
		return keep(s.categories, base, data)
	case "collections":
		return keep(s.collections, base, data)
	case "events":
		var e event.Event
		err := json.Unmarshal(data, &e)
		s.events[base] = e
		return err
	case ".":
		var b book
		err := json.Unmarshal(data, &b)
		s.book = b
		return err
	default:
		return nil // Somebody else's.
	}
}

// keep puts a thing in its place, or takes it away.
func keep[K ref.Kind, T any](things map[ref.ID[K]]T, name string, data []byte) error {
	var id ref.ID[K]
	var thing T
	if err := id.UnmarshalText([]byte(name)); err != nil {
		return err
	}
	if string(data) == "null" {
		delete(things, id)
		return nil
	}
	err := json.Unmarshal(data, &thing)
	things[id] = thing
	return err
}

// view reads at one moment, and gives a copy that is the caller's to change.
func view[T any](ctx context.Context, s *Store, read func() (T, error)) (T, error) {
	var out T
	if err := ended(ctx); err != nil {
		return out, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	found, err := read()
	if err != nil {
		return out, err
	}
	data, err := json.Marshal(found)
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal(data, &out)
}

// ended refuses work for a caller who is gone.
func ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fault.Down.New("the request ended before the store was asked; nothing was done").Because(err)
	}
	return nil
}
