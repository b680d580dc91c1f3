package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"filippo.io/age"

	"waymark/internal/audit"
	"waymark/internal/backup"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/keys"
	"waymark/internal/seal"
	"waymark/internal/webtest"
)

var ctx = context.Background()

// planted is a name that must be nowhere in a backup. The code beside it is not sealed in the database.
const (
	planted     = "Tesfalem-Ohenhen"
	plantedCode = "team-quillfeather"
)

var records = db.Schema{Room: "records", Files: fstest.MapFS{"schema/0030_record.sql": {Data: []byte(`
-- +goose Up
create table record (id text primary key, team text not null, written_at text not null, body bytea not null);
`)}}}

// house is a copy with its records and its keys, on one of the two databases.
type house struct {
	source         backup.Source
	records, keysD db.Config
	spare          []string // empty PostgreSQL databases: a restore that fails leaves them empty
	t              *testing.T
}

func onBoth(t *testing.T, test func(*testing.T, *house)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newHouse(t, webtest.SQLite(t, time.Now), webtest.SQLite(t, time.Now))) })
	if !testing.Short() {
		t.Run("postgres", func(t *testing.T) {
			test(t, newHouse(t, webtest.Postgres(t, time.Now), webtest.Postgres(t, time.Now)))
		})
	}
}

func newHouse(t *testing.T, recordsAt, keysAt db.Config) *house {
	h := &house{t: t, records: recordsAt, keysD: keysAt}
	h.source = backup.Source{
		DB: webtest.OpenDB(t, recordsAt, audit.Schema, records, backup.Schema), KeysDB: webtest.OpenDB(t, keysAt, keys.Schema),
		Master: seal.NewMaster(), Files: t.TempDir(), Packs: []string{"demo@1"}, Program: "test", Now: time.Now(), Rooms: rooms(),
	}
	var err error
	if h.source.Keys, err = keys.Open(ctx, h.source.KeysDB, h.source.Master); err != nil {
		t.Fatal(err)
	}
	for n := range 30 {
		h.add(fmt.Sprintf("case-%02d", n))
	}
	return h
}

func label(id string) seal.Label { return seal.Label{Field: "record.body", Row: id} }

// add opens a case: its key, a sealed row, and a sealed file.
func (h *house) add(id string) {
	h.t.Helper()
	key, err := h.source.Keys.Make(ctx, id)
	if err != nil {
		h.t.Fatal(err)
	}
	body, err := key.Seal(label(id), []byte(planted))
	if err != nil {
		h.t.Fatal(err)
	}
	err = h.source.DB.Write(ctx, "p1", func(tx *db.Tx) error {
		_, err := tx.Exec(`insert into record (id, team, written_at, body) values ($1, $2, $3, $4)`, id, plantedCode, db.Stamp(tx.Now), body)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(h.source.Files, id), body, 0o600); err != nil {
		h.t.Fatal(err)
	}
}

// rooms stands for the rooms above.
func rooms() backup.Rooms {
	return backup.Rooms{
		Schemas: []db.Schema{audit.Schema, records, backup.Schema},
		Newest: func(tx *db.Tx) (time.Time, error) {
			at, err := db.One(tx, db.Of[string], `select max(written_at) from record`)
			if err != nil {
				return time.Time{}, err
			}
			return db.ParseStamp(at)
		},
		Checkpoint: func(*db.Tx) (string, error) { return "a signed note", nil },
		Cases: func(tx *db.Tx) ([]string, error) {
			return db.All(tx, db.Of[string], `select id from record order by id`)
		},
		Open: func(ctx context.Context, d *db.DB, k *keys.Store, _, id string) (int, error) {
			key, err := k.Case(ctx, id)
			if err != nil {
				return 0, err
			}
			return 1, d.Read(ctx, "", func(tx *db.Tx) error {
				body, err := db.One(tx, db.Of[[]byte], `select body from record where id = $1`, id)
				if err != nil {
					return err
				}
				_, err = key.Open(label(id), body)
				return err
			})
		},
		VerifyLog: func(context.Context, *db.DB, *keys.Store) (string, error) { return "the log verifies", nil },
	}
}

// backUp makes a backup in a folder of its own.
func (h *house) backUp(to ...age.Recipient) backup.Made {
	h.t.Helper()
	folder := h.t.TempDir()
	made, err := backup.Make(ctx, h.source, backup.Target{Records: filepath.Join(folder, "a.records"), Keys: filepath.Join(folder, "a.keys"), Recipients: to})
	if err != nil {
		h.t.Fatal(err)
	}
	return made
}

// restore says how a backup of this house is restored into an empty place.
func (h *house) restore(made backup.Made) backup.Restore {
	into := filepath.Join(h.t.TempDir(), "again")
	r := backup.Restore{
		Records: made.Records, Keys: made.Keys, Master: h.source.Master, Into: into, Files: filepath.Join(into, "files"),
		Program: "test", Now: time.Now, Rooms: rooms(), Sample: 5,
	}
	if h.records.URL != "" {
		if h.spare == nil {
			h.spare = []string{webtest.Postgres(h.t, time.Now).URL, webtest.Postgres(h.t, time.Now).URL}
		}
		r.Database, r.KeysDatabase = h.spare[0], h.spare[1]
	}
	return r
}

func TestABackupComesBackWholeAndSaysHowOldItIs(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		identity, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		made := h.backUp(identity.Recipient())
		r := h.restore(made)
		if _, err := r.Run(ctx); !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "is encrypted; name the file with your identity") {
			t.Errorf("without an identity: %v", err)
		}
		other, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		r.Identities = []age.Identity{other}
		if _, err := r.Run(ctx); !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "not encrypted to this identity") {
			t.Errorf("with another identity: %v", err)
		}
		r.Identities = []age.Identity{identity}
		steps := map[string]bool{}
		r.Progress = func(step string, done, total int64) { steps[step] = true }
		report, err := r.Run(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if report.Cases != 30 || report.Opened != 5 || report.Files != 30 || report.Unsealed != 5 || report.Log == "" || len(report.Missing) > 0 {
			t.Errorf("%+v", report)
		}
		if age := time.Since(report.Newest); age < 0 || age > time.Minute || report.Rows != 31 || report.Manifest.Packs[0] != "demo@1" || report.Manifest.Checkpoint != "a signed note" {
			t.Errorf("%+v", report)
		}
		if !steps["records"] || !steps["keys"] || !steps["files"] || !steps["cases"] {
			t.Errorf("progress was told of %v only", steps)
		}
		body, err := os.ReadFile(filepath.Join(r.Files, "case-07"))
		was, err2 := os.ReadFile(filepath.Join(h.source.Files, "case-07"))
		if err := errors.Join(err, err2); err != nil || !bytes.Equal(body, was) {
			t.Errorf("a file came back otherwise (%v)", err)
		}
		if _, err := r.Run(ctx); !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "is not empty") {
			t.Errorf("a second restore into the same folder: %v", err)
		}
	})
}

