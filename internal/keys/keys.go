// Package keys keeps the key of every case, wrapped by the master key, in a database of its own. Whoever destroys a
// case's key destroys the case in every backup. It seals nothing itself, and does not know what a case is.
package keys

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"sync"
	"time"

	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/seal"
)

//go:embed schema
var schemaFiles embed.FS

// Schema is the key store's own: its database has no other tables, and its order begins at 0001.
var Schema = db.Schema{Room: "keys", Files: schemaFiles}

const (
	caseKey = "case"
	rootKey = "root"
)

// Store is the key store. It is safe for use by many at once.
type Store struct {
	db    *db.DB
	cache cache

	mu     sync.Mutex
	master seal.Master
}

// Open looks at whether the store belongs to this master key. A store that belongs to none yet belongs to it from now on.
func Open(ctx context.Context, d *db.DB, m seal.Master) (*Store, error) {
	if m.IsZero() {
		return nil, seal.NoKey
	}
	s := &Store{db: d, master: m}
	err := d.Write(ctx, "", func(tx *db.Tx) error {
		if err := claim(tx, m.Fingerprint()); err != nil {
			return err
		}
		return belongs(tx, m)
	})
	if err != nil {
		return nil, fmt.Errorf("open the key store: %w", err)
	}
	return s, nil
}

// WrongMaster is the error of a master key that is not the one.
type WrongMaster struct{ Expected, Given string }

func (w *WrongMaster) Error() string {
	return "this is another master key: the data belongs to the key " + w.Expected + ", and the key given is " + w.Given
}

// belongs refuses to go on under a master key that is not, or is no longer, the store's. Every transaction that wraps or
// unwraps asks first: a key that was wrapped by an old master key would be lost with it.
func belongs(tx *db.Tx, m seal.Master) error {
	switch owner, err := owner(tx); {
	case err != nil:
		return err
	case owner != m.Fingerprint():
		return &WrongMaster{Expected: owner, Given: m.Fingerprint()}
	}
	return nil
}

func (s *Store) current() seal.Master {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.master
}

// Make makes the key of a new case. It is on disk when Make returns, and so before the row that needs it; when that row
// never comes, Sweep takes the key away. A case that has a key already keeps it, so a transaction that is run again may
// ask again.
func (s *Store) Make(ctx context.Context, caseID string) (seal.Key, error) {
	return s.make(ctx, caseKey, caseID)
}

// Case gives a case's key; fault.Gone when it was destroyed, fault.NotFound when there never was one.
func (s *Store) Case(ctx context.Context, caseID string) (seal.Key, error) {
	return s.get(ctx, caseKey, caseID)
}

// Root gives the key of one use of the whole house, such as "index", and makes it when it is first asked for.
func (s *Store) Root(ctx context.Context, name string) (seal.Key, error) {
	key, err := s.get(ctx, rootKey, name)
	if errors.Is(err, fault.NotFound) {
		return s.make(ctx, rootKey, name)
	}
	return key, err
}

// label is the id under which a key is wrapped: a case's key cannot be put in the place of a root key.
func label(kind, id string) string { return kind + "/" + id }

func (s *Store) make(ctx context.Context, kind, id string) (seal.Key, error) {
	if id == "" {
		return seal.Key{}, errors.New("a key needs the id of what it is for")
	}
	key, err := seal.NewKey()
	if err != nil {
		return seal.Key{}, err
	}
	m := s.current()
	wrapped, err := m.Wrap(label(kind, id), key)
	if err != nil {
		return seal.Key{}, err
	}
	made := false
	err = s.db.Write(ctx, "", func(tx *db.Tx) error {
		if err := belongs(tx, m); err != nil {
			return err
		}
		if err := notDestroyed(tx, kind, id); err != nil {
			return err
		}
		made, err = insert(tx, kind, id, wrapped)
		return err
	})
	switch {
	case err != nil:
		return seal.Key{}, fmt.Errorf("make the key of %s %s: %w", kind, id, err)
	case !made:
		return s.get(ctx, kind, id)
	}
	return key, nil
}

