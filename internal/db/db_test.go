package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/webtest"
)

var notes = db.Schema{Room: "notes", Files: fstest.MapFS{"schema/0001_note.sql": {Data: []byte(`
-- +goose Up
create table note (id text primary key, n bigint not null, body bytea not null);
`)}}}

var later = db.Schema{Room: "later", Files: fstest.MapFS{"schema/0007_kind.sql": {Data: []byte(`
-- +goose Up
alter table note add column kind text not null default 'plain';
`)}}}

var ctx = context.Background()

func add(d *db.DB, id string, n int, body string) error {
	return d.Write(ctx, "p1", func(tx *db.Tx) error {
		_, err := tx.Exec(`insert into note (id, n, body) values ($1, $2, $3)`, id, n, []byte(body))
		return err
	})
}

func count(t *testing.T, d *db.DB) int64 {
	t.Helper()
	var n int64
	err := d.Read(ctx, "", func(tx *db.Tx) (err error) {
		n, err = db.One(tx, db.Of[int64], `select count(id) from note`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhatWasWrittenIsReadAndWhatFailedIsNot(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		if err := add(d, "a", 1, "äöü ንግስት"); err != nil {
			t.Fatal(err)
		}
		broken := errors.New("broken")
		after := false
		err := d.Write(ctx, "p1", func(tx *db.Tx) error {
			tx.Later(func() { after = true })
			if _, err := tx.Exec(`insert into note (id, n, body) values ($1, $2, $3)`, "b", 2, []byte("x")); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) || after || count(t, d) != 1 {
			t.Errorf("%v, after %v, %d rows", err, after, count(t, d))
		}
		err = d.Read(ctx, "", func(tx *db.Tx) error {
			body, err := db.One(tx, db.Of[[]byte], `select body from note where n = $2 and id = $1`, "a", 1)
			if err != nil || string(body) != "äöü ንግስት" {
				t.Errorf("%q %v", body, err)
			}
			if _, err := db.One(tx, db.Of[[]byte], `select body from note where id = $1`, "z"); !errors.Is(err, fault.NotFound) {
				t.Errorf("a row that is not there: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if err := d.Read(ctx, "", func(tx *db.Tx) error { _, err := tx.Exec(`delete from note`); return err }); err == nil || count(t, d) != 1 {
			t.Error("a reading transaction changed something")
		}
	}, notes)
}

func TestAPanicLeavesNothingBehindAndTheNextOneGoesOn(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		func() {
			defer func() { recover() }()
			d.Write(ctx, "", func(tx *db.Tx) error {
				tx.Exec(`insert into note (id, n, body) values ($1, $2, $3)`, "a", 1, []byte("x"))
				panic("!")
			})
		}()
		if err := add(d, "b", 1, "x"); err != nil || count(t, d) != 1 {
			t.Errorf("%v, %d rows", err, count(t, d))
		}
	}, notes)
}

// Two who read the same number and both add one must not both win silently.
func TestManyWritersLoseNothing(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		if err := add(d, "sum", 0, ""); err != nil {
			t.Fatal(err)
		}
		const writers, each = 4, 25
		done := make([]int, writers)
		var wait sync.WaitGroup
		for w := range writers {
			wait.Go(func() {
				for done[w] < each {
					err := d.Write(ctx, "", func(tx *db.Tx) error {
						n, err := db.One(tx, db.Of[int64], `select n from note where id = $1`, "sum")
						if err != nil {
							return err
						}
						_, err = tx.Exec(`update note set n = $1 where id = $2`, n+1, "sum")
						return err
					})
					if err == nil {
						done[w]++
					}
				}
			})
		}
		wait.Wait()
		d.Read(ctx, "", func(tx *db.Tx) error {
			if n, err := db.One(tx, db.Of[int64], `select n from note where id = $1`, "sum"); err != nil || n != writers*each {
				t.Errorf("%d of %d counted, %v", n, writers*each, err)
			}
			return nil
		})
	}, notes)
}

func TestAClockThatJumpsBackNeverMakesLaterThingsLookEarlier(t *testing.T) {
	at := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	webtest.OnBothAt(t, func() time.Time { return at }, func(t *testing.T, d *db.DB) {
		moment := func() (m time.Time) { d.Read(ctx, "", func(tx *db.Tx) error { m = tx.Now; return nil }); return m }
		first := moment()
		at = at.Add(-3 * time.Hour)
		if second := moment(); second.Before(first) || d.Behind() != 3*time.Hour {
			t.Errorf("%v after %v, behind by %v", second, first, d.Behind())
		}
		d.NotBefore(first.Add(time.Hour))
		if moment() != first.Add(time.Hour) {
			t.Error("the last moment in the log was not kept")
		}
		at = first
	})
}

func TestAStatementThatDiffersBetweenTheDatabasesIsRefused(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		for _, bad := range []string{`select * from note`, `select id from note where id ilike $1`, `select now()`, `select id from note for update`,
			`select n::text from note`, `select id from note where id = any($1)`, `select greatest(n, 1) from note`, `select id from note where id = ?`} {
			err := d.Read(ctx, "", func(tx *db.Tx) error { _, err := db.All(tx, db.Of[string], bad, "x"); return err })
			if err == nil || !strings.Contains(err.Error(), "does not mean the same") {
				t.Errorf("%s: %v", bad, err)
			}
		}
		err := d.Read(ctx, "", func(tx *db.Tx) error {
			_, err := db.All(tx, db.Of[string], `select id from note where id = 'now() :: ilike?'`)
			return err
		})
		if err != nil {
			t.Errorf("words between quotes are data: %v", err)
		}
	}, notes)
}