func TestABackupIsWrittenDownWithTheDayItWasVerified(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		d := h.source.DB
		ask := func(f func(*db.Tx) (time.Time, error)) (at time.Time) {
			t.Helper()
			if err := d.Read(ctx, "", func(tx *db.Tx) (err error) { at, err = f(tx); return err }); err != nil {
				t.Fatal(err)
			}
			return at
		}
		if !ask(backup.LastMade).IsZero() || !ask(backup.LastVerified).IsZero() {
			t.Error("a backup is known before there was one")
		}
		made := h.backUp()
		if ask(backup.LastMade).IsZero() || !ask(backup.LastVerified).IsZero() {
			t.Error("what was made is not known, or counts as verified")
		}
		if err := d.Write(ctx, "", func(tx *db.Tx) error { return backup.Verified(tx, made.Manifest.ID) }); err != nil || ask(backup.LastVerified).IsZero() {
			t.Error(err)
		}
		if err := d.Write(ctx, "", func(tx *db.Tx) error { return backup.Verified(tx, "another") }); !errors.Is(err, fault.NotFound) {
			t.Error(err)
		}
	})
}

func TestNobodyWithoutTheMasterKeyReadsABackup(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		made := h.backUp()
		for _, file := range []string{made.Records, made.Keys} {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, forbidden := range []string{planted, plantedCode, "SQLite format", "PGDMP", "create table"} {
				if bytes.Contains(raw, []byte(forbidden)) {
					t.Errorf("%s holds %q", filepath.Base(file), forbidden)
				}
			}
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("others can read %s (%v)", filepath.Base(file), err)
			}
		}
		r := h.restore(made)
		r.Master = seal.NewMaster()
		if _, err := r.Run(ctx); !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "is foreign: it was made under the master key "+h.source.Master.Fingerprint()) {
			t.Error(err)
		}
	})
}

func emptyLike(t *testing.T, cfg db.Config) db.Config {
	if cfg.URL == "" {
		return webtest.SQLite(t, time.Now)
	}
	return webtest.Postgres(t, time.Now)
}

func TestCasesWithoutAKeyAreNamed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		err := h.source.KeysDB.Write(ctx, "", func(tx *db.Tx) error {
			_, err := tx.Exec(`delete from wrapped_key where id = 'case-03'`)
			return err
		})
		if err := errors.Join(err, h.source.Keys.Destroy(ctx, "case-05")); err != nil {
			t.Fatal(err)
		}
		report, err := h.restore(h.backUp()).Run(ctx)
		if err != nil || fmt.Sprint(report.Missing) != "[case-03]" || fmt.Sprint(report.Destroyed) != "[case-05]" || report.Cases != 30 {
			t.Errorf("%v %+v", err, report)
		}
	})
}

func TestABackupIsMadeWhileOthersWriteAndEveryCaseInItHasItsKey(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		stop, done := make(chan bool), make(chan bool)
		go func() {
			defer close(done)
			for n := 100; ; n++ {
				select {
				case <-stop:
					return
				default:
					h.add(fmt.Sprintf("case-%d", n))
				}
			}
		}()
		made := h.backUp()
		close(stop)
		<-done
		r := h.restore(made)
		r.Sample = 0
		report, err := r.Run(ctx)
		if err != nil || len(report.Missing) > 0 || report.Opened != report.Cases || report.Cases < 30 {
			t.Errorf("%v %+v", err, report)
		}
	})
}

func TestABackupIsNeverWrittenOverAndLeavesNothingHalf(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		made := h.backUp()
		again := backup.Target{Records: made.Records, Keys: filepath.Join(t.TempDir(), "b.keys")}
		if _, err := backup.Make(ctx, h.source, again); !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "a backup is never written over") {
			t.Error(err)
		}
		folder := t.TempDir()
		none := backup.Target{Records: filepath.Join(folder, "c.records"), Keys: filepath.Join(folder, "none", "c.keys")}
		if _, err := backup.Make(ctx, h.source, none); !errors.Is(err, fault.Unwritable) || !strings.Contains(err.Error(), "there is no folder") {
			t.Error(err)
		}
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			t.Errorf("%v was left behind (%v)", left, err)
		}
		stopped, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := backup.Make(stopped, h.source, backup.Target{Records: filepath.Join(folder, "d.records"), Keys: filepath.Join(folder, "d.keys")}); err == nil {
			t.Error("a backup that was stopped was made all the same")
		}
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			t.Errorf("%v was left behind (%v)", left, err)
		}
	})
}