func (s *Store) get(ctx context.Context, kind, id string) (seal.Key, error) {
	name := label(kind, id)
	key, before, found := s.cache.get(name)
	if found {
		return key, nil
	}
	m := s.current()
	err := s.db.Read(ctx, "", func(tx *db.Tx) error {
		if err := belongs(tx, m); err != nil {
			return err
		}
		wrapped, err := find(tx, kind, id)
		if errors.Is(err, fault.NotFound) {
			if err := notDestroyed(tx, kind, id); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		key, err = m.Unwrap(name, wrapped)
		return err
	})
	if err != nil {
		return seal.Key{}, fmt.Errorf("find the key of %s %s: %w", kind, id, err)
	}
	s.cache.put(name, key, before)
	return key, nil
}

func notDestroyed(tx *db.Tx, kind, id string) error {
	if kind != caseKey {
		return nil
	}
	switch at, err := destroyedAt(tx, id); {
	case errors.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	default:
		return fault.Of(fault.Gone, "its key was destroyed at %s", at)
	}
}

// Destroy takes a case's key away for good: from then on Case gives fault.Gone. It returns when the database's own files
// do not hold the key any more; docs/security.md says which copies it cannot reach. It may be asked again, and should be
// when it failed.
func (s *Store) Destroy(ctx context.Context, caseID string) error {
	err := s.db.Write(ctx, "", func(tx *db.Tx) error {
		_, err := destroyedAt(tx, caseID)
		if err == nil || !errors.Is(err, fault.NotFound) {
			return err
		}
		return destroy(tx, caseID)
	})
	s.cache.empty()
	if err == nil {
		err = s.db.Forget(ctx, "wrapped_key")
	}
	if err != nil {
		return fmt.Errorf("destroy the key of case %s: %w", caseID, err)
	}
	return nil
}

// Sweep takes away keys that were made before older and that no row needs: the row's transaction failed after the key
// was made. A key that was once in use is never swept, whatever inUse says later: after the restore of an old backup the
// newer one may still be found.
func (s *Store) Sweep(ctx context.Context, older time.Time, inUse func(id string) (bool, error)) (int, error) {
	var candidates []string
	err := s.db.Read(ctx, "", func(tx *db.Tx) (err error) {
		candidates, err = unproven(tx, older)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("look for keys that nothing needs: %w", err)
	}
	swept := 0
	for _, id := range candidates {
		needed, err := inUse(id)
		if err != nil {
			return swept, fmt.Errorf("ask whether case %s is there: %w", id, err)
		}
		err = s.db.Write(ctx, "", func(tx *db.Tx) error {
			if needed {
				return prove(tx, id)
			}
			return sweep(tx, id)
		})
		if err != nil {
			return swept, fmt.Errorf("sweep the key of case %s: %w", id, err)
		}
		if !needed {
			swept++
		}
	}
	if swept > 0 {
		s.cache.empty()
	}
	return swept, nil
}

// Missing names those of the cases that have no key here, although none was destroyed: after a restore they cannot be
// opened, and the key store must come from a newer copy.
func (s *Store) Missing(ctx context.Context, ids []string) ([]string, error) {
	known := map[string]bool{}
	err := s.db.Read(ctx, "", func(tx *db.Tx) error {
		there, err := caseIDs(tx)
		if err != nil {
			return err
		}
		gone, err := destroyed(tx)
		for _, id := range there {
			known[id] = true
		}
		for _, d := range gone {
			known[d.CaseID] = true
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for cases without a key: %w", err)
	}
	var missing []string
	for _, id := range ids {
		if !known[id] {
			missing = append(missing, id)
		}
	}
	return missing, nil
}

// Destroyed is a case whose key was destroyed.
type Destroyed struct {
	CaseID string
	At     time.Time
}

// Destroyed lists the cases whose key was destroyed, the first one first: after the restore of an older backup their
// rows are there again, and are to be taken away again.
func (s *Store) Destroyed(ctx context.Context) (all []Destroyed, err error) {
	err = s.db.Read(ctx, "", func(tx *db.Tx) (err error) {
		all, err = destroyed(tx)
		return err
	})
	return all, err
}

// Counts is what a store holds.
type Counts struct{ Cases, Roots, Destroyed int }

// Check unwraps every key. It fails on the first that does not open under the master key.
func (s *Store) Check(ctx context.Context) (n Counts, err error) {
	m := s.current()
	err = s.db.Read(ctx, "", func(tx *db.Tx) error {
		n = Counts{}
		if err := belongs(tx, m); err != nil {
			return err
		}
		gone, err := destroyed(tx)
		if err != nil {
			return err
		}
		n.Destroyed = len(gone)
		return each(tx, func(w wrappedKey) error {
			if _, err := m.Unwrap(label(w.kind, w.id), w.wrapped); err != nil {
				return fmt.Errorf("the key of %s %s: %w", w.kind, w.id, err)
			}
			if w.kind == caseKey {
				n.Cases++
			} else {
				n.Roots++
			}
			return nil
		})
	})
	return n, err
}

// Rotate wraps every key anew, by the next master key, in one transaction: before it only the old master key opens the
// store, after it only the next. No record is rewritten, since the keys stay what they were. It says how many there are.
func (s *Store) Rotate(ctx context.Context, next seal.Master) (int, error) {
	m := s.current()
	if next.IsZero() {
		return 0, seal.NoKey
	}
	if next.Fingerprint() == m.Fingerprint() {
		return 0, errors.New("the next master key is the one in use already")
	}
	n := 0
	err := s.db.Write(ctx, "", func(tx *db.Tx) error {
		n = 0
		if err := belongs(tx, m); err != nil {
			return err
		}
		err := each(tx, func(w wrappedKey) error {
			key, err := m.Unwrap(label(w.kind, w.id), w.wrapped)
			if err != nil {
				return fmt.Errorf("the key of %s %s: %w", w.kind, w.id, err)
			}
			if w.wrapped, err = next.Wrap(label(w.kind, w.id), key); err != nil {
				return err
			}
			n++
			return rewrap(tx, w)
		})
		if err != nil {
			return err
		}
		return hand(tx, next.Fingerprint())
	})
	if err != nil {
		return 0, fmt.Errorf("wrap the keys anew: %w", err)
	}
	s.mu.Lock()
	s.master = next
	s.mu.Unlock()
	s.cache.empty()
	if err := s.db.Forget(ctx, "wrapped_key"); err != nil {
		return n, fmt.Errorf("overwrite the keys as they were wrapped before: %w", err)
	}
	return n, nil
}