func TestMigrationsRunInOneOrderAndANewerDatabaseIsRefusedByName(t *testing.T) {
	for _, cfg := range configs(t) {
		d := webtest.OpenDB(t, cfg, notes)
		if err := add(d, "a", 1, "kept"); err != nil {
			t.Fatal(err)
		}
		pending, err := d.Pending(ctx, notes, later)
		if err != nil || fmt.Sprint(pending) != "[0007_kind]" {
			t.Errorf("%v %v", pending, err)
		}
		if err := d.Migrate(ctx, "waymark 2", notes, later); err != nil {
			t.Fatal(err)
		}
		if count(t, d) != 1 {
			t.Error("the migration lost a row")
		}
		err = d.Migrate(ctx, "waymark 1", notes)
		if !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "waymark 2 took the step 0007_kind") {
			t.Errorf("an older program began: %v", err)
		}
	}
	twice := db.Schema{Room: "other", Files: fstest.MapFS{"schema/0001_other.sql": {Data: []byte("-- +goose Up\n")}}}
	d := webtest.OpenDB(t, webtest.SQLite(t, time.Now))
	if err := d.Migrate(ctx, "x", notes, twice); err == nil || !strings.Contains(err.Error(), "both have a migration 0001") {
		t.Error(err)
	}
}

func configs(t *testing.T) []db.Config {
	all := []db.Config{webtest.SQLite(t, time.Now)}
	if !testing.Short() {
		all = append(all, webtest.Postgres(t, time.Now))
	}
	return all
}

func TestTheFileShowsNothingAndAnotherKeyOpensNothing(t *testing.T) {
	cfg := webtest.SQLite(t, time.Now)
	d := webtest.OpenDB(t, cfg, notes)
	if err := add(d, "a", 1, "Tesfalem-Ohenhen"); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(cfg.Folder, "*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%v %v", files, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, []byte("Ohenhen")) || bytes.Contains(raw, []byte("SQLite format")) || bytes.Contains(raw, []byte("create table")) {
			t.Errorf("%s can be read without the key", filepath.Base(file))
		}
	}
	cfg.PageKey = bytes.Repeat([]byte{7}, 32)
	if _, err := db.Open(cfg); !errors.Is(err, fault.Unwritable) || !strings.Contains(err.Error(), "another master key") {
		t.Errorf("another key: %v", err)
	}
	if count(t, d) != 1 {
		t.Error("trying another key harmed the database")
	}
}

func TestADatabaseThatSortsByALanguageIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("PostgreSQL is not asked by `make quick`; `make test` asks it")
	}
	// Every server has the locale C; the encoding is what can be made wrong everywhere.
	url := webtest.PostgresURL(t, "--encoding=SQL_ASCII")
	_, err := db.Open(db.Config{URL: url, Name: "waymark", Now: time.Now})
	if !errors.Is(err, fault.Unwritable) || !strings.Contains(err.Error(), "createdb --template=template0 --encoding=UTF8 --locale=C") {
		t.Error(err)
	}
}

func TestAFolderThatCannotBeUsedIsOneClearSentence(t *testing.T) {
	cfg := webtest.SQLite(t, time.Now)
	cfg.Folder = filepath.Join(cfg.Folder, "missing")
	if _, err := db.Open(cfg); err == nil || !strings.Contains(err.Error(), "the data folder cannot be used") {
		t.Error(err)
	}
	release, err := db.Hold(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	release()
	folder := t.TempDir()
	release, err = db.Hold(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Hold(folder); !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "serves the data folder") {
		t.Error(err)
	}
	release()
	if again, err := db.Hold(folder); err != nil {
		t.Error(err)
	} else {
		again()
	}
}

func TestIDsSortByTheMomentInThem(t *testing.T) {
	at := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	earlier, later := db.NewID(at), db.NewID(at.Add(time.Millisecond))
	if earlier >= later || len(earlier) != 26 {
		t.Errorf("%s %s", earlier, later)
	}
	if s := db.Stamp(at); s != "2026-11-24T02:00:00.000Z" {
		t.Error(s)
	}
}
