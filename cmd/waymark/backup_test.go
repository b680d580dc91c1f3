package main

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/seal"
	"waymark/internal/site"
)

// planted stands in every case of the tests, and must be readable nowhere.
const planted = "Tesfalem-Ohenhen"

// withRecords opens the records of a test's copy. $DATABASE and $KEYS_DATABASE name the databases; without them it is SQLite.
func withRecords(ts *testscript.TestScript, data, key string, f func(context.Context, *site.Private)) {
	ctx := context.Background()
	data = ts.MkAbs(data)
	ts.Check(os.MkdirAll(data, 0o700))
	master, err := keys.Source{File: ts.MkAbs(key)}.Read(ctx, data)
	ts.Check(err)
	p, err := site.OpenPrivate(ctx, site.PrivateConfig{
		Data: data, Database: ts.Getenv("WAYMARK_DATABASE"), KeysDatabase: ts.Getenv("WAYMARK_KEYS_DATABASE"), Master: master, Program: "test", Now: time.Now,
	})
	ts.Check(err)
	defer p.Close()
	f(ctx, p)
}

// openedRecords opens so many cases, each with a sealed headline and an entry in the log: records DATA MASTER-KEY-FILE NUMBER
func openedRecords(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	withRecords(ts, args[0], args[1], func(ctx context.Context, p *site.Private) {
		for range n {
			id := db.NewID(time.Now())
			key, err := p.Keys.Make(ctx, id)
			ts.Check(err)
			headline, err := key.Seal(seal.Label{Field: "casefile.headline", Row: id, Version: 1}, []byte(`{"call":"`+planted+`"}`))
			ts.Check(err)
			ts.Check(p.DB.Write(ctx, "p1", func(tx *db.Tx) error {
				_, err := tx.Exec(`insert into casefile (id, ref, team, owner, state, opened_at, opened_by, once, headline_version, headline)
					values ($1, $2, 't1', 'p1', 'open', $3, 'p1', $4, 1, $5)`, id, id[18:], db.Stamp(tx.Now), id, headline)
				if err != nil {
					return err
				}
				return audit.Append(tx, audit.Entry{Act: audit.CaseOpened, Case: id})
			}))
		}
		_, err := p.Log.Sequence(ctx)
		ts.Check(err)
		ts.Check(p.Log.Release(ctx))
	})
}

// lose takes the key of the newest case out of the key store, as a disk might: lose DATA MASTER-KEY-FILE
func lose(ts *testscript.TestScript, neg bool, args []string) {
	withRecords(ts, args[0], args[1], func(ctx context.Context, p *site.Private) {
		ts.Check(p.KeysDB.Write(ctx, "", func(tx *db.Tx) error {
			id, err := db.One(tx, db.Of[string], `select id from wrapped_key where kind = 'case' order by id desc limit 1`)
			if err != nil {
				return err
			}
			_, err = tx.Exec(`delete from wrapped_key where id = $1`, id)
			return err
		}))
	})
}

// nowhere looks for the planted name in every file below the working folder: nowhere
func nowhere(ts *testscript.TestScript, neg bool, args []string) {
	forbidden := []string{
		planted, hex.EncodeToString([]byte(planted)), base64.StdEncoding.EncodeToString([]byte(planted))[:20], "SQLite format 3", "hexkey", "textkey", "waymark-key-1-",
	}
	ts.Check(filepath.WalkDir(ts.MkAbs("."), func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || strings.HasSuffix(path, "master.key") || strings.HasSuffix(path, ".identity") || strings.HasSuffix(path, "other.key") {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, words := range forbidden {
			if strings.Contains(string(raw), words) {
				ts.Fatalf("%s holds %q", path, words)
			}
		}
		return err
	}))
}

// cut makes a shorter copy of a file: cut FILE SHORTER
func cut(ts *testscript.TestScript, neg bool, args []string) {
	raw, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), raw[:len(raw)*2/3], 0o600))
}

// alter changes one bit in the middle of a copy of a file: alter FILE OTHER
func alter(ts *testscript.TestScript, neg bool, args []string) {
	raw, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	raw[len(raw)/2] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), raw, 0o600))
}

// background runs `waymark ARGS` in the background and keeps what it says on both outputs: background LOG-FILE ARGS…
func background(ts *testscript.TestScript, neg bool, args []string) {
	log, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, "waymark", args[1:]...)
	command.Dir = ts.MkAbs(".")
	command.Env = append(os.Environ(), "PATH="+ts.Getenv("PATH"), "WAYMARK_MASTER_KEY_FILE="+ts.Getenv("WAYMARK_MASTER_KEY_FILE"),
		"WAYMARK_DATABASE="+ts.Getenv("WAYMARK_DATABASE"), "WAYMARK_KEYS_DATABASE="+ts.Getenv("WAYMARK_KEYS_DATABASE"))
	command.Stdout, command.Stderr = log, log
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	ts.Check(command.Start())
	ts.Defer(func() { cancel(); command.Wait(); log.Close() })
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if said, err := os.ReadFile(ts.MkAbs(args[0])); err == nil && strings.Contains(string(said), "Waymark answers on") {
			return
		}
	}
	ts.Fatalf("waymark %v did not start: %s", args[1:], ts.ReadFile(args[0]))
}
