package db_test

import (
	"bytes"
	"encoding/binary"
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

// large fills a few pages, so that a transaction can fail in the middle.
var large = strings.Repeat("x", 20_000)

func TestAFullDiskIsOneSentenceAndNothingThatCountsIsLost(t *testing.T) {
	disk := webtest.NewDisk("full")
	for left := int64(0); left < 200_000; left += 7_777 {
		cfg := webtest.SQLite(t, time.Now)
		cfg.VFS = "full"
		disk.Free()
		d := webtest.OpenDB(t, cfg, notes)
		if err := add(d, "before", 1, large); err != nil {
			t.Fatal(err)
		}
		disk.Fill(left)
		kept := 0
		var err error
		for ; err == nil; kept++ {
			err = add(d, fmt.Sprint(kept), kept, large)
		}
		kept-- // the last one failed
		if !errors.Is(err, fault.Unwritable) || !strings.Contains(err.Error(), "the disk is full: nothing was saved and nothing was lost; make room") {
			t.Fatalf("%d bytes left: %v", left, err)
		}
		if n := count(t, d); n != int64(1+kept) {
			t.Fatalf("%d bytes left: %d rows can be read, not %d", left, n, 1+kept)
		}
		disk.Free()
		if err := add(d, "after", 1, large); err != nil || count(t, d) != int64(2+kept) {
			t.Fatalf("%d bytes left: with room again: %v, %d rows", left, err, count(t, d))
		}
	}
}

func TestADiskThatTurnsReadOnlyIsOneSentenceAndWhatWasSavedIsThere(t *testing.T) {
	disk := webtest.NewDisk("ill")
	cfg := webtest.SQLite(t, time.Now)
	cfg.VFS = "ill"
	d := webtest.OpenDB(t, cfg, notes)
	if err := add(d, "before", 1, large); err != nil {
		t.Fatal(err)
	}
	disk.ReadOnly(true)
	if err := add(d, "during", 1, large); !errors.Is(err, fault.Unwritable) || !strings.Contains(err.Error(), "the disk did not take what was to be saved") {
		t.Error(err)
	}
	if count(t, d) != 1 {
		t.Error("what was saved cannot be read")
	}
	disk.ReadOnly(false)
	if err := add(d, "after", 1, large); err != nil || count(t, d) != 2 {
		t.Errorf("when the disk is well again: %v, %d rows", err, count(t, d))
	}
}

// A torn block at the end of the log, as a full disk leaves it: what came before opens, and the database goes on.
func TestABlockThatReachedTheDiskInPartHidesNothing(t *testing.T) {
	cfg := webtest.SQLite(t, time.Now)
	d := webtest.OpenDB(t, cfg, notes)
	if err := add(d, "before", 1, large); err != nil {
		t.Fatal(err)
	}
	copied := cfg
	copied.Folder = t.TempDir() // as if the machine had died now: the log is still beside the database
	for _, name := range []string{"waymark.db", "waymark.db-wal"} {
		raw, err := os.ReadFile(filepath.Join(cfg.Folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "-wal") {
			raw = append(raw, bytes.Repeat([]byte{3}, 5000)...)
		}
		if err := os.WriteFile(filepath.Join(copied.Folder, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again := webtest.OpenDB(t, copied)
	if err := add(again, "after", 1, large); err != nil || count(t, again) != 2 {
		t.Errorf("%v, %d rows", err, count(t, again))
	}
}

// Root may write everywhere, so the folder is one in which nobody can make a file.
func TestAFolderThatTakesNoFilesIsOneClearSentence(t *testing.T) {
	cfg := webtest.SQLite(t, time.Now)
	cfg.Folder = "/proc/self"
	if _, err := db.Open(cfg); !errors.Is(err, fault.Unwritable) || !strings.Contains(err.Error(), "the data folder cannot be written to; let the program's user own it") {
		t.Error(err)
	}
	if _, err := db.Hold(cfg.Folder); !errors.Is(err, fault.Unwritable) || !strings.Contains(err.Error(), "let the program's user own it") {
		t.Error(err)
	}
}

func TestASecondProcessOnTheSameFolderIsToldToStop(t *testing.T) {
	folder := t.TempDir()
	first := webtest.Start(t, "holder", folder)
	if line, _ := first.Line(); line != "held" {
		t.Fatalf("the first one said %q", line)
	}
	if _, err := db.Hold(folder); !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "another copy of Waymark serves the data folder") {
		t.Error(err)
	}
	first.Kill()
	release, err := db.Hold(folder)
	if err != nil {
		t.Fatalf("after the first one was killed: %v", err)
	}
	release()
}

// Two programs on one database, such as a server and `waymark backup`: neither disturbs the other.
func TestASecondProgramOnTheSameDatabaseWaitsForItsTurn(t *testing.T) {
	cfg := webtest.SQLite(t, time.Now)
	d := webtest.OpenDB(t, cfg, notes)
	other := webtest.OpenDB(t, cfg)
	done := make(chan error)
	go func() {
		var err error
		for n := 0; n < 50 && err == nil; n++ {
			err = add(other, fmt.Sprintf("other-%d", n), n, "x")
		}
		done <- err
	}()
	for n := range 50 {
		if err := add(d, fmt.Sprintf("one-%d", n), n, "x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-done; err != nil || count(t, d) != 100 {
		t.Errorf("%v, %d rows", err, count(t, d))
	}
}

func TestADamagedFileIsOneSentenceAndIsLeftAsItIs(t *testing.T) {
	for where, damage := range map[string]func(raw []byte) []byte{
		"the first page":    func(raw []byte) []byte { raw[100] ^= 1; return raw },
		"every page":        func(raw []byte) []byte { return bytes.Repeat([]byte("damaged "), len(raw)/8) },
		"a page of a table": func(raw []byte) []byte { binary.NativeEndian.PutUint64(raw[len(raw)-2000:], 1); return raw },
	} {
		cfg := webtest.SQLite(t, time.Now)
		d := webtest.OpenDB(t, cfg, notes)
		for n := range 30 {
			if err := add(d, fmt.Sprint(n), n, large); err != nil {
				t.Fatal(err)
			}
		}
		copied := cfg
		copied.Folder = t.TempDir()
		if err := d.Close(); err != nil { // so that all of it is in the one file
			t.Fatal(err)
		}
		raw, err := os.ReadFile(cfg.Path())
		if err != nil {
			t.Fatal(err)
		}
		raw = damage(raw)
		if err := os.WriteFile(copied.Path(), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		err = func() error {
			d, err := db.Open(copied)
			if err != nil {
				return err
			}
			defer d.Close()
			return d.Read(ctx, "", func(tx *db.Tx) error {
				_, err := db.All(tx, db.Of[[]byte], `select body from note order by id`)
				return err
			})
		}()
		if !errors.Is(err, fault.Unwritable) || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", where, err)
		}
		if now, err := os.ReadFile(copied.Path()); err != nil || !bytes.Equal(now, raw) {
			t.Errorf("%s: looking at a damaged database changed it (%v)", where, err)
		}
	}
}

func TestAPostgresThatSaysSavedTooEarlyIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("PostgreSQL is not asked by `make quick`; `make test` asks it")
	}
	cfg := webtest.Postgres(t, time.Now)
	cfg.URL += "&options=-c%20synchronous_commit%3Doff"
	if _, err := db.Open(cfg); !errors.Is(err, fault.Unwritable) || !strings.Contains(err.Error(), "set synchronous_commit = on") {
		t.Error(err)
	}
}

func TestADatabaseThatIsNotThereIsOneClearSentence(t *testing.T) {
	for url, want := range map[string]string{
		"postgres://waymark@/none?host=/nowhere": "the database cannot be reached",
		"postgres://h:1:2/":                      "not one of PostgreSQL",
	} {
		if _, err := db.Open(db.Config{URL: url, Name: "waymark", Now: time.Now}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", url, err)
		}
	}
}
