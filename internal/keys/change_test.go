package keys_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/seal"
	"waymark/internal/webtest"
)

// change is what a child process needs to change a master key, and where it shall die.
type change struct {
	Data, URL, Old, Next string
	DieAt                string
}

const changeVariable = "WAYMARK_TEST_CHANGE"

// TestMain lets this binary be the process that is killed.
func TestMain(m *testing.M) {
	if raw := os.Getenv(changeVariable); raw != "" {
		var c change
		if err := json.Unmarshal([]byte(raw), &c); err != nil {
			panic(err)
		}
		c.run()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func (c change) run() {
	keys.OnStep(func(step string) {
		if step == c.DieAt {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	})
	old, err := seal.ParseMaster([]byte(c.Old))
	next, err2 := seal.ParseMaster([]byte(c.Next))
	fmt.Println("begins")
	_, err3 := keys.ChangeMaster(ctx, c.Data, c.open, old, next)
	if err := errors.Join(err, err2, err3); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (c change) open(page []byte) (*db.DB, error) {
	return db.Open(db.Config{URL: c.URL, Folder: c.Data, Name: "keys", PageKey: page, Now: time.Now})
}

// opens tries everything that a copy with this master key opens: keyring, key store, each key.
func (c change) opens(m seal.Master) error {
	ring, err := keys.OpenKeyring(c.Data, m)
	if err != nil {
		return err
	}
	d, err := c.open(ring.Page("keys"))
	if err != nil {
		return err
	}
	defer d.Close()
	store, err := keys.Open(ctx, d, m)
	if err != nil {
		return err
	}
	if _, err := store.Check(ctx); err != nil {
		return err
	}
	return ring.Settle(store)
}

// prepare makes a data folder with a keyring and a key store of n cases, and one sealed record of the last one.
func (c *change) prepare(t *testing.T, old seal.Master, n int) (record []byte) {
	t.Helper()
	c.Data = t.TempDir()
	ring := must[keys.Keyring](t)(keys.OpenKeyring(c.Data, old))
	d := must[*db.DB](t)(c.open(ring.Page("keys")))
	defer d.Close()
	if err := d.Migrate(ctx, "test", keys.Schema); err != nil {
		t.Fatal(err)
	}
	store := open(t, d, old)
	key := must[seal.Key](t)(store.Make(ctx, "last"))
	wrapped := must[[]byte](t)(old.Wrap("case/c", key))
	err := d.Write(ctx, "", func(tx *db.Tx) error { // many at once, under ids of their own
		for i := range n {
			id := fmt.Sprintf("c%05d", i)
			w, err := old.Wrap("case/"+id, key)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(`insert into wrapped_key (kind, id, wrapped, in_use, made_at) values ('case', $1, $2, 1, '')`, id, w); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || len(wrapped) == 0 {
		t.Fatal(err)
	}
	return must[[]byte](t)(key.Seal(seal.Label{Field: "f", Row: "r"}, []byte("said at Lantern Street")))
}

// die runs the change in a process of its own until it is killed: at its step, or after a while.
func (c change) die(t *testing.T, old, next seal.Master, after time.Duration) {
	t.Helper()
	c.Old, c.Next = string(old.Reveal()), string(next.Reveal())
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), changeVariable+"="+string(raw))
	var said bytes.Buffer
	child.Stderr = &said
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	out.Read(make([]byte, 1)) // it begins
	if after > 0 {
		time.Sleep(after)
		child.Process.Kill()
	}
	err = child.Wait()
	if after == 0 && (err == nil || !strings.Contains(err.Error(), "killed")) || said.Len() > 0 {
		t.Fatalf("the process was to be killed at %q, but: %v %s", c.DieAt, err, &said)
	}
}

// places runs a test on a data folder with SQLite, and on one with PostgreSQL.
func places(t *testing.T, test func(t *testing.T, c change)) {
	t.Run("sqlite", func(t *testing.T) { test(t, change{}) })
	if !testing.Short() {
		t.Run("postgres", func(t *testing.T) { test(t, change{URL: webtest.Postgres(t, time.Now).URL}) })
	}
}

// finish begins the change once more, and looks at everything behind its end.
func (c change) finish(t *testing.T, old, next seal.Master, n int, record []byte) {
	t.Helper()
	got, err := keys.ChangeMaster(ctx, c.Data, c.open, old, next)
	if err != nil || got != n+1 {
		t.Fatalf("begun again: %d keys, %v", got, err)
	}
	wrong := (*keys.WrongMaster)(nil)
	if err := c.opens(old); !errors.As(err, &wrong) || wrong.Expected != next.Fingerprint() {
		t.Errorf("behind the end the old master key says %v", err)
	}
	if err := c.opens(next); err != nil {
		t.Errorf("behind the end the next master key: %v", err)
	}
	ring := must[keys.Keyring](t)(keys.OpenKeyring(c.Data, next))
	d := must[*db.DB](t)(c.open(ring.Page("keys")))
	defer d.Close()
	key := must[seal.Key](t)(open(t, d, next).Case(ctx, "last"))
	if plain, err := key.Open(seal.Label{Field: "f", Row: "r"}, record); err != nil || string(plain) != "said at Lantern Street" {
		t.Errorf("a record sealed before: %q %v", plain, err)
	}
	if left, _ := filepath.Glob(filepath.Join(c.Data, "keyring-new-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAChangeOfTheMasterKeyThatIsKilledBetweenItsStepsGoesOn(t *testing.T) {
	places(t, func(t *testing.T, c change) {
		for step, opener := range map[string]string{
			"either master key opens the keyring":          "old",
			"only the next master key opens the key store": "next",
			"only the next master key opens the keyring":   "next",
		} {
			t.Run(step, func(t *testing.T) {
				if c.URL != "" {
					c.URL = webtest.Postgres(t, time.Now).URL
				}
				old, next := seal.NewMaster(), seal.NewMaster()
				record := c.prepare(t, old, 20)
				c.DieAt = step
				c.die(t, old, next, 0)
				if opener == "old" {
					if err := c.opens(old); err != nil {
						t.Errorf("the old master key: %v", err)
					}
				} else if err := c.opens(next); err != nil {
					t.Errorf("the next master key: %v", err)
				}
				c.finish(t, old, next, 20, record)
			})
		}
	})
}

func TestAChangeOfTheMasterKeyThatIsKilledAtAnyMomentGoesOn(t *testing.T) {
	const n = 1000
	places(t, func(t *testing.T, c change) {
		old := seal.NewMaster()
		record := c.prepare(t, old, n)
		began, next := time.Now(), seal.NewMaster()
		c.finish(t, old, next, n, record)
		whole, old := time.Since(began), next
		random := rand.New(rand.NewPCG(1, 2))
		for range 8 {
			next := seal.NewMaster()
			c.die(t, old, next, time.Duration(random.Int64N(int64(whole)))+1)
			byOld, byNext := c.opens(old), c.opens(next)
			t.Logf("the old one opens it: %v", byOld == nil)
			if (byOld == nil) == (byNext == nil) {
				t.Fatalf("one of the two master keys should open everything; the old one: %v; the next one: %v", byOld, byNext)
			}
			c.finish(t, old, next, n, record)
			old = next
		}
	})
}

func TestAnotherChangeCannotLockOutTheOneBefore(t *testing.T) {
	places(t, func(t *testing.T, c change) {
		old, next, third := seal.NewMaster(), seal.NewMaster(), seal.NewMaster()
		record := c.prepare(t, old, 3)
		c.DieAt = "only the next master key opens the key store"
		c.die(t, old, next, 0)
		wrong := (*keys.WrongMaster)(nil)
		if _, err := keys.ChangeMaster(ctx, c.Data, c.open, old, third); !errors.As(err, &wrong) || wrong.Expected != next.Fingerprint() {
			t.Errorf("%v", err)
		}
		c.finish(t, old, next, 3, record)
		if _, err := keys.ChangeMaster(ctx, c.Data, c.open, next, next); err == nil {
			t.Error("a master key came after itself")
		}
	})
}
