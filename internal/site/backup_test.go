package site_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"waymark/internal/audit"
	"waymark/internal/backup"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/seal"
	"waymark/internal/site"
	"waymark/internal/webtest"
)

// plantedName stands in every case that these tests open, and must be readable nowhere.
const plantedName = "Tesfalem-Ohenhen"

// onBothPrivate runs a test on a new copy in SQLite, and on one in PostgreSQL.
func onBothPrivate(t *testing.T, test func(*testing.T, site.PrivateConfig)) {
	t.Run("sqlite", func(t *testing.T) { test(t, privateConfig(t)) })
	if !testing.Short() {
		t.Run("postgres", func(t *testing.T) {
			cfg := privateConfig(t)
			cfg.Database, cfg.KeysDatabase = webtest.Postgres(t, time.Now).URL, webtest.Postgres(t, time.Now).URL
			test(t, cfg)
		})
	}
}

func openPrivate(t *testing.T, cfg site.PrivateConfig) *site.Private {
	t.Helper()
	p, err := site.OpenPrivate(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// openCase makes a case with its key, its sealed headline and its trace.
func openCase(t *testing.T, p *site.Private) (id string) {
	t.Helper()
	ctx := context.Background()
	id = db.NewID(time.Now())
	key, err := p.Keys.Make(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	headline, err := key.Seal(seal.Label{Field: "casefile.headline", Row: id, Version: 1}, []byte(`{"call":"`+plantedName+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	err = p.DB.Write(ctx, "p1", func(tx *db.Tx) error {
		_, err := tx.Exec(`insert into casefile (id, ref, team, owner, state, opened_at, opened_by, once, headline_version, headline)
			values ($1, $2, 't1', 'p1', 'open', $3, 'p1', $4, 1, $5)`, id, id[18:], db.Stamp(tx.Now), id, headline)
		if err != nil {
			return err
		}
		return audit.Append(tx, audit.Entry{Act: audit.CaseOpened, Case: id})
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// attach adds a file to a case, and gives its path.
func attach(t *testing.T, p *site.Private, caseID string) (path string) {
	t.Helper()
	ctx := context.Background()
	key, err := p.Keys.Case(ctx, caseID)
	if err != nil {
		t.Fatal(err)
	}
	id := db.NewID(time.Now())
	body, err := key.Seal(seal.Label{Field: "attachment.body", Row: id, Version: 1}, []byte(`{"name":"`+plantedName+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(p.Config.Data, site.FilesFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(folder, id)
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := key.SealStream(seal.Label{Field: "attachment.file", Row: id, Version: 1}, file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Write(bytes.Repeat([]byte(plantedName), 1000))
	if err = errors.Join(err, w.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	err = p.DB.Write(ctx, "p1", func(tx *db.Tx) error {
		_, err := tx.Exec(`insert into attachment (id, casefile, author, added_at, once, kind, size, state, scan, body)
			values ($1, $2, 'p1', $3, $1, 'jpeg', 1, 'ready', 'none', $4)`, id, caseID, db.Stamp(tx.Now), body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAttachmentsComeBackAndOneThatIsGoneIsFound(t *testing.T) {
	onBothPrivate(t, func(t *testing.T, cfg site.PrivateConfig) {
		ctx := context.Background()
		p := openPrivate(t, cfg)
		file := attach(t, p, openCase(t, p))
		folder := t.TempDir()
		made, err := p.BackUp(ctx, backup.Target{Records: filepath.Join(folder, "a.records"), Keys: filepath.Join(folder, "a.keys")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		report, there, err := restoreOf(t, cfg, made)
		if err != nil || report.Files != 1 || report.Unsealed != 3 {
			t.Errorf("%v %+v", err, report)
		}
		was, err := os.ReadFile(file)
		is, err2 := os.ReadFile(filepath.Join(there.Data, site.FilesFolder, filepath.Base(file)))
		if err := errors.Join(err, err2); err != nil || !bytes.Equal(was, is) {
			t.Errorf("the attachment came back otherwise (%v)", err)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		made, err = p.BackUp(ctx, backup.Target{Records: filepath.Join(folder, "b.records"), Keys: filepath.Join(folder, "b.keys")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := restoreOf(t, cfg, made); err == nil || !strings.Contains(err.Error(), filepath.Base(file)) {
			t.Errorf("a backup without an attachment that a case names counts as good: %v", err)
		}
	})
}

// restoreOf restores a backup of a copy into a new place.
func restoreOf(t *testing.T, cfg site.PrivateConfig, made backup.Made) (backup.Report, site.PrivateConfig, error) {
	t.Helper()
	there := cfg
	there.Data = filepath.Join(t.TempDir(), "again")
	if cfg.Database != "" {
		there.Database, there.KeysDatabase = webtest.Postgres(t, time.Now).URL, webtest.Postgres(t, time.Now).URL
	}
	r := site.Restorer(there.Data, "test")
	r.Records, r.Keys, r.Master, r.Database, r.KeysDatabase = made.Records, made.Keys, cfg.Master, there.Database, there.KeysDatabase
	report, err := r.Run(context.Background())
	return report, there, err
}

func TestACopyIsRestoredElsewhereAndGoesOn(t *testing.T) {
	onBothPrivate(t, func(t *testing.T, cfg site.PrivateConfig) {
		ctx := context.Background()
		p := openPrivate(t, cfg)
		for range 7 {
			openCase(t, p)
		}
		if _, err := p.Log.Sequence(ctx); err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir()
		made, err := p.BackUp(ctx, backup.Target{Records: filepath.Join(folder, "a.records"), Keys: filepath.Join(folder, "a.keys")}, []string{"demo@1"})
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{made.Records, made.Keys} {
			if raw, err := os.ReadFile(file); err != nil || bytes.Contains(raw, []byte(plantedName)) || bytes.Contains(raw, []byte("case.opened")) {
				t.Errorf("%s can be read by anybody (%v)", file, err)
			}
		}
		report, there, err := restoreOf(t, cfg, made)
		if err != nil || report.Cases != 7 || report.Opened != 7 || !strings.HasPrefix(report.Log, "7 entries") {
			t.Fatalf("%v %+v", err, report)
		}
		again := openPrivate(t, there)
		openCase(t, again)
		if n, err := again.Keys.Check(ctx); err != nil || n.Cases != 8 {
			t.Errorf("%+v %v", n, err)
		}
	})
}

func TestServeBacksUpBeforeItChangesTheDatabase(t *testing.T) {
	onBothPrivate(t, func(t *testing.T, cfg site.PrivateConfig) {
		ctx := context.Background()
		p := openPrivate(t, cfg)
		id := openCase(t, p)
		// As if this program's newest step were still to be taken.
		forget(t, cfg, p)
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		looking := cfg
		looking.BeforeChange = site.NoChange
		if _, err := site.OpenPrivate(ctx, looking); !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "start `waymark serve` once, which backs it up and changes it") {
			t.Errorf("a command that only looks: %v", err)
		}
		cfg.BeforeChange = site.BackUpBeforeChange
		again := openPrivate(t, cfg)
		found, err := filepath.Glob(filepath.Join(cfg.Data, "before-change", "*.records"))
		if err != nil || len(found) != 1 || !strings.Contains(found[0], "-before-0075_backup") {
			t.Fatalf("%v %v", found, err)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
		report, _, err := restoreOf(t, cfg, backup.Made{Records: found[0], Keys: strings.TrimSuffix(found[0], ".records") + ".keys"})
		if err != nil || report.Cases != 1 || report.Opened != 1 || slices.Contains(report.Manifest.Steps, "0075_backup") {
			t.Errorf("%v %+v, case %s", err, report, id)
		}
	})
}

// forget takes the step of the backups back, as a database of the release before has it.
func forget(t *testing.T, cfg site.PrivateConfig, p *site.Private) {
	t.Helper()
	err := p.DB.Write(context.Background(), "", func(tx *db.Tx) error {
		for _, statement := range []string{`drop table backup_made`, `delete from schema_step where version = 75`, `delete from goose_db_version where version_id = 75`} {
			if _, err := tx.Exec(statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestABackupThatCannotBeMadeLeavesTheDatabaseAsItIs(t *testing.T) {
	cfg := privateConfig(t)
	p := openPrivate(t, cfg)
	openCase(t, p)
	forget(t, cfg, p)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cfg.Data, "before-change"), nil, 0o600); err != nil { // where the folder should be
		t.Fatal(err)
	}
	cfg.BeforeChange = site.BackUpBeforeChange
	if _, err := site.OpenPrivate(context.Background(), cfg); err == nil || !strings.Contains(err.Error(), "the database was not changed") {
		t.Error(err)
	}
	if err := os.Remove(filepath.Join(cfg.Data, "before-change")); err != nil {
		t.Fatal(err)
	}
	cfg.BeforeChange = func(_ context.Context, _ *site.Private, pending []string) error {
		if fmt.Sprint(pending) != "[0075_backup]" {
			t.Errorf("%v are still to be taken", pending)
		}
		return nil
	}
	openPrivate(t, cfg)
}

func TestADatabaseThatANewerProgramChangedIsRefusedByName(t *testing.T) {
	onBothPrivate(t, func(t *testing.T, cfg site.PrivateConfig) {
		p := openPrivate(t, cfg)
		newer := db.Schema{Room: "newer", Files: fstest.MapFS{"schema/0999_newer.sql": {Data: []byte("-- +goose Up\ncreate table newer (id text primary key);\n")}}}
		if err := errors.Join(p.DB.Migrate(context.Background(), "waymark 9", append(site.Schemas(), newer)...), p.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := site.OpenPrivate(context.Background(), cfg); !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "waymark 9 took the step 0999_newer") {
			t.Error(err)
		}
	})
}

// A sealed column that no trial of a backup opens could be lost without anybody seeing it.
func TestEverySealedColumnOfACaseIsOpenedWhenABackupIsTried(t *testing.T) {
	source, err := os.ReadFile("../casework/whole.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../casework/schema/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`(?m)^create table (\w+)`)
	column := regexp.MustCompile(`(?m)^\s+(\w+)\s+bytea`)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parts := table.FindAllStringSubmatchIndex(string(raw), -1)
		for i, at := range parts {
			end := len(raw)
			if i+1 < len(parts) {
				end = parts[i+1][0]
			}
			name := string(raw[at[2]:at[3]])
			for _, c := range column.FindAllStringSubmatch(string(raw[at[0]:end]), -1) {
				if c[1] == "mark" {
					continue // a blind index opens to nothing
				}
				if !regexp.MustCompile(`select [^\x60]*\b` + c[1] + ` from ` + name + `\b`).Match(source) {
					t.Errorf("%s.%s is sealed, but casework.OpenAll does not open it; add its line to sealedPlaces", name, c[1])
				}
			}
		}
	}
}
