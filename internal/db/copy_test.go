package db_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/webtest"
)

// emptyLike is a configuration for a database that is not there yet (SQLite) or is empty (PostgreSQL).
func emptyLike(t *testing.T, cfg db.Config) db.Config {
	if cfg.URL == "" {
		return webtest.SQLite(t, time.Now)
	}
	return webtest.Postgres(t, time.Now)
}

func TestACopyHoldsOneMomentWhileOthersGoOnWriting(t *testing.T) {
	for _, cfg := range configs(t) {
		d := webtest.OpenDB(t, cfg, notes)
		stop, done := make(chan bool), make(chan error)
		for n := range 200 {
			if err := add(d, fmt.Sprintf("before-%d", n), n, "Tesfalem-Ohenhen"); err != nil {
				t.Fatal(err)
			}
		}
		go func() {
			var err error
			for n := 0; err == nil; n++ {
				select {
				case <-stop:
					done <- nil
					return
				default:
					err = add(d, fmt.Sprintf("during-%d", n), n, "x")
				}
			}
			done <- err
		}()
		key := make([]byte, 32)
		rand.Read(key)
		var copied bytes.Buffer
		var seen map[string]int64
		scratch := t.TempDir()
		err := d.Copy(ctx, scratch, key, &copied, func(tx *db.Tx) (err error) {
			seen, err = tx.Rows()
			return err
		})
		close(stop)
		if err := errors.Join(err, <-done); err != nil {
			t.Fatal(err)
		}
		if d.Engine() == "sqlite" && (bytes.Contains(copied.Bytes(), []byte("Ohenhen")) || bytes.Contains(copied.Bytes(), []byte("SQLite"))) {
			t.Error("the copy can be read without its key")
		}
		if left, _ := os.ReadDir(scratch); len(left) > 0 {
			t.Errorf("the scratch folder still holds %v", left)
		}
		there := emptyLike(t, cfg)
		if err := db.Fill(ctx, there, scratch, key, &copied); err != nil {
			t.Fatal(err)
		}
		again := webtest.OpenDB(t, there, notes)
		if n := count(t, again); n < 200 || n != seen["note"] {
			t.Errorf("%d rows were restored, and look saw %d", n, seen["note"])
		}
		if err := again.Check(ctx); err != nil {
			t.Error(err)
		}
		if err := add(again, "after", 1, "x"); err != nil {
			t.Error(err)
		}
		if err := db.Fill(ctx, there, scratch, key, &copied); !errors.Is(err, fault.Conflict) {
			t.Errorf("a restore over a database: %v", err)
		}
	}
}

// The key of a copy stands in an address, which SQLite quotes in its errors.
func TestTheKeyOfACopyIsInNoError(t *testing.T) {
	d := webtest.OpenDB(t, webtest.SQLite(t, time.Now), notes)
	key := make([]byte, 32)
	rand.Read(key)
	disk := t.TempDir()
	for _, scratch := range []string{filepath.Join(disk, "none"), "/proc/self"} {
		err := d.Copy(ctx, scratch, key, &bytes.Buffer{}, func(*db.Tx) error { return nil })
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), hex.EncodeToString(key)[:16]) {
			t.Error(err)
		}
	}
	if err := db.VacuumInto(ctx, d, "/proc/self/copy.db", key); err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), hex.EncodeToString(key)[:16]) {
		t.Error(err)
	}
}

func TestAScratchDatabaseComesAndGoes(t *testing.T) {
	if testing.Short() {
		t.Skip("PostgreSQL is not asked by `make quick`; `make test` asks it")
	}
	scratch, drop, err := db.Scratch(ctx, webtest.Postgres(t, time.Now).URL)
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(db.Config{URL: scratch, Name: "waymark", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(d.Migrate(ctx, "test", notes), add(d, "a", 1, "x"), d.Close(), drop()); err != nil {
		t.Error(err)
	}
	if _, err := db.Open(db.Config{URL: scratch, Name: "waymark", Now: time.Now}); err == nil {
		t.Error("it is still there")
	}
}
