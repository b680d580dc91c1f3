package keys_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/serdes"

	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/keys"
	"waymark/internal/seal"
	"waymark/internal/webtest"
)

var ctx = context.Background()

func open(t testing.TB, d *db.DB, m seal.Master) *keys.Store {
	t.Helper()
	s, err := keys.Open(ctx, d, m)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// same asks whether two keys are one.
func same(a, b seal.Key) bool { return bytes.Equal(a.Derive("same"), b.Derive("same")) }

func wrappedOf(t testing.TB, d *db.DB, kind, id string) []byte {
	t.Helper()
	var wrapped []byte
	err := d.Read(ctx, "", func(tx *db.Tx) (err error) {
		wrapped, err = db.One(tx, db.Of[[]byte], `select wrapped from wrapped_key where kind = $1 and id = $2`, kind, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return wrapped
}

func TestACaseKeepsItsKeyAcrossARestart(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		m := seal.NewMaster()
		s := open(t, d, m)
		made := must[seal.Key](t)(s.Make(ctx, "c1"))
		other := must[seal.Key](t)(s.Make(ctx, "c2"))
		root := must[seal.Key](t)(s.Root(ctx, "index"))
		if same(made, other) || same(made, root) {
			t.Error("two cases have one key")
		}
		if again := must[seal.Key](t)(s.Make(ctx, "c1")); !same(again, made) {
			t.Error("a transaction that ran twice got two keys for one case")
		}
		later := open(t, d, m)
		for id, want := range map[string]seal.Key{"c1": made, "c2": other} {
			if got := must[seal.Key](t)(later.Case(ctx, id)); !same(got, want) {
				t.Errorf("%s has another key after a restart", id)
			}
		}
		if !same(must[seal.Key](t)(later.Root(ctx, "index")), root) || same(must[seal.Key](t)(later.Root(ctx, "account")), root) {
			t.Error("the root keys are not what they were")
		}
		if _, err := later.Case(ctx, "c3"); !errors.Is(err, fault.NotFound) {
			t.Errorf("a case that never was: %v", err)
		}
		if _, err := later.Case(ctx, "index"); !errors.Is(err, fault.NotFound) {
			t.Errorf("a root key was given as a case's: %v", err)
		}
		if _, err := later.Make(ctx, ""); err == nil {
			t.Error("a key was made for nothing")
		}
		if n := must[keys.Counts](t)(later.Check(ctx)); n != (keys.Counts{Cases: 2, Roots: 2}) {
			t.Errorf("%+v", n)
		}
	}, keys.Schema)
}

func TestManyWhoAskForOneKeyGetTheSame(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		m := seal.NewMaster()
		stores := []*keys.Store{open(t, d, m), open(t, d, m)}
		got := make([]seal.Key, 8)
		var wait sync.WaitGroup
		for i := range got {
			wait.Go(func() {
				key, err := stores[i%2].Root(ctx, "index")
				if err != nil {
					t.Error(err)
				}
				got[i] = key
			})
		}
		wait.Wait()
		for _, key := range got {
			if key.IsZero() || !same(key, got[0]) {
				t.Fatal("two callers have two root keys")
			}
		}
	}, keys.Schema)
}

func TestAnotherMasterKeyIsRefusedWithBothFingerprints(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		right, wrong := seal.NewMaster(), seal.NewMaster()
		open(t, d, right)
		_, err := keys.Open(ctx, d, wrong)
		want := "the data belongs to the key " + right.Fingerprint() + ", and the key given is " + wrong.Fingerprint()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v", err)
		}
		if _, err := keys.Open(ctx, d, seal.Master{}); err == nil {
			t.Error("no master key opened the store")
		}
	}, keys.Schema)
}

func TestAKeyThatWasChangedOrPutInAnotherCasesPlaceOpensNothing(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		m := seal.NewMaster()
		s := open(t, d, m)
		must[seal.Key](t)(s.Make(ctx, "c1"))
		must[seal.Key](t)(s.Make(ctx, "c2"))
		stolen := wrappedOf(t, d, "case", "c1")
		err := d.Write(ctx, "", func(tx *db.Tx) error {
			_, err := tx.Exec(`update wrapped_key set wrapped = $1 where id = 'c2'`, stolen)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := open(t, d, m).Case(ctx, "c2"); !errors.Is(err, seal.Broken) {
			t.Errorf("another case's key opened it: %v", err)
		}
		if _, err := s.Check(ctx); !errors.Is(err, seal.Broken) || !strings.Contains(err.Error(), "case c2") {
			t.Errorf("the check says %v", err)
		}
		if _, err := s.Rotate(ctx, seal.NewMaster()); !errors.Is(err, seal.Broken) {
			t.Errorf("rotation says %v", err)
		}
		if _, err := keys.Open(ctx, d, m); err != nil {
			t.Errorf("a rotation that failed changed the owner: %v", err)
		}
	}, keys.Schema)
}

