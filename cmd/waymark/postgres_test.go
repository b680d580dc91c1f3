package main_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/seal"
	"waymark/internal/site"
	"waymark/internal/webtest"
)

// What testdata/backup.txtar and doctor.txtar try on SQLite, tried on PostgreSQL: the server is webtest's.
func TestBackupRestoreAndDoctorOnPostgres(t *testing.T) {
	if testing.Short() {
		t.Skip("PostgreSQL is not asked by `make quick`; `make test` asks it")
	}
	work := t.TempDir()
	at := map[string]string{"WAYMARK_DATABASE": webtest.Postgres(t, time.Now).URL, "WAYMARK_KEYS_DATABASE": webtest.Postgres(t, time.Now).URL}
	run := func(wanted int, args ...string) string {
		t.Helper()
		command := exec.Command("waymark", args...)
		command.Dir = work
		command.Env = append(os.Environ(), "WAYMARK_MASTER_KEY_FILE="+filepath.Join(work, "master.key"))
		for name, value := range at {
			command.Env = append(command.Env, name+"="+value)
		}
		said, err := command.CombinedOutput()
		if code := command.ProcessState.ExitCode(); code != wanted {
			t.Fatalf("waymark %s ends with %d, not %d (%v):\n%s", args[0], code, wanted, err, said)
		}
		if strings.Contains(string(said), "postgres://") {
			t.Errorf("waymark %s shows the address of the database:\n%s", args[0], said)
		}
		return string(said)
	}
	run(0, "key", "new", "--out", "master.key")
	openRecords(t, work, at, 6)
	before := databases(t)

	run(0, "backup", "--to", "night.records", "--keys-to", ".")
	said := run(0, "restore", "--verify", "--from", "night.records", "--sample", "0")
	for _, words := range []string{"6 of 6 cases were opened", "The log verifies: 6 entries", "The day of this trial is written down"} {
		if !strings.Contains(said, words) {
			t.Errorf("%q was not said:\n%s", words, said)
		}
	}
	if after := databases(t); after != before {
		t.Errorf("there were %d scratch databases before the trial, and %d are there after it", before, after)
	}
	if said := run(1, "doctor"); !strings.Contains(said, "sound (postgres, keys in postgres)") || !strings.Contains(said, "well    backup restored on trial") {
		t.Error(said)
	}

	// The databases that are named hold tables: nothing is restored over them.
	if said := run(1, "restore", "--from", "night.records", "--into", "again"); !strings.Contains(said, "nothing is restored over any: name an empty one") {
		t.Error(said)
	}
	at["WAYMARK_DATABASE"], at["WAYMARK_KEYS_DATABASE"] = webtest.Postgres(t, time.Now).URL, webtest.Postgres(t, time.Now).URL
	run(0, "restore", "--from", "night.records", "--into", "again")
	if said := run(0, "key", "check", "--data", "again"); !strings.Contains(said, "It opens every key: 6 of cases") {
		t.Error(said)
	}
}

// openRecords opens so many cases, each with a sealed headline and an entry in the log.
func openRecords(t *testing.T, work string, at map[string]string, n int) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	data := filepath.Join(work, "waymark-data")
	must(os.MkdirAll(data, 0o700))
	master, err := keys.Source{File: filepath.Join(work, "master.key")}.Read(ctx, data)
	must(err)
	p, err := site.OpenPrivate(ctx, site.PrivateConfig{Data: data, Database: at["WAYMARK_DATABASE"], KeysDatabase: at["WAYMARK_KEYS_DATABASE"], Master: master, Program: "test", Now: time.Now})
	must(err)
	for range n {
		id := db.NewID(time.Now())
		key, err := p.Keys.Make(ctx, id)
		must(err)
		headline, err := key.Seal(seal.Label{Field: "casefile.headline", Row: id, Version: 1}, []byte(`{}`))
		must(err)
		must(p.DB.Write(ctx, "p1", func(tx *db.Tx) error {
			_, err := tx.Exec(`insert into casefile (id, ref, team, owner, state, opened_at, opened_by, once, headline_version, headline)
				values ($1, $2, 't1', 'p1', 'open', $3, 'p1', $4, 1, $5)`, id, id[16:], db.Stamp(tx.Now), id, headline)
			if err != nil {
				return err
			}
			return audit.Append(tx, audit.Entry{Act: audit.CaseOpened, Case: id})
		}))
	}
	_, err = p.Log.Sequence(ctx)
	must(err)
	must(p.Log.Release(ctx))
	must(p.Close())
}

// databases counts the scratch databases of the server.
func databases(t *testing.T) (n int64) {
	t.Helper()
	d := webtest.OpenDB(t, webtest.Postgres(t, time.Now))
	err := d.Read(context.Background(), "", func(tx *db.Tx) (err error) {
		n, err = db.One(tx, db.Of[int64], `select count(datname) from pg_database where datname like 'waymark_scratch_%'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