func TestADestroyedKeyIsGoneAndItsBytesAreOverwritten(t *testing.T) {
	t.Run("both", func(t *testing.T) { webtest.OnBoth(t, destroyOne, keys.Schema) })
	cfg := webtest.SQLite(t, time.Now)
	cfg.Name = "keys"
	d := webtest.OpenDB(t, cfg, keys.Schema)
	m := seal.NewMaster()
	s := open(t, d, m)
	for i := range 300 {
		must[seal.Key](t)(s.Make(ctx, fmt.Sprintf("c%03d", i)))
	}
	kept, lost, moved := wrappedOf(t, d, "case", "c001"), wrappedOf(t, d, "case", "c150"), wrappedOf(t, d, "case", "c160")
	if file := plainPages(t, cfg); !bytes.Contains(file, lost) || !bytes.Contains(file, kept) {
		t.Fatal("the test does not see the keys that are there")
	}
	if err := s.Destroy(ctx, "c150"); err != nil {
		t.Fatal(err)
	}
	if log, err := os.Stat(cfg.Path() + "-wal"); err != nil || log.Size() != 0 {
		t.Errorf("the write-ahead log still holds %d bytes (%v)", log.Size(), err)
	}
	file := plainPages(t, cfg)
	if bytes.Contains(file, lost) || bytes.Contains(file, lost[1:30]) || bytes.Contains(file, lost[30:]) {
		t.Error("the file still holds the destroyed key")
	}
	if !bytes.Contains(file, kept) {
		t.Error("a key that was not destroyed is not where it was")
	}
	if _, err := s.Rotate(ctx, seal.NewMaster()); err != nil {
		t.Fatal(err)
	}
	if file := plainPages(t, cfg); bytes.Contains(file, kept) || bytes.Contains(file, moved) {
		t.Error("after a change of the master key the file still holds a key as it was wrapped before")
	}
}

// On PostgreSQL the file of the table is read as the server keeps it on disk. What its own log of changes keeps stays out
// of reach; docs/security.md says so.
func TestADestroyedKeyIsNotInPostgreSQLsTableAnyMore(t *testing.T) {
	if testing.Short() {
		t.Skip("PostgreSQL is not asked by `make quick`; `make test` asks it")
	}
	d := webtest.OpenDB(t, webtest.Postgres(t, time.Now), keys.Schema)
	s := open(t, d, seal.NewMaster())
	for i := range 50 {
		must[seal.Key](t)(s.Make(ctx, fmt.Sprintf("c%03d", i)))
	}
	file := func() (raw []byte) {
		err := d.Write(ctx, "", func(tx *db.Tx) (err error) {
			if _, err = tx.Exec(`checkpoint`); err == nil {
				raw, err = db.One(tx, db.Of[[]byte], `select pg_read_binary_file(pg_relation_filepath('wrapped_key'))`)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	kept, lost := wrappedOf(t, d, "case", "c001"), wrappedOf(t, d, "case", "c020")
	if raw := file(); !bytes.Contains(raw, lost) || !bytes.Contains(raw, kept) {
		t.Fatal("the test does not see the keys that are there")
	}
	if err := s.Destroy(ctx, "c020"); err != nil {
		t.Fatal(err)
	}
	if raw := file(); bytes.Contains(raw, lost) || !bytes.Contains(raw, kept) {
		t.Errorf("destroyed: still there %v; another: there %v", bytes.Contains(raw, lost), bytes.Contains(raw, kept))
	}
}

// plainPages is the file of a SQLite database without its encryption: every page, those that nobody uses included.
func plainPages(t *testing.T, cfg db.Config) []byte {
	t.Helper()
	pool := must[*sql.DB](t)(driver.Open("file:"+cfg.Path()+"?vfs=adiantum", func(c *sqlite3.Conn) error {
		return c.Exec("PRAGMA hexkey='" + hex.EncodeToString(cfg.PageKey) + "'")
	}))
	defer pool.Close()
	conn := must[*sql.Conn](t)(pool.Conn(ctx))
	defer conn.Close()
	var pages []byte
	err := conn.Raw(func(c any) (err error) {
		pages, err = serdes.Serialize(c.(driver.Conn).Raw(), "main")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

func destroyOne(t *testing.T, d *db.DB) {
	m := seal.NewMaster()
	s := open(t, d, m)
	must[seal.Key](t)(s.Make(ctx, "c1"))
	kept := must[seal.Key](t)(s.Make(ctx, "c2"))
	must[seal.Key](t)(s.Case(ctx, "c1"))
	if err := s.Destroy(ctx, "c1"); err != nil {
		t.Fatal(err)
	}
	if s.Cached() != 0 {
		t.Error("keys are still in memory")
	}
	for name, store := range map[string]*keys.Store{"now": s, "after a restart": open(t, d, m)} {
		if _, err := store.Case(ctx, "c1"); !errors.Is(err, fault.Gone) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := store.Make(ctx, "c1"); !errors.Is(err, fault.Gone) {
			t.Errorf("%s: a destroyed case got a new key: %v", name, err)
		}
		if !same(must[seal.Key](t)(store.Case(ctx, "c2")), kept) {
			t.Errorf("%s: another case lost its key", name)
		}
	}
	if err := s.Destroy(ctx, "c1"); err != nil {
		t.Errorf("asked a second time: %v", err)
	}
	if err := s.Destroy(ctx, "c9"); !errors.Is(err, fault.NotFound) {
		t.Errorf("a case that never was: %v", err)
	}
	gone := must[[]keys.Destroyed](t)(s.Destroyed(ctx))
	if len(gone) != 1 || gone[0].CaseID != "c1" || gone[0].At.IsZero() {
		t.Errorf("%v", gone)
	}
}

func TestKeysThatNoRowNeedsAreSweptAndNoOthers(t *testing.T) {
	at := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	webtest.OnBothAt(t, func() time.Time { return at }, func(t *testing.T, d *db.DB) {
		start := at
		defer func() { at = start }()
		s := open(t, d, seal.NewMaster())
		for _, id := range []string{"used", "orphan"} {
			must[seal.Key](t)(s.Make(ctx, id))
		}
		must[seal.Key](t)(s.Root(ctx, "index"))
		at = at.Add(time.Hour)
		must[seal.Key](t)(s.Make(ctx, "young"))
		there := map[string]bool{"used": true}
		asked := []string{}
		inUse := func(id string) (bool, error) { asked = append(asked, id); return there[id], nil }
		if n := must[int](t)(s.Sweep(ctx, at, inUse)); n != 1 {
			t.Errorf("%d were swept", n)
		}
		if fmt.Sprint(asked) != "[orphan used]" {
			t.Errorf("asked about %v", asked)
		}
		if _, err := s.Case(ctx, "orphan"); !errors.Is(err, fault.NotFound) {
			t.Errorf("the orphan: %v", err)
		}
		for _, id := range []string{"used", "young"} {
			if _, err := s.Case(ctx, id); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}

		// An older backup of the cases was put back: the rows are not there, but their keys stay.
		there = nil
		if n := must[int](t)(s.Sweep(ctx, at, inUse)); n != 0 {
			t.Errorf("%d keys that were in use were swept", n)
		}
		if _, err := s.Case(ctx, "used"); err != nil {
			t.Error(err)
		}
		broken := errors.New("no answer")
		if n, err := s.Sweep(ctx, at.Add(time.Hour), func(string) (bool, error) { return false, broken }); n != 0 || !errors.Is(err, broken) {
			t.Errorf("%d, %v", n, err)
		}
	}, keys.Schema)
}

func TestARestoreNamesTheCasesWithoutAKey(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, seal.NewMaster())
		must[seal.Key](t)(s.Make(ctx, "here"))
		must[seal.Key](t)(s.Make(ctx, "destroyed"))
		if err := s.Destroy(ctx, "destroyed"); err != nil {
			t.Fatal(err)
		}
		if missing := must[[]string](t)(s.Missing(ctx, []string{"lost 2", "here", "destroyed", "lost 1"})); !slices.Equal(missing, []string{"lost 2", "lost 1"}) {
			t.Errorf("%q", missing)
		}
	}, keys.Schema)
}
